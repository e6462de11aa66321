import "../shared/language/refusals/words";
import { start } from "../shared/start";
import Admin from "./Admin.svelte";
import "../office/layout.css";
import { makePressesSteady } from "../shared/form/steadyPresses";
import { t } from "./words";

makePressesSteady();
void start(Admin, t("admin.title"));
