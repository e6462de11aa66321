/** The words of the result of a session, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "result.kicker": "Result",
  "result.kicker.of": "Result · {session}",
  "result.laps-down.one": "+{count} lap",
  "result.laps-down.other": "+{count} laps",
  "result.status.did_not_finish": "Did not finish",
  "result.status.disqualified": "Disqualified",
  "result.status.not_classified": "Not classified",
  "result.status.retired": "Retired",
  "result.none": "The game has not sent a result yet.",
  "result.penalties": "+{seconds} s penalty",
} as const;
