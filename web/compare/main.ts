import { start } from "../shared/start";
import { firstFont, firstLaps } from "./ahead";
import Compare from "./Compare.svelte";
import { t } from "./words";

// A page that is drawn once is there sooner than one that says "loading" first. What takes longer is not awaited.
const SOON_MS = 150;

function isSoon(): Promise<unknown> {
  const late = new Promise((resolve) => setTimeout(resolve, SOON_MS));
  const ready = Promise.all([firstLaps, firstFont]).catch(() => undefined);
  return Promise.race([late, ready]);
}

void isSoon().then(() => start(Compare, t("compare.title")));
