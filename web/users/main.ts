import { t } from "../office/words";
import "../admin/office.css";
import { start } from "../shared/start";
import Users from "./Users.svelte";

start(Users, t("users.title"));
