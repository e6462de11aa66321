/** The words of the setup page, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "setup.title": "Configura questo server",
  "setup.lead": "Il primo account può fare tutto. Gli altri si creano dalla pagina di gestione.",
  "setup.code": "Codice di configurazione",
  "setup.code.hint": "Lo mostra la console in cui il server è stato avviato.",
  "setup.name": "Il tuo nome",
  "setup.password": "Password",
  "setup.password.hint": "Almeno {count} caratteri; più parole si ricordano meglio.",
  "setup.submit": "Crea l’account",
  "setup.refused": "Codice sbagliato o scaduto. La console del server mostra il più recente.",
};
