import { t } from "../shared/language";
import { start } from "../shared/start";
import Me from "./Me.svelte";

start(Me, t("me.title"));
