/** What a scene knows of the room. */

/** What every scene gets; a scene that needs it can rely on it. */
export interface SceneProps {
  /** The rig whose data it shows, for the views `tower:<rig>` and others; null if no rig sends. */
  readonly rig: string | null;
  /** The session that it shows, as that rig recorded it. */
  readonly session: string | null;
  /** Milliseconds since its turn began; server time if it is the only scene. */
  readonly elapsed: number;
}
