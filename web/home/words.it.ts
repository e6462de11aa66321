/** The words of the first page, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "page.sign-in": "Accedi",
  "page.signed-in": "Accesso come {name}",

  "home.title": "Direzione cronometraggio",
  "home.subtitle": "Ogni postazione, ogni giro, una sola classifica.",
  "home.open": "Apri una pagina",
  "home.display.title": "Classifica",
  "home.display.detail": "Per la TV: i giri migliori di tutti, in diretta.",
  "home.admin.title": "Gestione",
  "home.admin.detail": "Gestisci l’evento: postazioni, piloti, giri, risultati.",
  "home.users.title": "Piloti",
  "home.users.detail": "Chi corre: nomi, squadre, numeri.",
  "home.me.title": "I miei giri",
  "home.me.detail": "Per il telefono: i tuoi tempi e la tua posizione.",
  "home.laps.title": "Confronta giri",
  "home.laps.detail": "Dove si perde tempo: grafici, curve, mappa.",
  "home.docs.title": "API",
  "home.docs.detail": "Per i programmi: ogni funzione, con esempi.",
  "home.now": "In questo momento",
  "home.rigs": "Postazioni attive",
  "home.last-lap": "Ultimo giro",
  "home.latest": "Ultimi giri",
  "home.version": "Versione {version}",
  "home.setup": "Configura questo server",
  "home.setup.detail": "Non c’è ancora un account. La console mostra il codice di configurazione.",
};
