/** The words of the TV page around its scenes, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "display.screens": "Screen",
  "display.unknown.title": "There is no scene “{name}”",
  "display.unknown.detail":
    "The address of this screen names it after “scene=”. The scenes are: {names}. Without “scene=”, the server chooses.",
} as const;
