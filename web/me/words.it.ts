import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "seat.title": "Prendi posto",
  "seat.lead": "Siediti a {rig}: da ora i giri sono tuoi.",
  "seat.sitting": "Adesso qui c’è {name}.",
  "seat.free": "Adesso qui non c’è nessuno.",
  "seat.pin": "Il tuo PIN",
  "seat.pin.hint": "Da 4 a 8 cifre; te lo dà la direzione.",
  "seat.pin.wrong": "Il PIN ha da 4 a 8 cifre.",
  "seat.take": "Siediti qui",
  "seat.take.as": "Siediti qui come {name}",
  "seat.leave": "Alzati",
  "seat.taken": "Sei seduto a {rig}. Buon divertimento!",
  "seat.left": "Ti sei alzato da {rig}.",
  "seat.choose": "Scegli la tua postazione",
  "seat.none": "Nessuna postazione si è ancora collegata.",
  "seat.how": "Inquadra il codice di una postazione per sederti lì.",
  "seat.unknown": "Non c’è nessuna postazione {rig}. Inquadra di nuovo il codice o chiedi alla direzione.",

  "my.best": "Miglior giro",
  "my.place": "Posto",
  "my.next": "Da P{place}, {name}",
  "my.leading": "Sei in testa a questa classifica.",
  "my.ideal": "Giro ideale",
  "my.none": "Ancora nessun giro valido a {circuit}.",
  "my.none.anywhere": "Ancora nessun giro valido.",
  "my.laps": "I tuoi giri",
  "my.laps.none": "I tuoi giri compaiono qui appena passi il traguardo.",
  "my.elsewhere": "Migliori giri su altri circuiti",
  "my.sits": "Sei seduto a {rig}.",
  "my.forget": "Non sono io: dimenticami su questo telefono",
  "my.wrong": "Questo codice non è di nessun pilota; chiedine uno nuovo alla direzione.",
  "my.not-counting": "non conta",

  "phone.board": "Classifica",

  "me.title": "I miei giri",
};
