/** The words of the overlays, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "overlay.title": "Overlay",
  "overlay.choose": "Overlays for a stream",
  "overlay.choose.detail": "Add one of these addresses as a browser source, 1920 × 1080:",
  "overlay.unknown": "There is no overlay “{name}”.",
  "overlay.list": "Add one of these:",
  "overlay.leader": "leader",
  "overlay.result": "Result",
  "overlay.last": "Last",
  "overlay.best": "Best",
  "overlay.delta": "To best lap",
  "overlay.delta.first": "To first place",
  "overlay.laps-down": "+{count} L",
  "overlay.battle": "Battle for P{position}",
} as const;
