import { start } from "../shared/start";
import Missing from "./Missing.svelte";
import { t } from "./words";

void start(Missing, t("missing.title"));
