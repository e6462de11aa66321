"""What to simulate: a scenario decides every byte that is sent; a seed picks a plausible scenario."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from random import Random
from typing import Literal

from f1timings.packets import CAR_SLOTS, FIRST_FORMAT, FORMATS, LATEST_FORMAT

ScenarioKind = Literal["time_trial", "qualifying", "race", "hot_lap_evening", "lobby"]

SCENARIO_KINDS: tuple[ScenarioKind, ...] = ("time_trial", "qualifying", "race", "hot_lap_evening", "lobby")
TIMING_KINDS = frozenset(
    {"lap_data", "session", "participants", "session_history", "event", "final_classification"}
)
"""The kinds of packets that contain lap times; a scenario limited to them is cheap to generate."""

_LEGACY_FORMATS = frozenset({2023, 2024})


@dataclass(frozen=True, slots=True)
class Scenario:
    """What to simulate; equal scenarios give equal bytes.

    Attributes:
        kind: a time trial, a qualifying or a race on one rig; an evening of time trials on several rigs; or
            an online lobby that races, sent by several rigs.
        format: packet format, one of ``FORMATS``.
        laps: of a race; flying laps per car in a qualifying; laps before the player leaves a time trial.
        cars: of a race or a qualifying; in a time trial the player and the ghosts together.
        seed: decides everything that is random.
        rate_hz: of the packets that have the rate set in the game's menu: 20, 30 or 60.
        track_id: of a circuit that the format has; None lets the seed decide.
        rigs: number of rigs that send, for an evening and a lobby; otherwise 1.
        sessions: time trials that each rig of an evening drives, one after the other.
        flashbacks: number of rewinds by the player; 0 in a lobby, where the game has none.
        restarts: of the session from the pause menu: the session has no end, the next one has a new UID.
        penalties / retirements / invalid_laps: number in the session, spread over the cars.
        pit_stops: number per car in a race.
        safety_car: one virtual safety car period in the race.
        pauses: number of times the player pauses the game, which then sends nothing.
        legacy_game: F1 25 sends an older format (2023 or 2024): no game year or overall frame in 2023, and
            the new numbers of session types.
        doubled_result: the final classification is sent twice.
        kinds: the only kinds of packets to send; None sends all that the format has.

    Raises:
        ValueError: a value is out of its range, or the values contradict each other.
    """

    kind: ScenarioKind
    format: int
    _: KW_ONLY
    laps: int = 5
    cars: int = 20
    seed: int = 0
    rate_hz: int = 60
    track_id: int | None = None
    rigs: int = 1
    sessions: int = 1
    flashbacks: int = 0
    restarts: int = 0
    penalties: int = 0
    retirements: int = 0
    invalid_laps: int = 0
    pit_stops: int = 0
    safety_car: bool = False
    pauses: int = 0
    legacy_game: bool = False
    doubled_result: bool = False
    kinds: frozenset[str] | None = None

    def __post_init__(self) -> None:
        slots = CAR_SLOTS.get(self.format, max(CAR_SLOTS.values()))
        checks = (
            (self.kind in SCENARIO_KINDS, f"kind is one of {', '.join(SCENARIO_KINDS)}"),
            (self.format in FORMATS, f"format is {FIRST_FORMAT} to {LATEST_FORMAT}"),
            (1 <= self.laps <= 99, "laps are 1 to 99"),
            (1 <= self.cars <= slots, f"cars are 1 to {slots} in format {self.format}"),
            (self.rate_hz in (20, 30, 60), "rate_hz is 20, 30 or 60"),
            (1 <= self.rigs <= 64, "rigs are 1 to 64"),
            (self.kind != "lobby" or self.rigs <= self.cars, "a lobby has a car for each rig"),
            (not self.legacy_game or self.format in _LEGACY_FORMATS, "legacy_game is for 2023 and 2024"),
        )
        problems = [text for is_right, text in checks if not is_right]
        if problems:
            raise ValueError("; ".join(problems))

    def sends(self, packet_kind: str) -> bool:
        """Whether packets of a kind are sent."""
        return self.kinds is None or packet_kind in self.kinds


def scenario_for(
    kind: ScenarioKind,
    packet_format: int,
    seed: int = 0,
    *,
    laps: int | None = None,
    cars: int | None = None,
    rigs: int | None = None,
    rate_hz: int = 60,
    kinds: frozenset[str] | None = None,
) -> Scenario:
    """A plausible scenario; the seed picks the incidents and everything that is not given."""
    rng = Random(f"{kind}/{packet_format}/{seed}")
    alone = kind in ("time_trial", "hot_lap_evening")
    is_race = kind in ("race", "lobby")
    lap_count = laps or rng.randint(3, 6)
    return Scenario(
        kind=kind,
        format=packet_format,
        laps=lap_count,
        cars=cars or (rng.randint(2, 8) if alone else rng.randint(16, 20)),
        seed=seed,
        rate_hz=rate_hz,
        rigs=rigs or {"hot_lap_evening": 4, "lobby": 3}.get(kind, 1),
        sessions=2 if kind == "hot_lap_evening" else 1,
        flashbacks=rng.randint(0, 3) if kind in ("race", "qualifying") else 0,
        restarts=int(rng.random() < 0.4) if kind != "lobby" else 0,
        penalties=rng.randint(0, 4) if is_race else 0,
        retirements=rng.randint(0, 2) if is_race else 0,
        invalid_laps=rng.randint(0, 3),
        pit_stops=int(is_race and lap_count >= 3 and rng.random() < 0.8),
        safety_car=is_race and rng.random() < 0.25,
        pauses=int(kind != "lobby" and rng.random() < 0.5),
        doubled_result=rng.random() < 0.3,
        kinds=kinds,
    )
