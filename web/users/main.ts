import { t } from "./words";
import "../office/layout.css";
import { makePressesSteady } from "../shared/form/steadyPresses";
import "../shared/language/refusals/words";
import { start } from "../shared/start";
import Users from "./Users.svelte";

makePressesSteady();
void start(Users, t("users.title"));
