import { start } from "../shared/start";
import Setup from "./Setup.svelte";
import { t } from "./words";

start(Setup, t("setup.title"));
