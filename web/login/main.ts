import "../shared/language/refusals/words";
import { start } from "../shared/start";
import Login from "./Login.svelte";
import { t } from "./words";

void start(Login, t("login.title"));
