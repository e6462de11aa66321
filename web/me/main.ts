import { t } from "./words";
import { start } from "../shared/start";
import Me from "./Me.svelte";

start(Me, t("me.title"));
