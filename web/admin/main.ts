import "../shared/language/refusals/words";
import { start } from "../shared/start";
import Admin from "./Admin.svelte";
import "../office/layout.css";
import { t } from "./words";

void start(Admin, t("admin.title"));
