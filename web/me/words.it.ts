/** The words of the phone page, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "seat.title": "Prendi posto",
  "seat.lead": "Siediti a {rig}: da ora i giri fatti lì sono tuoi.",
  "seat.sitting": "Qui c’è {name}.",
  "seat.free": "Questa postazione è libera.",
  "seat.pin": "Il tuo PIN",
  "seat.pin.hint": "Da 4 a 8 cifre. Chiedilo alla direzione.",
  "seat.pin.wrong": "Il PIN ha da 4 a 8 cifre.",
  "seat.take": "Siediti qui",
  "seat.take.as": "Siediti qui come {name}",
  "seat.leave": "Lascia la postazione",
  "seat.taken": "Sei a {rig}. Buon divertimento!",
  "seat.left": "Hai lasciato {rig}.",
  "seat.choose": "Scegli la tua postazione",
  "seat.none": "Nessuna postazione ha ancora trasmesso.",
  "seat.how": "Inquadra il codice di una postazione per sederti lì.",
  "seat.unknown": "Non c’è nessuna postazione {rig}. Inquadra di nuovo il codice o chiedi alla direzione.",

  "my.best": "Miglior giro",
  "my.place": "Posizione",
  "my.next": "Da P{place}, {name}",
  "my.leading": "Sei in testa.",
  "my.ideal": "Giro ideale",
  "my.none": "Non hai ancora un giro che conta a {circuit}.",
  "my.none.anywhere": "Non hai ancora un giro che conta.",
  "my.laps": "I tuoi giri",
  "my.laps.none": "I tuoi giri compaiono qui appena passi il traguardo.",
  "my.elsewhere": "I tuoi giri migliori su altri circuiti",
  "my.sits": "Sei a {rig}.",
  "my.forget": "Non sono io: dimenticami su questo telefono",
  "my.wrong": "Nessun pilota ha questo codice. Chiedine uno nuovo alla direzione.",
  "my.not-counting": "non conta",

  "phone.board": "Classifica",

  "me.title": "I miei giri",
};
