/** The words of the scene "Who is next", in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "next.kicker": "La coda",
  "next.title": "Chi è il prossimo",
  "next.more.one": "e un’altra persona ({count})",
  "next.more.other": "e altre {count} persone",
  "next.nobody": "Nessuno aspetta. Il prossimo puoi essere tu.",
};
