/** The words of the page for an address without a page, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "missing.title": "There is no page here",
  "missing.lead": "Nothing has the address {address}. Perhaps a letter is missing or too much.",
  "missing.open": "These pages exist",
  "missing.display": "The board for a TV",
  "missing.me": "The board and your laps on a phone",
  "missing.laps": "Laps to compare",
  "missing.admin": "The timing office",
} as const;
