import { start } from "../shared/start";
import Home from "./Home.svelte";
import { t } from "./words";

void start(Home, t("product.name"));
