/** What is known of a driver, as it stands in the fields of a form. */
import type { Driver } from "../office/evening.svelte";

export interface Facts {
  name: string;
  team: string;
  colour: string;
  number: string;
  nickname: string;
  showsName: boolean;
  pin: string;
}

export const EMPTY: Facts = {
  name: "",
  team: "",
  colour: "",
  number: "",
  nickname: "",
  showsName: true,
  pin: "",
};

export function factsOf(driver: Driver): Facts {
  return {
    name: driver.name,
    team: driver.team,
    colour: driver.colour ?? "",
    number: driver.race_number === null ? "" : String(driver.race_number),
    nickname: driver.nickname ?? "",
    showsName: driver.shows_name,
    pin: driver.pin ?? "",
  };
}

/** As the API takes them; what is empty is not known. */
export function bodyOf(facts: Facts) {
  const number = facts.number.trim();
  return {
    name: facts.name,
    team: facts.team,
    colour: facts.colour || null,
    // What is no number is refused by the server, at its field.
    race_number: number === "" ? null : /^\d+$/.test(number) ? Number(number) : -1,
    nickname: facts.nickname.trim() || null,
    shows_name: facts.showsName,
    pin: facts.pin.trim() || null,
  };
}
