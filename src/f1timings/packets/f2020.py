"""F1 2020: the complete tables; each later year states only what it changed."""

from __future__ import annotations

from f1timings.packets.years import Year, fields

YEAR = Year(
    packet_format=2020,
    car_slots=22,
    packets={
        "motion": 0,
        "session": 1,
        "lap_data": 2,
        "event": 3,
        "participants": 4,
        "car_setups": 5,
        "car_telemetry": 6,
        "car_status": 7,
        "final_classification": 8,
        "lobby_info": 9,
    },
    shapes={
        "header": fields("""
            packet_format:u16 game_major_version:u8 game_minor_version:u8 packet_version:u8 packet_id:u8
            session_uid:u64 session_time:f32 frame_identifier:u32 player_car_index:u8
            secondary_player_car_index:u8
        """),
        "car_motion": fields("""
            world_position_x:f32 world_position_y:f32 world_position_z:f32 world_velocity_x:f32
            world_velocity_y:f32 world_velocity_z:f32 world_forward_dir_x:i16 world_forward_dir_y:i16
            world_forward_dir_z:i16 world_right_dir_x:i16 world_right_dir_y:i16 world_right_dir_z:i16
            g_force_lateral:f32 g_force_longitudinal:f32 g_force_vertical:f32 yaw:f32 pitch:f32 roll:f32
        """),
        "motion": fields("""
            cars:car_motion[cars] suspension_position:f32[4] suspension_velocity:f32[4]
            suspension_acceleration:f32[4] wheel_speed:f32[4] wheel_slip:f32[4] local_velocity_x:f32
            local_velocity_y:f32 local_velocity_z:f32 angular_velocity_x:f32 angular_velocity_y:f32
            angular_velocity_z:f32 angular_acceleration_x:f32 angular_acceleration_y:f32
            angular_acceleration_z:f32 front_wheels_angle:f32
        """),
        "forecast": fields("""
            session_type:u8 time_offset:u8 weather:u8 track_temperature:i8 air_temperature:i8
        """),
        "marshal_zone": fields("zone_start:f32 zone_flag:i8"),
        "session": fields("""
            weather:u8 track_temperature:i8 air_temperature:i8 total_laps:u8 track_length:u16
            session_type:u8 track_id:i8 formula:u8 session_time_left:u16 session_duration:u16
            pit_speed_limit:u8 game_paused:u8 is_spectating:u8 spectator_car_index:u8
            sli_pro_native_support:u8 num_marshal_zones:u8 marshal_zones:marshal_zone[21]
            safety_car_status:u8 network_game:u8 num_weather_forecast_samples:u8
            weather_forecast_samples:forecast[20]
        """),
        "car_lap": fields("""
            last_lap_time:f32 current_lap_time:f32 sector1_time_ms:u16 sector2_time_ms:u16
            best_lap_time:f32 best_lap_num:u8 best_lap_sector1_time_ms:u16 best_lap_sector2_time_ms:u16
            best_lap_sector3_time_ms:u16 best_overall_sector1_time_ms:u16 best_overall_sector1_lap_num:u8
            best_overall_sector2_time_ms:u16 best_overall_sector2_lap_num:u8
            best_overall_sector3_time_ms:u16 best_overall_sector3_lap_num:u8 lap_distance:f32
            total_distance:f32 safety_car_delta:f32 car_position:u8 current_lap_num:u8 pit_status:u8
            sector:u8 current_lap_invalid:u8 penalties:u8 grid_position:u8 driver_status:u8
            result_status:u8
        """),
        "lap_data": fields("cars:car_lap[cars]"),
        "event": fields("code:char[4] details:char[7]"),
        "participant": fields("""
            ai_controlled:u8 driver_id:u8 team_id:u8 race_number:u8 nationality:u8 name:char[48]
            your_telemetry:u8
        """),
        "participants": fields("num_active_cars:u8 cars:participant[cars]"),
        "setup": fields("""
            front_wing:u8 rear_wing:u8 on_throttle:u8 off_throttle:u8 front_camber:f32 rear_camber:f32
            front_toe:f32 rear_toe:f32 front_suspension:u8 rear_suspension:u8 front_anti_roll_bar:u8
            rear_anti_roll_bar:u8 front_suspension_height:u8 rear_suspension_height:u8 brake_pressure:u8
            brake_bias:u8 rear_left_tyre_pressure:f32 rear_right_tyre_pressure:f32
            front_left_tyre_pressure:f32 front_right_tyre_pressure:f32 ballast:u8 fuel_load:f32
        """),
        "car_setups": fields("cars:setup[cars]"),
        "telemetry": fields("""
            speed:u16 throttle:f32 steer:f32 brake:f32 clutch:u8 gear:i8 engine_rpm:u16 drs:u8
            rev_lights_percent:u8 brakes_temperature:u16[4] tyres_surface_temperature:u8[4]
            tyres_inner_temperature:u8[4] engine_temperature:u16 tyres_pressure:f32[4] surface_type:u8[4]
        """),
        "car_telemetry": fields("""
            cars:telemetry[cars] button_status:u32 mfd_panel_index:u8 mfd_panel_index_secondary_player:u8
            suggested_gear:i8
        """),
        "status": fields("""
            traction_control:u8 anti_lock_brakes:u8 fuel_mix:u8 front_brake_bias:u8 pit_limiter_status:u8
            fuel_in_tank:f32 fuel_capacity:f32 fuel_remaining_laps:f32 max_rpm:u16 idle_rpm:u16
            max_gears:u8 drs_allowed:u8 drs_activation_distance:u16 tyres_wear:u8[4]
            actual_tyre_compound:u8 visual_tyre_compound:u8 tyres_age_laps:u8 tyres_damage:u8[4]
            front_left_wing_damage:u8 front_right_wing_damage:u8 rear_wing_damage:u8 drs_fault:u8
            engine_damage:u8 gear_box_damage:u8 vehicle_fia_flags:i8 ers_store_energy:f32
            ers_deploy_mode:u8 ers_harvested_this_lap_mguk:f32 ers_harvested_this_lap_mguh:f32
            ers_deployed_this_lap:f32
        """),
        "car_status": fields("cars:status[cars]"),
        "result": fields("""
            position:u8 num_laps:u8 grid_position:u8 points:u8 num_pit_stops:u8 result_status:u8
            best_lap_time:f32 total_race_time:f64 penalties_time:u8 num_penalties:u8 num_tyre_stints:u8
            tyre_stints_actual:u8[8] tyre_stints_visual:u8[8]
        """),
        "final_classification": fields("num_cars:u8 cars:result[cars]"),
        "player": fields("""
            ai_controlled:u8 team_id:u8 nationality:u8 name:char[48] ready_status:u8
        """),
        "lobby_info": fields("num_players:u8 players:player[cars]"),
        "FTLP": fields("vehicle_idx:u8 lap_time:f32"),
        "RTMT": fields("vehicle_idx:u8"),
        "TMPT": fields("vehicle_idx:u8"),
        "RCWN": fields("vehicle_idx:u8"),
        "PENA": fields("""
            penalty_type:u8 infringement_type:u8 vehicle_idx:u8 other_vehicle_idx:u8 time:u8 lap_num:u8
            places_gained:u8
        """),
        "SPTP": fields("vehicle_idx:u8 speed:f32"),
    },
)
