import { t } from "../race/car/words";
import { start } from "../shared/start";
import CarScreen from "./CarScreen.svelte";

void start(CarScreen, t("car.title"));
