import { t } from "./words";
import { start } from "../shared/start";
import Home from "./Home.svelte";

start(Home, t("product.name"));
