/** The words of the charts of a race, in Italian. The letters of the tyres are those that the game shows. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "chart.positions": "Posizioni giro per giro",
  "chart.trace": "Distacco dal primo giro per giro",
  "chart.strategy": "Gomme giro per giro",
  "chart.lap": "Giro",
  "chart.grid": "Griglia",
  "chart.out": "fuori",
  "chart.seconds": "{count} s",
  "chart.none": "Nessuna auto ha ancora concluso un giro di gara.",
  "chart.no-gaps": "I distacchi non sono noti: i primi giri di questa gara non sono stati ricevuti.",
  "chart.visits": "Box {count}×",
  "chart.compound.soft": "S",
  "chart.compound.medium": "M",
  "chart.compound.hard": "H",
  "chart.compound.intermediate": "I",
  "chart.compound.wet": "W",
};
