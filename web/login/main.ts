import { t } from "../shared/language";
import { start } from "../shared/start";
import Login from "./Login.svelte";

start(Login, t("login.title"));
