/** The words of the scene "Who is next", in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "next.kicker": "The queue",
  "next.title": "Who is next",
  "next.more.one": "and {count} more person",
  "next.more.other": "and {count} more people",
  "next.nobody": "Nobody is waiting. You could be next.",
} as const;
