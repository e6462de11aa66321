import "../shared/language/refusals/words";
import { start } from "../shared/start";
import Setup from "./Setup.svelte";
import { t } from "./words";

void start(Setup, t("setup.title"));
