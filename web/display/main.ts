import { start } from "../shared/start";
import Display from "./Display.svelte";
import { t } from "./words";

void start(Display, t("display.screens"));
