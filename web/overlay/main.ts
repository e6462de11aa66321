import { start } from "../shared/start";
import "./parts/parts.css";
import Overlay from "./Overlay.svelte";
import { t } from "./words";

void start(Overlay, t("overlay.title"));
