import { t } from "../admin/words";
import "../admin/office.css";
import { start } from "../shared/start";
import Users from "./Users.svelte";

start(Users, t("users.title"));
