/** Says sentences one after the other, each with a short tone before it, and none twice. */
import { language } from "../../shared/language/translate";

export type Tone = "best" | "call" | "flag" | "end";

export interface Sentence {
  /** Identifies what happened: it is said once. */
  readonly key: string;
  readonly text: string;
  readonly tone: Tone;
}

// Frequencies in Hz, one after the other.
const NOTES: Readonly<Record<Tone, readonly number[]>> = {
  best: [660, 880],
  call: [523, 659, 784],
  flag: [440, 440],
  end: [784, 523],
};
const NOTE_S = 0.16;
const VOLUME = 0.2;
// What is not said within this time is no longer news.
const NEWS_FOR_MS = 15_000;
const MOST_WAITING = 4;
// Some browsers never report the end of a sentence, for example without a voice.
const LONGEST_SENTENCE_MS = 12_000;
const REMEMBERED = 500;
const VOICES = { en: "en-GB", it: "it-IT" } as const;

interface Waiting extends Sentence {
  readonly since: number;
}

export class Speaker {
  readonly #audio: AudioContext;
  readonly #said = new Set<string>();
  #waiting: Waiting[] = [];
  #isSpeaking = false;
  #isClosed = false;

  constructor(audio: AudioContext) {
    this.#audio = audio;
  }

  /** Say a sentence after those that wait, unless it was said before. */
  say(sentence: Sentence): void {
    if (this.#isClosed || this.#said.has(sentence.key)) return;
    this.#said.add(sentence.key);
    for (const key of this.#said) {
      if (this.#said.size <= REMEMBERED) break;
      this.#said.delete(key);
    }
    this.#waiting = [...this.#waiting, { ...sentence, since: performance.now() }].slice(-MOST_WAITING);
    void this.#sayNext();
  }

  /** Say nothing more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    globalThis.speechSynthesis?.cancel();
    void this.#audio.close();
  }

  async #sayNext(): Promise<void> {
    if (this.#isSpeaking) return;
    this.#isSpeaking = true;
    for (let next = this.#waiting.shift(); next && !this.#isClosed; next = this.#waiting.shift()) {
      if (performance.now() - next.since > NEWS_FOR_MS) continue;
      await this.#play(NOTES[next.tone]);
      await speak(next.text);
    }
    this.#isSpeaking = false;
  }

  #play(notes: readonly number[]): Promise<void> {
    const audio = this.#audio;
    const start = audio.currentTime + 0.02;
    notes.forEach((frequency, at) => {
      const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
      const from = start + at * NOTE_S;
      oscillator.frequency.value = frequency;
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(VOLUME, from + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.001, from + NOTE_S);
      oscillator.connect(gain).connect(audio.destination);
      oscillator.start(from);
      oscillator.stop(from + NOTE_S);
    });
    return new Promise((resolve) => setTimeout(resolve, notes.length * NOTE_S * 1_000));
  }
}

/** Speak a text; ends when it has been said. A browser that cannot speak has the tones only. */
function speak(text: string): Promise<void> {
  if (!("speechSynthesis" in globalThis)) return Promise.resolve();
  return new Promise((resolve) => {
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = VOICES[language];
    const timer = setTimeout(resolve, LONGEST_SENTENCE_MS);
    utterance.onend = utterance.onerror = () => {
      clearTimeout(timer);
      resolve();
    };
    speechSynthesis.speak(utterance);
  });
}
