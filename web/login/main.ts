import { start } from "../shared/start";
import Login from "./Login.svelte";
import { t } from "./words";

start(Login, t("login.title"));
