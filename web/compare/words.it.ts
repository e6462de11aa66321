/** The words of the comparison of laps, in Italian. */
import type { en } from "./words.en";

export const it: Readonly<Record<keyof typeof en, string>> = {
  "compare.title": "Confronta giri",
  "compare.rule":
    "Ogni giro è confrontato con il riferimento. È il primo giro, finché non ne scegli un altro.",
  "compare.reference": "Riferimento",
  "compare.remove": "Togli",
  "compare.remove.label": "Togli il giro di {name}",
  "compare.add": "Aggiungi un giro",
  "compare.add.detail": "fino a quattro",
  "compare.picture": "Salva immagine",
  "compare.file": "Salva il file del giro",
  "compare.import": "Importa il file di un giro",
  "compare.imported": "importato",
  "compare.choose": "Scegli i giri",
  "compare.empty.title": "Scegli da due a quattro giri",
  "compare.empty.detail":
    "Questa pagina mostra dove uno è più veloce: per distanza, per curva, sulla mappa e a parole.",
  "compare.alone": "Questo è un solo giro. Aggiungine un altro di {circuit} per vedere dove si perde tempo.",
  "compare.alone.anywhere": "Questo è un solo giro. Aggiungine un altro per vedere dove si perde tempo.",
  "compare.nobody": "Nella classifica di {circuit} non c’è ancora un altro giro.",
  "compare.unstored":
    "Questo giro non è salvato: è di prima che il server ascoltasse, o non è ancora completo. Scegli dei giri dall’elenco.",
  "compare.unranked":
    "In classifica non c’è ancora un giro con cui fare il confronto. Scegli i giri dall’elenco.",

  "compare.problem.missing": "Questo giro non esiste. Toglilo o scegline un altro.",
  "compare.problem.no-trace":
    "Di questo giro non c’è la traccia: ce l’hanno solo i giri dell’auto di una postazione e quelli delle sessioni online. Scegline un altro.",
  "compare.problem.circuit":
    "Questo giro è di un altro circuito rispetto al riferimento. Scegli un giro di {circuit}.",
  "compare.problem.failed": "Non è stato possibile leggere questo giro. Ricarica la pagina.",

  "compare.words": "In parole",
  "compare.words.even": "Nessuna curva fa una differenza degna di nota.",
  "compare.against": "{name} contro {reference}",
  "compare.ideal": "Le parti migliori di entrambi: {time}",
  "compare.remark.another-format": "I giri sono di giochi diversi, le cui auto si guidano diversamente.",
  "compare.remark.another-weather": "Il meteo era diverso.",
  "compare.remark.another-car-class": "Le auto sono di classi diverse.",
  "compare.remark.invalid-lap": "Uno dei giri non è valido: limiti della pista.",
  "compare.remark.no-time": "Uno dei giri non ha un tempo: non è stato completato.",

  "compare.charts": "Per distanza",
  "compare.chart.delta": "Distacco",
  "compare.chart.delta.detail": "sopra la linea: più lento di {letter}",
  "compare.chart.speed": "Velocità",
  "compare.chart.throttle": "Acceleratore",
  "compare.chart.brake": "Freno",
  "compare.chart.gear": "Marcia",
  "compare.chart.steering": "Sterzo",
  "compare.chart.steering.detail": "in alto: a destra",
  "compare.cursor": "Punto del giro",
  "compare.cursor.value": "{place}. {values}",
  "compare.turn": "Curva {number}",
  "compare.turn.previous": "Curva precedente",
  "compare.turn.next": "Curva successiva",
  "compare.zoom.in": "Ingrandisci",
  "compare.zoom.out": "Riduci",
  "compare.zoom.whole": "Giro intero",
  "compare.help":
    "Indica, trascina o tocca per leggere. Trascina con il mouse o allarga due dita per ingrandire. Tasti: ← → spostano, Pag ↑ ↓ curva successiva, + − ingrandiscono, 0 giro intero.",

  "compare.map": "Chi è più veloce e dove",
  "compare.map.alone": "Il tracciato",
  "compare.map.even": "pari",
  "compare.map.label": "Mappa: chi è più veloce in ognuna delle {count} parti. {shares}",
  "compare.map.share": "{name}: {count}",
  "compare.map.none": "In queste tracce non ci sono posizioni, quindi non c’è la mappa.",

  "compare.corners": "Per curva",
  "compare.corners.none": "Nessuna curva trovata: la velocità del riferimento ha lacune.",
  "compare.corner": "Curva",
  "compare.corner.lap": "Giro",
  "compare.corner.braking": "Frenata da",
  "compare.corner.apex": "Corda",
  "compare.corner.exit": "Uscita",
  "compare.corner.time": "Tempo",
  "compare.corner.difference": "Differenza",
  "compare.corner.show": "Mostra la curva {number}",
  "compare.corner.numbers": "Le curve sono numerate dove le auto rallentano, non ufficialmente.",
};
