import { start } from "../shared/start";
import Missing from "./Missing.svelte";
import { t } from "./words";

start(Missing, t("missing.title"));
