import { t } from "./words";
import { start } from "../shared/start";
import Display from "./Display.svelte";

start(Display, t("display.title"));
