import { start } from "../shared/start";
import Laps from "./Laps.svelte";
import { t } from "./words";

void start(Laps, t("list.title"));
