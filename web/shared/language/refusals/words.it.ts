/** Why an act is refused, in Italian. */
import type { en } from "./words.en";

const times = "Scrivi un tempo come 1:23.456, 1.23.456, 83.456 o 83; la virgola vale come il punto.";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "refusal.no-such-record": "Non c’è più. Ricarica la pagina.",
  "refusal.changed-since": "È cambiato dopo che l’hai letto; rileggilo, poi riprova.",
  "refusal.already-carried-out": "Questa richiesta è già stata eseguita.",
  "refusal.text-length":
    "Questo testo ha da {shortest} a {longest} caratteri visibili; quello che hai scritto ne ha {length}.",
  "refusal.text-control-character": "Questo testo contiene un carattere di controllo ({character}); toglilo.",
  "refusal.text-half-character":
    "Questo testo contiene la metà di una coppia di surrogati ({character}); toglila.",
  "refusal.text-invisible-character": "Questo testo contiene un carattere invisibile ({character}); toglilo.",
  "refusal.colour-form": "Un colore è # e sei cifre da 0 a f, per esempio #ff8000.",
  "refusal.race-number-range": "Un numero di gara va da 0 a {highest}, per esempio 44.",
  "refusal.pin-form": "Un PIN ha da 4 a 8 cifre da 0 a 9, per esempio 4711.",
  "refusal.date-form": "{text} non è una data; scrivila così: 2026-11-22.",
  "refusal.points-form":
    "I punti sono al massimo {places} numeri interi da 0 a {most}, per esempio [25, 18, 15].",
  "refusal.points-order":
    "Un posto più indietro non può avere più punti; scrivi prima il primo: [25, 18, 15].",
  "refusal.lap-time-form": `Questo non è un tempo sul giro. ${times}`,
  "refusal.lap-time-below-60": `Minuti e secondi sono meno di 60. ${times}`,
  "refusal.lap-time-range": `Un giro dura almeno dieci secondi e meno di un’ora. ${times}`,
  "refusal.lap-time-meant": `Questo non è un tempo sul giro; forse intendi {meant}. ${times}`,
  "refusal.lap-time-short": `{typed} è {seconds} secondi; un giro dura almeno dieci secondi. ${times}`,
  "refusal.lap-time-short-meant": `{typed} è {seconds} secondi; forse intendi {meant}. ${times}`,
  "refusal.driver-unknown": "Questo pilota non esiste; scegline uno dall’elenco dei piloti.",
  "refusal.driver-deleted": "Questo pilota è eliminato; prima annulla l’eliminazione.",
  "refusal.driver-name-taken": "C’è già un pilota {name}; scegli quello, oppure un altro nome.",
  "refusal.driver-named-twice": "Indica il pilota con driver_id o con driver, ma non con tutti e due.",
  "refusal.pin-taken": "Un altro pilota ha questo PIN; scegline uno diverso.",
  "refusal.driver-into-itself": "Un pilota non può essere unito a sé stesso; indica il pilota che resta.",
  "refusal.driver-merged": "Questo pilota è stato unito a un altro; cancella i dati di quello.",
  "refusal.erasure-unconfirmed":
    "Per cancellare i dati di questo pilota, scrivi il nome esattamente come lo vedi.",
  "refusal.game-name-of-everybody":
    "I giochi mostrano {name} per tutti quelli che nascondono il nome, quindi non è di nessun pilota; assegna un pilota alla postazione.",
  "refusal.game-name-of-ai":
    "In ogni sessione è il gioco stesso a guidare {name}; scegli un nome con cui guida una persona.",
  "refusal.code-unknown":
    "Nessun pilota ha questo PIN o codice; riprova, oppure chiedi a un commissario di gara.",
  "refusal.since-in-future": "Questo momento è nel futuro; lascialo vuoto per assegnare da adesso.",
  "refusal.since-too-early":
    "Questo momento è prima dell’anno 2000; scrivi un momento come 2026-11-22T18:00:00Z.",
  "refusal.seat-undone": "Nel frattempo questa assegnazione è stata annullata; rileggi la postazione.",
  "refusal.rigs-same": "Indica due postazioni diverse.",
  "refusal.rigs-empty": "Nessuna delle due postazioni ha un pilota; prima assegnane uno.",
  "refusal.rig-assigned-since":
    "Nel frattempo a questa postazione è stato assegnato un altro pilota; assegna il pilota a mano.",
  "refusal.lap-of-other-rig": "Questo giro è di un’altra postazione; scegli un giro di questa postazione.",
  "refusal.rig-into-itself":
    "Una postazione non può essere unita a sé stessa; indica la postazione che resta.",
  "refusal.rigs-both-send": "{rig} e {other} trasmettono nello stesso momento, quindi sono due postazioni.",
  "refusal.rig-joined": "{rig} è già stata unita a {other}; usa {other}, oppure prima annulla l’unione.",
  "refusal.rig-joined-since":
    "Nel frattempo una di queste postazioni è stata unita a un’altra; prima annulla quell’unione.",
  "refusal.rig-lock-address": "Questo non è un indirizzo IP; scrivi un indirizzo come 192.168.1.21.",
  "refusal.rig-lock-empty":
    "Nelle ultime 24 ore non si è sentita nessuna postazione; prima avvia i giochi, o indica gli indirizzi delle postazioni.",
  "refusal.rig-lock-last": "È l’ultimo indirizzo; piuttosto sblocca le postazioni.",
  "refusal.rig-lock-open":
    "Le postazioni non sono bloccate, quindi ogni indirizzo può trasmettere; prima bloccale.",
  "refusal.rig-lock-full": "Sono possibili al massimo {most} indirizzi; prima togline uno.",
  "refusal.queue-empty": "La coda è vuota.",
  "refusal.queue-place-of-waiting":
    "Solo un pilota che aspetta ha un posto nella coda; indica anche lo stato waiting.",
  "refusal.queue-waits-already": "Questo pilota aspetta già in coda; sposta quella voce.",
  "refusal.screens-full":
    "Si possono dirigere al massimo {most} schermi; dai un solo nome a quelli che vanno insieme.",
  "refusal.forward-host": "Non è né un indirizzo IP né un nome; scrivi per esempio 192.168.1.31.",
  "refusal.forward-own-port":
    "È la porta di F1Timings stesso: la telemetria girerebbe in tondo. Indica la porta UDP dell’altro programma.",
  "refusal.forward-no-single-receiver":
    "È un indirizzo broadcast o multicast, oppure nessun indirizzo; indica quello di un solo computer.",
  "refusal.forward-internet":
    "Questo indirizzo è fuori dalla tua rete; se è voluto, permetti internet per questa voce.",
  "refusal.forward-target-exists": "La telemetria viene già inoltrata a questo indirizzo e porta.",
  "refusal.forward-targets-full": "Si può inoltrare al massimo a {most} programmi; prima rimuovine uno.",
  "refusal.slides-full": "Al massimo {most} diapositive; prima eliminane una.",
  "refusal.slide-empty": "Scrivi un titolo o un testo, o scegli un’immagine.",
  "refusal.slide-one-kind": "Una diapositiva è un testo o un’immagine; fanne due.",
  "refusal.text-lines": "Al massimo {most} righe; qui sono {count}.",
  "refusal.picture-form": "Scegli un file PNG, JPEG o WebP.",
  "refusal.picture-damaged": "L’immagine è danneggiata o incompleta; salvala di nuovo.",
  "refusal.picture-too-big": "Un’immagine ha al massimo {most} MB.",
  "refusal.picture-dimensions":
    "{width} × {height} pixel sono troppi per un televisore; per esempio 3840 × 2160.",
  "refusal.pictures-full": "Tutte le immagini insieme hanno al massimo {most} MB; prima eliminane.",
  "refusal.picture-unknown": "L’immagine non c’è più; scegli di nuovo il file.",
  "refusal.lap-file-form": "Questo non è il file di un giro; scegli un file che finisce in .f1lap.",
  "refusal.lap-file-version":
    "Questo file ha la versione {version}, e il server legge la versione {known}; aggiorna il server.",
  "refusal.lap-file-damaged":
    "Il file del giro è danneggiato o incompleto; salvalo di nuovo sul server che ha il giro.",
  "refusal.lap-file-too-big": "Il file di un giro ha al massimo {most} MB.",
  "refusal.imported-laps-full": "Al massimo {most} giri importati; prima eliminane alcuni.",
  "refusal.lap-undecided": "Decidi qualcosa: indica is_deleted, is_valid, driver_id o time.",
  "refusal.lap-timed-by-game":
    "Il tempo di questo giro è del gioco; solo un giro scritto a mano può avere un altro tempo.",
  "refusal.board-unconfirmed": "Per svuotare questa classifica, scrivi di nuovo il circuito: {circuit}.",
  "refusal.undone-already": "Questa azione è già stata annullata.",
  "refusal.undone-by-another": "Un’altra azione l’ha già annullata.",
  "refusal.undo-impossible": "Questa azione non si può annullare.",
  "refusal.undo-newer":
    "Un’azione più recente ha cambiato la stessa cosa; prima annulla quella, oppure cambiala a mano.",
  "refusal.undo-no-open-meeting": "Un evento deve essere aperto; apri un altro evento.",
  "refusal.undo-meeting-used":
    "Questo evento ha una coda, giri scritti a mano o una classifica svuotata; apri un altro evento.",
  "refusal.undo-meeting-gone": "L’evento non c’è più; prima ripristinalo.",
  "refusal.undo-driver-gone": "Il pilota non c’è più; prima ripristinalo.",
  "refusal.undo-driver-merged":
    "Nel frattempo il pilota è stato unito a un altro; prima annulla l’unione, oppure cambialo a mano.",
  "refusal.undo-driver-deleted":
    "Nel frattempo il pilota è stato eliminato; prima ripristinalo, oppure cambialo a mano.",
  "refusal.undo-driver-used":
    "Questo pilota ha ormai dei giri o una postazione; elimina il pilota invece di annullare.",
  "refusal.undo-driver-added": "Nel frattempo è stato aggiunto un altro pilota; aggiungi questo a mano.",
  "refusal.undo-merge-used": "Il pilota ha ormai giri o una postazione propri; uniscilo di nuovo.",
  "refusal.undo-restore-used": "Il pilota è a una postazione o aspetta in coda; eliminalo di nuovo.",
  "refusal.undo-second-seat": "Ora il pilota è a un’altra postazione; assegnalo a mano.",
  "refusal.undo-second-turn": "Il pilota aspetta già in coda; prima togli quella voce.",
  "refusal.undo-picture-gone": "L’immagine non c’è più; aggiungi di nuovo la diapositiva.",
  "refusal.account-exists": "Esiste già un account. Accedi con quello.",
  "refusal.account-changed": "Questo account è appena cambiato. Riprova.",
  "refusal.account-name-form":
    "Scrivi un nome da 1 a {longest} caratteri visibili, per esempio Direzione gara.",
  "refusal.account-name-taken": "C’è già un account {name}. Scegli un altro nome.",
  "refusal.accounts-full": "Ci sono già {most} account. Prima eliminane uno che non serve.",
  "refusal.account-last-admin":
    "Questo è l’ultimo amministratore. Prima rendi amministratore un altro account, poi riprova.",
  "refusal.password-length": "Scegli una password da {shortest} a {longest} caratteri.",
  "refusal.password-easy": "Questa password è troppo facile da indovinare. Scegline un’altra.",
  "refusal.tokens-full": "Ci sono già {most} token. Prima revocane uno che non serve.",
  "refusal.token-of-display": "Uno schermo legge soltanto: dagli il ruolo viewer.",
  "refusal.token-end-passed": "Questo momento è passato. Indicane uno più tardi, o nessuno.",
  "refusal.older-user-unknown": "Il pilota {name} non esiste",
  "refusal.older-lap-unknown": "Questo pilota o questo giro non esiste",
};
