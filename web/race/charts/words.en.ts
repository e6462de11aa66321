/** The words of the charts of a race, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "chart.positions": "Positions by lap",
  "chart.trace": "Gap to the leader by lap",
  "chart.strategy": "Tyres by lap",
  "chart.lap": "Lap",
  "chart.grid": "Grid",
  "chart.out": "out",
  "chart.seconds": "{count} s",
  "chart.none": "No car has ended a lap of a race yet.",
  "chart.no-gaps": "The gaps are not known: the first laps of this race were not received.",
  "chart.visits": "Pit {count}×",
  "chart.compound.soft": "S",
  "chart.compound.medium": "M",
  "chart.compound.hard": "H",
  "chart.compound.intermediate": "I",
  "chart.compound.wet": "W",
} as const;
