/** A driver as the fields of a form, and as the body of a request. */
import type { Driver } from "../office/meetingData.svelte";

export interface DriverFields {
  name: string;
  team: string;
  colour: string;
  number: string;
  nickname: string;
  showsName: boolean;
  pin: string;
}

export const EMPTY_FIELDS: DriverFields = {
  name: "",
  team: "",
  colour: "",
  number: "",
  nickname: "",
  showsName: true,
  pin: "",
};

export function fieldsOf(driver: Driver): DriverFields {
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

/** The body of a request; an empty field is null. */
export function driverBody(fields: DriverFields) {
  const number = fields.number.trim();
  return {
    name: fields.name,
    team: fields.team,
    colour: fields.colour || null,
    // The server refuses -1, so that the error is shown at the field.
    race_number: number === "" ? null : /^\d+$/.test(number) ? Number(number) : -1,
    nickname: fields.nickname.trim() || null,
    shows_name: fields.showsName,
    pin: fields.pin.trim() || null,
  };
}
