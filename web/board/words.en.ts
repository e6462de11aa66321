/** The words that the TV page and the phone page share, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "board.rank": "Place",
  "board.leader": "leader",

  "mark.best": "best of all",
  "mark.personal": "personal best",
  "mark.slower": "slower",

  "rail.lap": "Lap {number}",
  "lap.predicted": "Predicted",
  "lap.predicted.place": "predicted P{place}",

  "rail.garage": "In the garage",
} as const;
