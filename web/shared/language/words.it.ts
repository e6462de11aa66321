/** The words that all pages share, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "product.name": "F1Timings",

  "ago.now": "adesso",
  "ago.seconds": "{count} s fa",
  "ago.minutes": "{count} min fa",
  "ago.hours": "{count} h fa",

  "state.connecting.title": "Connessione…",
  "state.connecting.detail": "Lo schermo compare appena il server risponde.",
  "state.no-meeting.title": "Nessun evento aperto",
  "state.no-meeting.detail": "La direzione può aprirne uno dalla pagina di gestione.",
  "state.waiting.title": "In attesa delle postazioni",
  "state.waiting.detail": "{heard} postazioni su {known} trasmettono",
  "game-menu.title": "Nel gioco:",
  "game-menu.or": "oppure",
  "game-menu.no-network": "Questa macchina non è in nessuna rete",
  "state.no-laps.title": "Ancora nessun giro",
  "state.no-laps.detail": "Apri tu la classifica.",
  "state.no-laps.target": "Apri tu la classifica: batti {time}.",
  "state.elsewhere.title": "Le postazioni girano a {circuits}",
  "state.elsewhere.detail": "Questi giri sono su un’altra classifica.",
  "state.elsewhere.others": "{circuits} e altri",
  "state.live.title": "In diretta",
  "state.live.detail": "Tutto ciò che vedi è aggiornato.",
  "state.stale.title": "Segnale perso",
  "state.stale.detail": "Ultimi dati {ago}. I cronometri sono fermi.",
  "state.offline.title": "Riconnessione…",
  "state.offline.detail": "Ultimi dati alle {clock}. Lo schermo si ricollega da solo.",
  "state.offline.never": "Il server non risponde. Lo schermo si ricollega da solo.",
  "state.paused.title": "In pausa",
  "state.paused.detail": "Il cronometro è fermo.",
  "state.yellow.title": "Bandiera gialla",
  "state.sc.title": "Safety car",
  "state.vsc.title": "Virtual safety car",
  "state.red.title": "Bandiera rossa",
  "state.red.detail": "Sessione sospesa",
  "state.chequered.title": "Bandiera a scacchi",
  "state.provisional.title": "Risultato provvisorio",
  "state.final.title": "Risultato definitivo",
  "state.restarting.title": "Aggiornamento…",
  "state.restarting.detail": "Il server si riavvia. Lo schermo si ricollega da solo.",

  "mark.invalid": "non valido",

  "page.skip": "Vai al contenuto",
  "page.home": "Tutte le pagine",
  "page.sign-out": "Esci",
  "page.loading": "Caricamento…",
  "page.announcements": "Annunci",

  "problem.offline": "Il server non risponde. Controlla che sia acceso, poi riprova.",
  "problem.unreadable": "La risposta del server non è leggibile. Ricarica la pagina.",

  "qr.label": "Codice QR: {text}",

  "lap.time": "Tempo",
  "lap.driver": "Pilota",
  "lap.circuit": "Circuito",
  "lap.rig": "Postazione",
  "lap.when": "Quando",

  "login.show": "Mostra la password",

  "form.busy": "Un momento…",
};
