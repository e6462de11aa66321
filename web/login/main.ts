import { t } from "./words";
import { start } from "../shared/start";
import Login from "./Login.svelte";

start(Login, t("login.title"));
