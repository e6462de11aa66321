/** English: the words of the track map. */
export const en = {
  "map.label": "Track map of {circuit}",
  "map.cars.one": "{count} car",
  "map.cars.other": "{count} cars",
  "map.learning": "The shape of the circuit appears after the first clean lap.",
  "map.no-positions": "No car positions from the game.",
  "map.no-positions.detail": "Motion packets are missing, or nobody drives.",
  "map.formation": "Formation lap",
  "map.unknown": "Unknown circuit",
} as const;
