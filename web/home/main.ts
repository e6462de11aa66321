import { start } from "../shared/start";
import Home from "./Home.svelte";
import { t } from "./words";

start(Home, t("product.name"));
