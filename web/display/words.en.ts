/** The words of the TV page, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "mark.best": "best of all",
  "mark.personal": "personal best",
  "mark.slower": "slower",

  "display.title": "Leaderboard",
  "display.no-circuit": "No circuit yet",
  "display.problem": "This board cannot be shown",
  "display.page": "{first}–{last} of {total}",
  "display.phone": "On your phone:",
  "display.screen": "Screen {code}",
  "display.scope": "Which laps count here",
  "display.scope.all": "All laps of this meeting",
  "display.scope.format": "Format {value}",
  "display.scope.session_type": "{value}",
  "display.scope.assists": "Assists: {value}",
  "display.scope.weather": "Weather: {value}",
  "display.scope.compound": "Tyres: {value}",
  "display.scope.start": "Start: {value}",
  "display.value.start.flying": "flying",
  "display.value.start.standing": "standing",
  "display.value.start.pit": "from the pits",

  "board.best": "Best lap",
  "board.gap": "Gap",
  "board.sectors": "Sectors",
  "board.laps": "Laps",

  "banner.place": "NEW P{place}",
  "banner.first": "New P{place}: {name}, {time}",
  "banner.gain": "New P{place}: {name}, {time}, {gain}",

  "leader.title": "New fastest lap",

  "rail.title": "On track now",
  "rail.empty": "Nobody is driving at the moment.",
  "rail.lap": "Lap {number}",
  "rail.garage": "In the garage",
  "rail.gone": "Not sending: {rigs}",
  "rail.more.one": "and {count} more rig",
  "rail.more.other": "and {count} more rigs",
} as const;
