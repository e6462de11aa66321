import { t } from "./words";
import { start } from "../shared/start";
import Setup from "./Setup.svelte";

start(Setup, t("setup.title"));
