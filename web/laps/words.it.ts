/** The words of the list of laps, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "list.title": "Giri",
  "list.lead": "Scegli da due a quattro giri di un circuito per confrontarli. Il primo è il riferimento.",
  "list.filter": "Quali giri",
  "list.any-driver": "Tutti i piloti",
  "list.any-circuit": "Tutti i circuiti",
  "list.any-meeting": "Tutti gli eventi",
  "list.any-rig": "Tutte le postazioni",
  "list.any-validity": "Validi o no",
  "list.meeting": "Evento",
  "list.validity": "Validità",
  "list.valid": "Solo validi",
  "list.order": "Ordine",
  "list.newest": "Prima i più recenti",
  "list.fastest": "Prima i più veloci",
  "list.none": "Non c’è un giro così con la traccia. Cambia i filtri o guidane uno.",
  "list.none.yet":
    "Non c’è ancora un giro con la traccia. Ogni giro nell’auto di una postazione ne riceve una.",
  "list.more": "Mostra altri",
  "list.pick": "Confronta il giro {time} di {name}",
  "list.other-circuit": "un altro circuito",
  "list.full": "quattro giri sono già scelti",
  "list.chosen.one": "{count} giro scelto. Scegline un altro.",
  "list.chosen.other": "{count} giri scelti",
  "list.forget": "Non sceglierne nessuno",
  "list.remove": "Togli il giro di {name}",
  "list.compare": "Confronta",
};
