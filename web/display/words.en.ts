/** The words of the TV page around its scenes, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "display.screens": "Screen",
  "display.unknown.title": "There is no scene “{name}”",
  "display.unknown.detail":
    "The address of this screen names it after “scene=”. The scenes are: {names}. Without “scene=”, the server chooses.",
  "sound.off": "Sound: off",
  "sound.on": "Sound: on",
  "sound.blocked": "Tap here for sound",
  "sound.best": "New best: {name}, {time}",
  "sound.fastest": "New fastest lap: {name}, {time}",
  "sound.call": "Next driver: {name}, {rig}",
  "sound.flag.yellow": "Yellow flag",
  "sound.flag.red": "Red flag",
  "sound.flag.safety car": "Safety car",
  "sound.flag.virtual safety car": "Virtual safety car",
  "sound.flag.green": "Green flag",
  "sound.flag.chequered": "Chequered flag",
  "sound.end": "The session is over",
} as const;
