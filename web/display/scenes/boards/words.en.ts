/** The words of the scene of other boards, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "boards.tonight": "Also at this meeting",
  "boards.today": "Best laps of today",
  "boards.month": "Best laps of this month",
  "boards.ever": "Best laps of all time",
  "boards.title": "Leaderboards",
  "boards.none": "There are no laps on other boards yet.",
  "boards.more.one": "and {count} more driver",
  "boards.more.other": "and {count} more drivers",
} as const;
