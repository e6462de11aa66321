/** The words of the sign-in page, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "login.title": "Accedi",
  "login.lead": "Per la direzione. Per guardare la classifica non serve un account.",
  "login.name": "Nome",
  "login.password": "Password",
  "login.submit": "Accedi",
  "login.refused": "Credenziali sbagliate.",
};
