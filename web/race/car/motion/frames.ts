/** The binary frames of the view `car:<rig>`, as docs/protocol.md describes them. */

/** One moment of the car's controls and engine; NaN is not known. */
export interface Moment {
  /** The game's clock, in milliseconds. */
  readonly gameMs: number;
  readonly gear: number;
  readonly isDrsOpen: boolean;
  readonly speedKmh: number;
  readonly rpm: number;
  /** 0 to 100. */
  readonly revLightsPct: number;
  /** A bit for each of the 15 rev lights, 1 is the leftmost; 0 where the game does not say. */
  readonly revLights: number;
  /** The pedals: 0 to 1. */
  readonly throttle: number;
  readonly brake: number;
  readonly clutch: number;
  /** -1 is full left, 1 is full right. */
  readonly steer: number;
}

const VERSION = 1;
const SIZE = 40;
const HEADER = 16;
const DRS_OPEN = 1;

/** The frame in a binary message; null if it belongs to another view, or has another version. */
export function readFrame(data: ArrayBuffer, channel: number | null): Moment | null {
  if (data.byteLength !== SIZE) return null;
  const view = new DataView(data);
  if (view.getUint8(0) !== VERSION || view.getUint16(2, true) !== channel) return null;
  return {
    gameMs: view.getUint32(8, true),
    gear: view.getInt8(HEADER + 1),
    isDrsOpen: (view.getUint16(HEADER + 2, true) & DRS_OPEN) !== 0,
    speedKmh: view.getUint16(HEADER + 4, true),
    rpm: view.getUint16(HEADER + 6, true),
    revLightsPct: view.getUint8(HEADER + 8),
    clutch: view.getUint8(HEADER + 9) / 100,
    revLights: view.getUint16(HEADER + 10, true),
    throttle: view.getFloat32(HEADER + 12, true),
    brake: view.getFloat32(HEADER + 16, true),
    steer: view.getFloat32(HEADER + 20, true),
  };
}
