/** The words of the leaderboard on TVs, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "display.title": "Classifica",
  "display.no-circuit": "Nessun circuito",
  "display.wrong.title": "L’indirizzo di questo schermo va corretto",
  "display.wrong.meeting": "Non c’è nessun evento «{value}».",
  "display.wrong.circuit": "Nessun gioco ha il circuito «{value}», e nessuno ci ha girato.",
  "display.wrong.filter": "Nessun giro può avere {name}={value}.",
  "display.wrong.how": "Senza queste parole, l’indirizzo mostra la classifica dell’evento aperto.",
  "display.page": "{first}–{last} di {total}",
  "display.phone": "Sul telefono:",
  "display.screen": "Schermo {code}",
  "display.scope": "Quali giri contano qui",
  "display.scope.all": "Tutti i giri di questo evento",
  "display.scope.format": "Formato {value}",
  "display.scope.session_type": "{value}",
  "display.scope.assists": "Aiuti: {value}",
  "display.scope.weather": "Meteo: {value}",
  "display.scope.compound": "Gomme: {value}",
  "display.scope.start": "Partenza: {value}",
  "display.value.start.flying": "lanciata",
  "display.value.start.standing": "da fermo",
  "display.value.start.pit": "dai box",

  "board.best": "Miglior giro",
  "board.gap": "Distacco",
  "board.sectors": "Settori",
  "board.laps": "Giri",

  "banner.place": "NUOVO P{place}",
  "banner.first": "Nuovo P{place}: {name}, {time}",
  "banner.gain": "Nuovo P{place}: {name}, {time}, {gain}",

  "leader.title": "Nuovo giro più veloce",

  "rail.title": "In pista adesso",
  "rail.empty": "Al momento non guida nessuno.",
  "rail.gone": "Non trasmettono: {rigs}",
  "rail.more.one": "e un’altra postazione ({count})",
  "rail.more.other": "e altre {count} postazioni",
};
