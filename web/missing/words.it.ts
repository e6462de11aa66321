/** The words of the page for an address without a page, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "missing.title": "Qui non c’è nessuna pagina",
  "missing.lead": "Niente ha l’indirizzo {address}. Forse manca una lettera, o ce n’è una di troppo.",
  "missing.open": "Queste pagine esistono",
  "missing.display": "La classifica per la TV",
  "missing.me": "La classifica e i tuoi giri sul telefono",
  "missing.laps": "Giri da confrontare",
  "missing.admin": "La direzione gara",
};
