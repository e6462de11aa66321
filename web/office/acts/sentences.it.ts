/** The sentences of acts in Italian, see sentences.ts. */

/** A sentence of the server, and its translation with the groups of the pattern. */
export type Sentences = readonly (readonly [RegExp, string])[];

export const ACTS: Sentences = [
  [/^Undone: (.+)$/s, "Annullato: {1}"],
  [/^Redone: (.+)$/s, "Ripristinato: {1}"],
  [/^The card of (.+) was moved\.$/, "La scheda di {1} è stata spostata."],
  [/^(.+) no longer has a name; it is (.+) again\.$/, "{1} non ha più un nome: è di nuovo {2}."],
  [/^(.+) was renamed (.+)\.$/, "{1} ora si chiama {2}."],
  [
    /^(.+) was set to no driver from an earlier moment on\.$/,
    "{1} è senza pilota, da un momento precedente.",
  ],
  [/^(.+) was set to no driver\.$/, "{1} è senza pilota."],
  [/^(.+) was assigned to (.+) from an earlier moment on\.$/, "{1} guida su {2}, da un momento precedente."],
  [/^(.+) was assigned to (.+)\.$/, "{1} guida su {2}."],
  [/^(.+) and (.+) swapped drivers\.$/, "{1} e {2} si sono scambiate i piloti."],
  [/^(.+) no longer has a usual driver\.$/, "{1} non ha più un pilota abituale."],
  [/^(.+) became the usual driver of (.+)\.$/, "{1} è il pilota abituale di {2}."],
  [/^(.+) took a seat at (.+)\.$/, "{1} si è seduto su {2}."],
  [/^(.+) was joined into (.+): they are one rig\.$/, "{1} è stata unita a {2}: sono una sola postazione."],
  [/^(.+) was added as a driver\.$/, "{1} è un nuovo pilota."],
  [/^(.+) is now shown as (.+)\.$/, "{1} ora appare come {2}."],
  [/^The details of (.+) were changed\.$/, "I dati di {1} sono stati modificati."],
  [/^Driver (.+) was deleted\.$/, "Il pilota {1} è stato eliminato."],
  [/^Driver (.+) was saved\.$/, "Il pilota {1} è stato salvato."],
  [/^(.+) was merged into (.+)\.$/, "{1} è stato unito a {2}."],
  [
    /^The name (.+) in the games belongs to no known driver\.$/,
    "Il nome {1} nei giochi non è di nessun pilota.",
  ],
  [/^The name (.+) in the games belongs to (.+)\.$/, "Il nome {1} nei giochi è di {2}."],
  [/^The personal data of (.+) was erased\.$/, "I dati personali di {1} sono stati cancellati."],
  [/^(.+) joined the queue\.$/, "{1} è in coda."],
  [/^(.+) was marked as done in the queue\.$/, "{1} ha finito il turno."],
  [/^(.+) left the queue\.$/, "{1} è uscito dalla coda."],
  [/^(.+) was called to (.+)\.$/, "{1} è stato chiamato a {2}."],
  [/^(.+) was moved in the queue\.$/, "{1} è stato spostato nella coda."],
  [/^(.+) was put back into the queue\.$/, "{1} è stato rimesso in coda."],
  [/^(.+) left (.+)\.$/, "{1} ha lasciato {2}."],
  [/^Meeting (.+) was created\.$/, "L’evento {1} è stato creato."],
  [/^Meeting (.+) was changed\.$/, "L’evento {1} è stato modificato."],
  [/^Meeting (.+) was opened\.$/, "L’evento {1} è stato aperto."],
  [
    /^The board of laps without a circuit was cleared\.$/,
    "La classifica dei giri senza circuito è stata svuotata.",
  ],
  [/^The board of (.+) was cleared\.$/, "La classifica di {1} è stata svuotata."],
  [/^(.+) entered ([\d:.]+) for (.+) at (.+)\.$/, "{1} ha inserito {2} per {3} a {4}."],
  [/^(.+) entered ([\d:.]+) for (.+)\.$/, "{1} ha inserito {2} per {3}."],
  [/^(.+) deleted (.+)$/, "{1} ha eliminato {2}"],
  [/^(.+) restored (.+)$/, "{1} ha ripristinato {2}"],
  [/^(.+) set the time of (.+) to ([\d:.]+)(.*)$/, "{1} ha cambiato il tempo di {2} in {3}{4}"],
  [
    /^(.+) left it to the game whether (.+) counts as valid(.*)$/,
    "{1} ha lasciato al gioco se è valido: {2}{3}",
  ],
  [/^(.+) declared (.+) invalid(.*)$/, "{1} ha dichiarato non valido: {2}{3}"],
  [/^(.+) declared (.+) valid(.*)$/, "{1} ha dichiarato valido: {2}{3}"],
  [/^(.+) changed the driver of (.+)$/, "{1} ha cambiato il pilota: {2}"],
];

/** What a group may be. */
export const PARTS: Sentences = [
  [/^lap (\d+) \(([\d:.]+)\) at /, "giro {1} ({2}) su "],
  [/^the lap typed as /, "giro inserito come "],
  [/^(\d+) laps/, "{1} giri"],
];
