import { start } from "../shared/start";
import Admin from "./Admin.svelte";
import "./office.css";
import { t } from "../office/words";

start(Admin, t("admin.title"));
