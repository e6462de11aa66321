import { t } from "./words";
import "../office/layout.css";
import "../shared/language/refusals/words";
import { start } from "../shared/start";
import Users from "./Users.svelte";

void start(Users, t("users.title"));
