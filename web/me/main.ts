import { start } from "../shared/start";
import Me from "./Me.svelte";
import { t } from "./words";

void start(Me, t("me.title"));
