"""A rig whose packets a test decides: it sends the same values until the test changes them, or stops it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from f1timings.packets import Header, build, encode, has_packet

ACTIVE, ON_TRACK = 2, 4
NO_CAR = 255
UID = 2**62 + 7
MONZA = {"track_id": 11, "track_length": 5793, "total_laps": 14}

DRIVING = {
    "speed": 287,
    "gear": 7,
    "engine_rpm": 11_450,
    "throttle": 0.73,
    "brake": 0.08,
    "steer": -0.25,
    "clutch": 0,
    "tyres_surface_temperature": [81, 82, 93, 94],
    "tyres_inner_temperature": [101, 102, 113, 74],
    "brakes_temperature": [410, 420, 530, 540],
}
STATUS = {
    "max_rpm": 13_000,
    "fuel_in_tank": 21.5,
    "fuel_remaining_laps": 1.5,
    "fuel_mix": 2,
    "ers_store_energy": 3.0e6,
    "ers_deploy_mode": 2,
    "ers_deployed_this_lap": 1.0e6,
    "ers_harvested_this_lap_mguk": 0.4e6,
    "front_brake_bias": 57,
    "visual_tyre_compound": 17,
    "actual_tyre_compound": 18,
    "tyres_age_laps": 12,
    "drs_allowed": 1,
}
DAMAGE = {"tyres_wear": [21, 22, 33, 34], "front_left_wing_damage": 12, "gear_box_damage": 60}


class SentCar:
    """Three cars of one session; the rig drives car 0, or watches one.

    Attributes:
        watched: the car that the rig spectates; None while it drives.
        driving / status / damage / aero / lap: fields of the packets, the same for all cars.
        shares: whether the drivers share their telemetry.
    """

    def __init__(self, packet_format: int = 2025) -> None:
        self.watched: int | None = None
        self.player = 0
        self.shares = True
        self.driving: dict[str, Any] = dict(DRIVING)
        self.status: dict[str, Any] = dict(STATUS)
        self.damage: dict[str, Any] = dict(DAMAGE)
        self.aero: dict[str, Any] = {}
        self.lap: dict[str, Any] = {"current_lap_num": 3, "sector": 0}
        self._format = packet_format
        self._frame = 0

    def packets(self) -> Iterator[bytes]:
        """The packets of the next frame, a twentieth of a second after the one before."""
        self._frame += 1
        time_s = self._frame / 20
        header = Header(
            self._format,
            game_year=self._format % 100,
            session_uid=UID,
            session_time=time_s,
            frame_identifier=self._frame * 3,
            overall_frame_identifier=self._frame * 3,
            player_car_index=self.player if self.watched is None else NO_CAR,
        )
        for kind, fields in self._bodies(round(time_s * 1000)):
            if has_packet(self._format, kind):
                yield encode(build(self._format, kind, header, **fields))

    def _bodies(self, time_ms: int) -> Iterator[tuple[str, dict[str, Any]]]:
        is_spectating = self.watched is not None
        watching = {"is_spectating": int(is_spectating), "spectator_car_index": self.watched or 0}
        yield "session", {"session_type": 15, **MONZA, **watching}
        names = (b"Anna", b"Ben", b"Carla")
        people = {at: {"name": name, "your_telemetry": int(self.shares)} for at, name in enumerate(names)}
        yield "participants", {"num_active_cars": 3, "cars": people}
        on_track = {"result_status": ACTIVE, "driver_status": ON_TRACK, "current_lap_time_ms": time_ms}
        cars = {at: {**on_track, "car_position": at + 1, **self.lap} for at in range(3)}
        yield "lap_data", {"cars": cars}
        yield "car_telemetry", {"cars": dict.fromkeys(range(3), self.driving)}
        yield "car_status", {"cars": dict.fromkeys(range(3), self.status)}
        yield "car_damage", {"cars": dict.fromkeys(range(3), self.damage)}
        yield "car_telemetry_2", {"cars": dict.fromkeys(range(3), self.aero)}


class Sender:
    """Sends a car's packets 20 times a second until it is stopped."""

    def __init__(self, car: SentCar, port: int) -> None:
        self._car = car
        self._address = ("127.0.0.1", port)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="car", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more; may be called again."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            while not self._stopped.wait(0.05):
                for packet in self._car.packets():
                    udp.sendto(packet, self._address)


@contextmanager
def sending(car: SentCar, port: int) -> Iterator[Sender]:
    """Let a rig send to the end of the block."""
    sender = Sender(car, port)
    sender.start()
    try:
        yield sender
    finally:
        sender.stop()
