/** The words that the TV page and the phone page share, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "board.rank": "Place",
  "board.leader": "leader",
} as const;
