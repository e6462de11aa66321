/** The words of the scene "Own slides", in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "slides.empty": "There are no slides yet. Staff adds them on the admin page, in the tab “Screens”.",
  "slides.unknown": "No slide that is switched on has the name “{name}”.",
  "slides.failed": "The picture could not be loaded. It is tried again.",
} as const;
