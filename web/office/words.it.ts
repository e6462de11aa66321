/** The words that the admin page and the drivers' page share, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "undo.action": "Annulla",

  "admin.title": "Gestione",

  "users.title": "Piloti",

  save: "Salva",
  add: "Aggiungi",

  "picker.placeholder": "Scrivi un nome",
  "picker.list": "Suggerimenti",
  "picker.new": "Nuovo pilota «{name}»",

  "conflict.changed": "Qualcun altro l’ha modificato.",
  "conflict.now": "Ora: {what}",
  "conflict.overwrite": "Procedi comunque",
  "conflict.leave": "Lascia com’è",

  "record.by": "da {name}",
  "record.unnamed": "senza nome",

  "undo.of": "Annullato: {what}",
  "undo.overtaken":
    "È arrivata prima un’altra modifica, quindi non è stato annullato nulla. Controlla e premi di nuovo.",
  "undo.nothing": "Niente da annullare",

  "meeting.follows": "segue le postazioni",

  "lap.no-driver": "nessun pilota",
  "lap.acts": "Azioni",
  "lap.state.completed": "conta",
  "lap.state.deleted": "eliminato",
  "lap.state.partial": "incompleto",
  "lap.state.superseded": "annullato da un flashback",

  "driver.team": "Squadra",
};
