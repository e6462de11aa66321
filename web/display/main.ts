import { t } from "../shared/language";
import { start } from "../shared/start";
import Display from "./Display.svelte";

start(Display, t("display.title"));
