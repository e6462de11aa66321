/** The words of the scene "Own slides", in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "slides.empty":
    "Non ci sono ancora diapositive. Si aggiungono nella pagina di gestione, nella scheda «Schermi».",
  "slides.unknown": "Nessuna diapositiva accesa si chiama «{name}».",
  "slides.failed": "Non è stato possibile caricare l’immagine. Si riprova.",
};
