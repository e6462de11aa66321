/** The words of the scene of all rigs, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "allrigs.kicker": "All rigs",
  "allrigs.title": "At the rigs",
  "allrigs.nobody": "No driver",
  "allrigs.lap": "Lap {number}",
  "allrigs.last": "Last",
  "allrigs.best": "Best",
  "allrigs.place": "On the board",
  "allrigs.none": "No rig is known yet.",
  "allrigs.page": "Page {page} of {pages}",
  "allrigs.waiting": "No signal since the start",
  "allrigs.silent": "No signal, last {ago}",
} as const;
