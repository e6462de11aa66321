/** The rows and facts of each view on `/ws`, generated from the server's columns: `make types`. */
import type { Facts, Row } from "./connection/protocol";

/** A row of the view `rigs`. Every rig that was heard since the server's start, and its own car. */
export interface RigRow extends Row {
  /** The rig's key, as in `/api/v1/rigs`. */
  readonly id: string;
  /** `waiting` (never heard), `live`, `stale` (silent for 2 s), `offline` (for 10 s). */
  readonly state: "waiting" | "live" | "stale" | "offline";
  /** Server time of its newest datagram; updated once a second while live (ms). */
  readonly heard_at_ms: number | null;
  /** The address that its datagrams come from. */
  readonly address: string | null;
  /** The port that its datagrams come from. */
  readonly port: number | null;
  /** Packet format, a year such as 2025. */
  readonly format: number | null;
  /** Two digits, as the game states it. */
  readonly game_year: number | null;
  /** Over the last two seconds (1/s). */
  readonly datagrams_per_s: number | null;
  /** Datagrams that were not valid packets, since the server's start. */
  readonly rejected: number | null;
  /** The session that it drives, or drove last; see `/api/v1/sessions/{session_id}`. */
  readonly session_id: string | null;
  /** Such as `Race`. */
  readonly session_type: string | null;
  /** The circuit. */
  readonly track: string | null;
  /** Length of its lap (m). */
  readonly track_length_m: number | null;
  /** The order is the order on the road, otherwise the order of the best laps. */
  readonly is_race: boolean | null;
  /** The game has ended the session. */
  readonly is_ended: boolean | null;
  /** Of a race (laps). */
  readonly total_laps: number | null;
  /** Of the session, as the game states it (s). */
  readonly time_left_s: number | null;
  /** Such as `light rain`. */
  readonly weather: string | null;
  /** The game is paused. */
  readonly is_paused: boolean | null;
  /** `chequered`, `red`, `safety car`, `virtual safety car`, `formation lap`, `yellow`, `green`. */
  readonly flag: string | null;
  /** Server time at which the game's clock was 0; null while that clock is stopped (ms). */
  readonly clock_zero_ms: number | null;
  /** Session time at which the game's clock is stopped; null while it runs (ms). */
  readonly clock_stands_at_ms: number | null;
  /** Its own car, or the car that it watches while it spectates. */
  readonly car_index: number | null;
  /** The driver of that car, as the game names them. */
  readonly participant: string | null;
  /** The driver assigned to the rig. */
  readonly driver: string | null;
  /** Of that car. */
  readonly position: number | null;
  /** Number of the current lap. */
  readonly lap: number | null;
  /** Session time at which the current lap began; null while its clock is stopped (ms). */
  readonly lap_start_ms: number | null;
  /** 1 to 3. */
  readonly sector: number | null;
  /** Of the current lap (ms). */
  readonly sector1_ms: number | null;
  /** Of the current lap (ms). */
  readonly sector2_ms: number | null;
  /** The previous lap (ms). */
  readonly last_ms: number | null;
  /** Its best lap that counts (ms). */
  readonly best_ms: number | null;
  /** The game counts the current lap as invalid. */
  readonly is_invalid: boolean | null;
  /** `garage`, `flying lap`, `in lap`, `out lap`, `on track`. */
  readonly driving: string | null;
  /** `none`, `pitting`, `in pit area`. */
  readonly pit: string | null;
  /** Visual compound. */
  readonly tyre: string | null;
  /** Who gets the running lap: an id of the view `board`, which may have no row of it. */
  readonly entrant: string | null;
  /** The running lap against the entrant's best of the board, at the same place (ms). */
  readonly delta_best_ms: number | null;
  /** Likewise against the first place; null if the entrant has it (ms). */
  readonly delta_first_ms: number | null;
  /** Likewise against the place ahead, or the last place if the entrant has none (ms). */
  readonly delta_next_ms: number | null;
  /** The position of that place. */
  readonly next_place: number | null;
  /** The time of the running lap as predicted; null before the end of sector 1 (ms). */
  readonly predicted_ms: number | null;
  /** The position with that time, if it is better than the entrant's best. */
  readonly predicted_place: number | null;
}

/** The facts of the view `rigs`. */
export interface RigFacts extends Facts {
  /** Addresses that send no valid packets: a list of [address, datagrams, most common reason]. */
  readonly strays?: readonly unknown[] | null;
}

/** A row of the view `tower:<rig>`. The running order of the session that a rig drives, or drove last. */
export interface TowerRow extends Row {
  /** Car index. */
  readonly id: string;
  /** 1-based, without gaps; rows are drawn in this order, cars that are out last. */
  readonly position: number;
  /** The driver, as the game names them. */
  readonly participant: string | null;
  /** The driver at the rig whose own car it is, else the driver behind the name in the game. */
  readonly person: string | null;
  /** The team, as the game names it. */
  readonly team: string | null;
  /** On the car. */
  readonly race_number: number | null;
  /** Number of the current lap. */
  readonly lap: number | null;
  /** Session time at which the current lap began; null while its clock is stopped (ms). */
  readonly lap_start_ms: number | null;
  /** 1 to 3. */
  readonly sector: number | null;
  /** Of the current lap; null until driven (ms). */
  readonly sector1_ms: number | null;
  /** Of the current lap; null until driven (ms). */
  readonly sector2_ms: number | null;
  /** The previous lap (ms). */
  readonly last_ms: number | null;
  /** Of the previous lap (ms). */
  readonly last_sector1_ms: number | null;
  /** Of the previous lap (ms). */
  readonly last_sector2_ms: number | null;
  /** Of the previous lap (ms). */
  readonly last_sector3_ms: number | null;
  /** Its best lap that counts (ms). */
  readonly best_ms: number | null;
  /** Of the newest time in sector 1: of the current lap, else of the previous one. */
  readonly sector1_mark: "best" | "personal" | "slower" | "invalid" | null;
  /** Of the newest time in sector 2. */
  readonly sector2_mark: "best" | "personal" | "slower" | "invalid" | null;
  /** Of the newest time in sector 3. */
  readonly sector3_mark: "best" | "personal" | "slower" | "invalid" | null;
  /** Of the previous lap. */
  readonly last_mark: "best" | "personal" | "slower" | "invalid" | null;
  /** Its best lap is the fastest of the session. */
  readonly is_fastest: boolean;
  /** To the leader: in a race on the road, otherwise between best laps (ms). */
  readonly gap_ms: number | null;
  /** To the car ahead (ms). */
  readonly interval_ms: number | null;
  /** Behind the leader, in a race (laps). */
  readonly laps_down: number | null;
  /** Since the start, in a race; negative if lost (places). */
  readonly gained: number | null;
  /** Visual compound. */
  readonly tyre: string | null;
  /** Driven on this set (laps). */
  readonly tyre_age: number | null;
  /** Pit stops; null in format 2020. */
  readonly stops: number | null;
  /** Added to its time (s). */
  readonly penalties_s: number | null;
  /** Drive-through penalties that are not served; null in format 2020. */
  readonly drive_throughs: number | null;
  /** Stop-and-go penalties that are not served; null in format 2020. */
  readonly stop_gos: number | null;
  /** Of all kinds; null in format 2020. */
  readonly warnings: number | null;
  /** Warnings for corners that were cut; null up to format 2022. */
  readonly track_limits: number | null;
  /** The DRS flap, from 2026 on the active aero. */
  readonly wing: "open" | "allowed" | "closed" | null;
  /** The overtake mode of 2026 is on; null where there is none. */
  readonly is_overtaking: boolean | null;
  /** See the table of bits. */
  readonly flags: number;
}

/** The facts of the view `tower:<rig>`. */
export interface TowerFacts extends Facts {
  /** `waiting` (never heard), `live`, `stale` (silent for 2 s), `offline` (for 10 s). */
  readonly state?: "waiting" | "live" | "stale" | "offline";
  /** Server time of its newest datagram; updated once a second while live (ms). */
  readonly heard_at_ms?: number | null;
  /** The session that it drives, or drove last; see `/api/v1/sessions/{session_id}`. */
  readonly session_id?: string | null;
  /** Such as `Race`. */
  readonly session_type?: string | null;
  /** The circuit. */
  readonly track?: string | null;
  /** Length of its lap (m). */
  readonly track_length_m?: number | null;
  /** The order is the order on the road, otherwise the order of the best laps. */
  readonly is_race?: boolean | null;
  /** The game has ended the session. */
  readonly is_ended?: boolean | null;
  /** Of a race (laps). */
  readonly total_laps?: number | null;
  /** Of the session, as the game states it (s). */
  readonly time_left_s?: number | null;
  /** Such as `light rain`. */
  readonly weather?: string | null;
  /** The game is paused. */
  readonly is_paused?: boolean | null;
  /** `chequered`, `red`, `safety car`, `virtual safety car`, `formation lap`, `yellow`, `green`. */
  readonly flag?: string | null;
  /** Server time at which the game's clock was 0; null while that clock is stopped (ms). */
  readonly clock_zero_ms?: number | null;
  /** Session time at which the game's clock is stopped; null while it runs (ms). */
  readonly clock_stands_at_ms?: number | null;
  /** Which columns make sense; null for a session of an unknown type. */
  readonly session_kind?: "race" | "qualifying" | "practice" | "time trial" | null;
  /** The order is that of the game's result. */
  readonly is_final?: boolean | null;
}

/** A row of the view `map:<rig>`. The participants of a rig's session as rows, and where their cars are as binary frames. */
export interface MapRow extends Row {
  /** Car index. */
  readonly id: string;
  /** The driver, as the game names them. */
  readonly participant: string | null;
  /** The driver assigned to the rig; of the rig's own car only. */
  readonly driver: string | null;
  /** Such as `Ferrari`. */
  readonly team: string | null;
  /** On the car. */
  readonly race_number: number | null;
  /** Driven by the game. */
  readonly is_ai: boolean | null;
  /** Such as `Dutch`. */
  readonly nationality: string | null;
  /** No other car has a faster best lap in the session. */
  readonly has_fastest_lap: boolean | null;
}

/** The facts of the view `map:<rig>`. */
export interface MapFacts extends Facts {
  /** `waiting` (never heard), `live`, `stale` (silent for 2 s), `offline` (for 10 s). */
  readonly state?: "waiting" | "live" | "stale" | "offline";
  /** Server time of its newest datagram; updated once a second while live (ms). */
  readonly heard_at_ms?: number | null;
  /** The session that it drives, or drove last; see `/api/v1/sessions/{session_id}`. */
  readonly session_id?: string | null;
  /** Such as `Race`. */
  readonly session_type?: string | null;
  /** The circuit. */
  readonly track?: string | null;
  /** Length of its lap (m). */
  readonly track_length_m?: number | null;
  /** The order is the order on the road, otherwise the order of the best laps. */
  readonly is_race?: boolean | null;
  /** The game has ended the session. */
  readonly is_ended?: boolean | null;
  /** Of a race (laps). */
  readonly total_laps?: number | null;
  /** Of the session, as the game states it (s). */
  readonly time_left_s?: number | null;
  /** Such as `light rain`. */
  readonly weather?: string | null;
  /** The game is paused. */
  readonly is_paused?: boolean | null;
  /** `chequered`, `red`, `safety car`, `virtual safety car`, `formation lap`, `yellow`, `green`. */
  readonly flag?: string | null;
  /** Server time at which the game's clock was 0; null while that clock is stopped (ms). */
  readonly clock_zero_ms?: number | null;
  /** Session time at which the game's clock is stopped; null while it runs (ms). */
  readonly clock_stands_at_ms?: number | null;
  /** The game's number of the circuit, for `/api/v1/circuits/{track_id}/outline`. */
  readonly track_id?: number | null;
  /** Such as 2025: the world of another format may differ. */
  readonly packet_format?: number | null;
  /** Grows when the outline of the circuit improves; null while it is not known. */
  readonly outline_revision?: number | null;
  /** Pairs: the lap distance in metres at which a zone begins; its flag or null. */
  readonly marshal_zones?: readonly unknown[] | null;
}

/** A row of the view `car:<rig>`. The rig's own car, or the car that it watches while it spectates: a row, and binary frames. */
export interface CarRow extends Row {
  /** Car index. */
  readonly id: string;
  /** The driver, as the game names them. */
  readonly participant: string | null;
  /** The driver assigned to the rig. */
  readonly driver: string | null;
  /** Such as `Ferrari`. */
  readonly team: string | null;
  /** On the car. */
  readonly race_number: number | null;
  /** The rig spectates: this is the car that it watches, not its own. */
  readonly is_watched: boolean | null;
  /** Its driver keeps part of the telemetry private; the columns of that part are null. */
  readonly is_restricted: boolean | null;
  /** In the running order. */
  readonly position: number | null;
  /** To the leader: in a race on the road, otherwise between best laps (ms). */
  readonly gap_ms: number | null;
  /** To the car ahead (ms). */
  readonly interval_ms: number | null;
  /** The driver of the car ahead, as the game names them. */
  readonly ahead: string | null;
  /** Likewise of the car behind. */
  readonly behind: string | null;
  /** The interval of the car behind to this car (ms). */
  readonly behind_ms: number | null;
  /** Number of the current lap. */
  readonly lap: number | null;
  /** Session time at which the current lap began; null while its clock is stopped (ms). */
  readonly lap_start_ms: number | null;
  /** From the line (m). */
  readonly lap_distance_m: number | null;
  /** 1 to 3. */
  readonly sector: number | null;
  /** Of the current lap (ms). */
  readonly sector1_ms: number | null;
  /** Of the current lap (ms). */
  readonly sector2_ms: number | null;
  /** The previous lap (ms). */
  readonly last_ms: number | null;
  /** Its best lap that counts (ms). */
  readonly best_ms: number | null;
  /** The game counts the current lap as invalid. */
  readonly is_invalid: boolean | null;
  /** `garage`, `flying lap`, `in lap`, `out lap`, `on track`. */
  readonly driving: string | null;
  /** `none`, `pitting`, `in pit area`. */
  readonly pit: string | null;
  /** Added to its time (s). */
  readonly penalties_s: number | null;
  /** Of the car (km/h). */
  readonly speed_kmh: number | null;
  /** Of the pedal (%). */
  readonly throttle_pct: number | null;
  /** Of the pedal (%). */
  readonly brake_pct: number | null;
  /** Of the pedal (%). */
  readonly clutch_pct: number | null;
  /** -100 is full left (%). */
  readonly steer_pct: number | null;
  /** -1 is reverse, 0 is neutral. */
  readonly gear: number | null;
  /** Of the engine (1/min). */
  readonly rpm: number | null;
  /** At which the engine is limited (1/min). */
  readonly max_rpm: number | null;
  /** Of the rev lights on the steering wheel (%). */
  readonly rev_lights_pct: number | null;
  /** The DRS flap is open; null in cars of 2026, which have none. */
  readonly drs: boolean | null;
  /** The DRS flap may be opened; likewise. */
  readonly drs_allowed: boolean | null;
  /** Active aero of 2026: `corner` or `straight`; null in other cars. */
  readonly aero: "corner" | "straight" | null;
  /** The straight mode may be chosen. */
  readonly aero_available: boolean | null;
  /** The overtake mode of 2026 is on. */
  readonly overtake_active: boolean | null;
  /** It may be activated. */
  readonly overtake_available: boolean | null;
  /** Visual compound. */
  readonly tyre: string | null;
  /** Such as `C4`. */
  readonly tyre_actual: string | null;
  /** Driven on this set (laps). */
  readonly tyre_age: number | null;
  /** In the tank (kg). */
  readonly fuel_kg: number | null;
  /** That the fuel lasts beyond the end, as the game estimates (laps). */
  readonly fuel_laps: number | null;
  /** `lean`, `standard`, `rich`, `max`. */
  readonly fuel_mix: string | null;
  /** Of the 4 MJ that the battery stores (%). */
  readonly ers_pct: number | null;
  /** Deployment: `none`, `medium`, `hotlap`, `overtake`; in 2026 `boost` for the last. */
  readonly ers_mode: string | null;
  /** Of 4 MJ, deployed in this lap (%). */
  readonly ers_deployed_pct: number | null;
  /** Of 4 MJ, harvested in this lap (%). */
  readonly ers_harvested_pct: number | null;
  /** Of 4 MJ, the most that may be harvested in a lap; since 2026 (%). */
  readonly ers_harvest_limit_pct: number | null;
  /** Share of the front brakes (%). */
  readonly brake_bias_pct: number | null;
  /** The pit limiter is on. */
  readonly is_limited: boolean | null;
  /** Of the engine (°C). */
  readonly engine_c: number | null;
  /** Damage (%). */
  readonly front_left_wing_pct: number | null;
  /** Damage (%). */
  readonly front_right_wing_pct: number | null;
  /** Damage (%). */
  readonly rear_wing_pct: number | null;
  /** Damage (%). */
  readonly floor_pct: number | null;
  /** Damage (%). */
  readonly diffuser_pct: number | null;
  /** Damage (%). */
  readonly sidepod_pct: number | null;
  /** Damage (%). */
  readonly gearbox_pct: number | null;
  /** Damage (%). */
  readonly engine_pct: number | null;
  /** The DRS does not work. */
  readonly has_drs_fault: boolean | null;
  /** The ERS does not work. */
  readonly has_ers_fault: boolean | null;
  /** Tyre wear, rear left (%). */
  readonly tyre_wear_rl_pct: number | null;
  /** Tyre wear, rear right (%). */
  readonly tyre_wear_rr_pct: number | null;
  /** Tyre wear, front left (%). */
  readonly tyre_wear_fl_pct: number | null;
  /** Tyre wear, front right (%). */
  readonly tyre_wear_fr_pct: number | null;
  /** Tyre damage, rear left (%). */
  readonly tyre_damage_rl_pct: number | null;
  /** Tyre damage, rear right (%). */
  readonly tyre_damage_rr_pct: number | null;
  /** Tyre damage, front left (%). */
  readonly tyre_damage_fl_pct: number | null;
  /** Tyre damage, front right (%). */
  readonly tyre_damage_fr_pct: number | null;
  /** Tyre surface, rear left (°C). */
  readonly tyre_surface_rl_c: number | null;
  /** Tyre surface, rear right (°C). */
  readonly tyre_surface_rr_c: number | null;
  /** Tyre surface, front left (°C). */
  readonly tyre_surface_fl_c: number | null;
  /** Tyre surface, front right (°C). */
  readonly tyre_surface_fr_c: number | null;
  /** Inside the tyre, rear left (°C). */
  readonly tyre_inner_rl_c: number | null;
  /** Inside the tyre, rear right (°C). */
  readonly tyre_inner_rr_c: number | null;
  /** Inside the tyre, front left (°C). */
  readonly tyre_inner_fl_c: number | null;
  /** Inside the tyre, front right (°C). */
  readonly tyre_inner_fr_c: number | null;
  /** Tyre pressure, rear left (psi). */
  readonly tyre_pressure_rl_psi: number | null;
  /** Tyre pressure, rear right (psi). */
  readonly tyre_pressure_rr_psi: number | null;
  /** Tyre pressure, front left (psi). */
  readonly tyre_pressure_fl_psi: number | null;
  /** Tyre pressure, front right (psi). */
  readonly tyre_pressure_fr_psi: number | null;
  /** Brake temperature, rear left (°C). */
  readonly brake_rl_c: number | null;
  /** Brake temperature, rear right (°C). */
  readonly brake_rr_c: number | null;
  /** Brake temperature, front left (°C). */
  readonly brake_fl_c: number | null;
  /** Brake temperature, front right (°C). */
  readonly brake_fr_c: number | null;
}

/** The facts of the view `car:<rig>`. */
export interface CarFacts extends Facts {
  /** `waiting` (never heard), `live`, `stale` (silent for 2 s), `offline` (for 10 s). */
  readonly state?: "waiting" | "live" | "stale" | "offline";
  /** Server time of its newest datagram; updated once a second while live (ms). */
  readonly heard_at_ms?: number | null;
  /** The session that it drives, or drove last; see `/api/v1/sessions/{session_id}`. */
  readonly session_id?: string | null;
  /** Such as `Race`. */
  readonly session_type?: string | null;
  /** The circuit. */
  readonly track?: string | null;
  /** Length of its lap (m). */
  readonly track_length_m?: number | null;
  /** The order is the order on the road, otherwise the order of the best laps. */
  readonly is_race?: boolean | null;
  /** The game has ended the session. */
  readonly is_ended?: boolean | null;
  /** Of a race (laps). */
  readonly total_laps?: number | null;
  /** Of the session, as the game states it (s). */
  readonly time_left_s?: number | null;
  /** Such as `light rain`. */
  readonly weather?: string | null;
  /** The game is paused. */
  readonly is_paused?: boolean | null;
  /** `chequered`, `red`, `safety car`, `virtual safety car`, `formation lap`, `yellow`, `green`. */
  readonly flag?: string | null;
  /** Server time at which the game's clock was 0; null while that clock is stopped (ms). */
  readonly clock_zero_ms?: number | null;
  /** Session time at which the game's clock is stopped; null while it runs (ms). */
  readonly clock_stands_at_ms?: number | null;
}

/** A row of the view `control:<rig>`. What race control reports of the session that a rig drives, its flag and its weather. */
export interface ControlRow extends Row {
  /** The id of the incident. */
  readonly id: string;
  /** Counts up; the newest message has the highest. */
  readonly number: number;
  /** As in `/api/v1/sessions/{session_id}/incidents`. */
  readonly kind: "session_started" | "session_ended" | "start_lights" | "lights_out" | "fastest_lap" | "speed_trap" | "overtake" | "collision" | "warning" | "penalty" | "lap_invalidated" | "drive_through_served" | "stop_go_served" | "disqualification" | "retirement" | "team_mate_in_pits" | "safety_car" | "flag" | "red_flag" | "chequered_flag" | "race_winner" | "drs_enabled" | "drs_disabled" | "flashback" | "weather";
  /** The game's clock (ms). */
  readonly at_ms: number;
  /** That the car was on. */
  readonly lap: number | null;
  /** Where on the lap the car was, from the line (m). */
  readonly lap_distance_m: number | null;
  /** Car index, as in `tower:<rig>`; null where it concerns no car. */
  readonly car: number | null;
  /** The driver of that car, as the game names them. */
  readonly participant: string | null;
  /** Car index of the other car. */
  readonly other_car: number | null;
  /** The driver of the other car. */
  readonly other_participant: string | null;
  /** A fastest lap, or the time of a stop (ms). */
  readonly time_ms: number | null;
  /** At the speed trap (km/h). */
  readonly speed_kmh: number | null;
  /** Such as `Time penalty`. */
  readonly penalty: string | null;
  /** The reason of a penalty or warning. */
  readonly infringement: string | null;
  /** Of a time penalty (s). */
  readonly time_s: number | null;
  /** The flag or `clear`, the weather, a safety car and its phase, why a car stopped. */
  readonly detail: string | null;
}

/** The facts of the view `control:<rig>`. */
export interface ControlFacts extends Facts {
  /** `waiting` (never heard), `live`, `stale` (silent for 2 s), `offline` (for 10 s). */
  readonly state?: "waiting" | "live" | "stale" | "offline";
  /** Server time of its newest datagram; updated once a second while live (ms). */
  readonly heard_at_ms?: number | null;
  /** The session that it drives, or drove last; see `/api/v1/sessions/{session_id}`. */
  readonly session_id?: string | null;
  /** Such as `Race`. */
  readonly session_type?: string | null;
  /** The circuit. */
  readonly track?: string | null;
  /** Length of its lap (m). */
  readonly track_length_m?: number | null;
  /** The order is the order on the road, otherwise the order of the best laps. */
  readonly is_race?: boolean | null;
  /** The game has ended the session. */
  readonly is_ended?: boolean | null;
  /** Of a race (laps). */
  readonly total_laps?: number | null;
  /** Of the session, as the game states it (s). */
  readonly time_left_s?: number | null;
  /** Such as `light rain`. */
  readonly weather?: string | null;
  /** The game is paused. */
  readonly is_paused?: boolean | null;
  /** `chequered`, `red`, `safety car`, `virtual safety car`, `formation lap`, `yellow`, `green`. */
  readonly flag?: string | null;
  /** Server time at which the game's clock was 0; null while that clock is stopped (ms). */
  readonly clock_zero_ms?: number | null;
  /** Session time at which the game's clock is stopped; null while it runs (ms). */
  readonly clock_stands_at_ms?: number | null;
  /** That the leader is on. */
  readonly lap?: number | null;
  /** Of the surface of the track (°C). */
  readonly track_temperature_c?: number | null;
  /** Of the air (°C). */
  readonly air_temperature_c?: number | null;
  /** Chance of rain now, from format 2021 (%). */
  readonly rain_percent?: number | null;
  /** Of this session: `[minutes from now, weather, chance of rain in %]`, the nearest first. */
  readonly forecast?: readonly unknown[] | null;
}

/** A row of the view `board`. The leaderboard of the open meeting at its circuit, read again after each change. */
export interface BoardRow extends Row {
  /** The entrant, as in `/api/v1/leaderboard`. */
  readonly id: string;
  /** Equal times share a position. */
  readonly position: number;
  /** Another entrant has the same time. */
  readonly is_equal: boolean | null;
  /** The driver; the rig, if the laps have no driver. */
  readonly name: string | null;
  /** Of the driver, any text. */
  readonly team: string | null;
  /** Of the driver, `#rrggbb`. */
  readonly colour: string | null;
  /** Of the driver. */
  readonly race_number: number | null;
  /** Name of the rig where the best lap was driven; null for a lap typed by hand. */
  readonly rig: string | null;
  /** The best lap that counts (ms). */
  readonly best_lap_ms: number | null;
  /** To the first place (ms). */
  readonly gap_ms: number | null;
  /** Of the best lap (ms). */
  readonly sector1_ms: number | null;
  /** Of the best lap (ms). */
  readonly sector2_ms: number | null;
  /** Of the best lap (ms). */
  readonly sector3_ms: number | null;
  /** `best` of all, `personal` best or `slower`. */
  readonly s1_mark: "best" | "personal" | "slower" | null;
  /** `best` of all, `personal` best or `slower`. */
  readonly s2_mark: "best" | "personal" | "slower" | null;
  /** `best` of all, `personal` best or `slower`. */
  readonly s3_mark: "best" | "personal" | "slower" | null;
  /** Complete laps. */
  readonly laps: number | null;
  /** Complete laps that count. */
  readonly valid_laps: number | null;
  /** When the best lap was set, since 1970 (ms). */
  readonly set_at: number | null;
  /** For the position, by the meeting's scale. */
  readonly points: number | null;
  /** Sum of the best sectors (ms). */
  readonly ideal_lap_ms: number | null;
  /** `telemetry`, or `manual` for a lap typed by hand. */
  readonly source: "telemetry" | "manual" | null;
}

/** The facts of the view `board`. */
export interface BoardFacts extends Facts {
  /** Id of the open meeting. */
  readonly meeting_id?: string | null;
  /** Its name. */
  readonly meeting?: string | null;
  /** Its circuit; empty if not known. */
  readonly circuit?: string | null;
  /** Id of the row with the best lap of all. */
  readonly fastest?: string | null;
}

/** A row of the view `room`. The circuits that rigs drive now, and whether a person holds the board at one. */
export interface RoomRow extends Row {
  /** The circuit's key, equal for all names of it. */
  readonly id: string;
  /** Its name in the game. */
  readonly circuit: string;
  /** That drive there; a rig counts until it is offline. */
  readonly rigs: number;
  /** Its board is shown. */
  readonly is_shown: boolean;
}

/** The facts of the view `room`. */
export interface RoomFacts extends Facts {
  /** The circuit that a person set; null follows the rigs. */
  readonly held?: string | null;
  /** The circuit of the room, shown while none is held; null before any rig has driven. */
  readonly followed?: string | null;
}

/** A row of the view `stage`. What the screens of the room show by themselves: facts only, no rows. */
export interface StageRow extends Row {
  /** Unused. */
  readonly id: string;
}

/** The facts of the view `stage`. */
export interface StageFacts extends Facts {
  /** `leaderboard`; `race` while a race or a qualifying runs; then `result`. */
  readonly scene?: "leaderboard" | "race" | "result";
  /** Whose data the scene shows, see the views of a rig; null if no rig sends. */
  readonly rig?: string | null;
  /** The session that the scene shows, see `/api/v1/sessions/{session_id}`. */
  readonly session_id?: string | null;
}

/** A row of the view `screens`. What staff sent to each screen; it is kept when screen or server start again. */
export interface ScreenRow extends Row {
  /** The screen's name, or its four letters; `*` for screens without a row. */
  readonly id: string;
  /** The scene that was sent, or several in turn, with commas; null: as `stage` says. */
  readonly scene: string | null;
  /** It shows everything so late (s). */
  readonly delay_s: number;
  /** It shows nothing. */
  readonly is_blank: boolean;
  /** How long each of several scenes is shown (s). */
  readonly turn_s: number;
  /** They take turns also while `stage` has a race or a result. */
  readonly turns_in_race: boolean;
}

/** The facts of the view `screens`. */
export interface ScreenFacts extends Facts {
}

/** A row of the view `slides`. The organisers' own slides, except for those that are switched off. */
export interface SlideRow extends Row {
  /** Of the slide. */
  readonly id: string;
  /** What staff calls it. */
  readonly name: string;
  /** `text`, or `image`. */
  readonly kind: "text" | "image";
  /** Of a text; empty for none. */
  readonly title: string;
  /** Of a text, with line breaks; empty for none. */
  readonly body: string;
  /** Of an image: read it at `/api/v1/slide-pictures/{picture}`. */
  readonly picture: string | null;
  /** The slides are shown in ascending order of it. */
  readonly place: number;
  /** For how long (s). */
  readonly shown_s: number;
}

/** The facts of the view `slides`. */
export interface SlideFacts extends Facts {
}
