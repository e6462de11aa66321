import { t } from "../shared/language";
import { start } from "../shared/start";
import Home from "./Home.svelte";

start(Home, t("product.name"));
