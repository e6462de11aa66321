import { start } from "../shared/start";
import Compare from "./Compare.svelte";
import { t } from "./words";

void start(Compare, t("compare.title"));
