"""The cars and drivers of a simulated session, with ids that are valid in the packet format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from f1timings.packets import layout_of

_COMPUTER_DRIVERS = (
    (20, "BARNES", 10),
    (21, "GILES", 10),
    (22, "MURRAY", 10),
    (23, "ROTH", 29),
    (24, "CORREIA", 9),
    (25, "LEVASSEUR", 28),
    (26, "SCHIFFER", 29),
    (27, "FOREST", 28),
    (28, "LETOURNEAU", 13),
    (29, "SAARI", 27),
    (30, "ATIYEH", 47),
    (31, "CALABRESI", 41),
    (32, "IZUMI", 43),
    (33, "CLARKE", 10),
    (34, "KAUFMANN", 29),
    (35, "LAURSEN", 21),
    (36, "NIEVES", 9),
    (38, "MICHALSKI", 29),
    (39, "MORENO", 2),
    (40, "COPPENS", 7),
    (41, "VISSER", 22),
    (70, "NAIR", 37),
    (71, "TREMBLAY", 13),
)
"""Drivers of the computer: id (the same in all formats), name that the game shows, nationality id."""

_HUMAN_NAMES = (
    "Kestrel_77",
    "Nightjar",
    "Øresund Racer",
    "Ana\u00a0Bravo",
    "PitWallPete",
    "tyre_whisperer",
    "Señor Apex",
    "xX_LateBraker_Xx",
    "Grüner Blitz",
    "Łukasz",
    "Marbles & Gravel of the Isle 32!",
    "Kerb",
)

_F1_TEAMS = tuple(range(10))
_F1_TEAMS_2026 = tuple(range(476, 487))
MASKED_NAME = "Player"
"""The name that the game shows for a player who hides the name from others."""

FREE_SLOT_ID = 255
"""Team, driver, network and nationality id of a free slot (2021 and later)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """One occupied slot.

    Attributes:
        car_index: slot in the arrays, fixed for the session.
        name: the name on the player's own rig; other rigs show ``MASKED_NAME`` unless ``shows_name``.
        is_ai: the computer drives.
        skill: factor of the time of the reference lap; 1.0 is the good lap of the circuit.
        spread: standard deviation of a sector time, as a share of it.
        rig: number of the rig of a human player; None for the computer and for humans elsewhere.
        network_id: unique per human player online; None for others.
        is_ghost: a replayed lap of a time trial, not a car.
        shares_telemetry: False for a human elsewhere for whom fuel, tyres and similar values are 0.
    """

    car_index: int
    name: str
    team_id: int
    driver_id: int
    race_number: int
    nationality: int
    is_ai: bool
    skill: float
    spread: float
    rig: int | None = None
    network_id: int | None = None
    shows_name: bool = True
    is_ghost: bool = False
    shares_telemetry: bool = True

    def name_for(self, rig: int) -> str:
        """The name that the game of a rig shows."""
        return self.name if self.shows_name or self.rig == rig else MASKED_NAME


def no_id(packet_format: int) -> int:
    """The driver id and network id of a slot without a driver: 255, or 65535 where the ids have 16 bits."""
    driver_id = layout_of(packet_format, "participants").repeated("cars").record.nodes["driver_id"]
    return (1 << 8 * driver_id.size) - 1


def human_driver_id(packet_format: int, count: int) -> int:
    """The driver id of a human player: 100 plus their number in 2020, the same for all of them since."""
    return 100 + count if packet_format == 2020 else no_id(packet_format)


def teams_of(packet_format: int) -> tuple[int, ...]:
    """Ids of the F1 teams of the season of a format."""
    return _F1_TEAMS_2026 if packet_format >= 2026 else _F1_TEAMS


def race_field(
    packet_format: int, cars: int, rng: Random, *, human_cars: int = 1, rigs: int = 1
) -> list[Entrant]:
    """The entrants of a race or a qualifying: humans in some slots, the computer in the others.

    Args:
        human_cars: number of cars with human drivers; the first ``rigs`` of them are at rigs.
        rigs: number of rigs that send.
    """
    computer = rng.sample(_COMPUTER_DRIVERS, len(_COMPUTER_DRIVERS))
    teams = teams_of(packet_format)
    numbers = rng.sample(range(2, 99), cars)
    seats = sorted(rng.sample(range(cars), human_cars)) if human_cars > 1 else [cars - 1]
    entrants = []
    for index in range(cars):
        driver_id, name, nationality = computer[index % len(computer)]
        team = teams[index // 2 % len(teams)]
        skill, spread = 1.003 + rng.uniform(0.0, 0.018), 0.0022
        entrants.append(
            Entrant(
                car_index=index,
                name=name,
                team_id=team,
                driver_id=driver_id,
                race_number=numbers[index],
                nationality=nationality,
                is_ai=True,
                skill=skill,
                spread=spread,
            )
        )
    for count, index in enumerate(seats):
        entrants[index] = _human(
            entrants[index],
            packet_format,
            count,
            rig=count if count < rigs else None,
            rng=rng,
            is_online=human_cars > 1,
        )
    return entrants


def _human(
    slot: Entrant, packet_format: int, count: int, *, rig: int | None, rng: Random, is_online: bool
) -> Entrant:
    """The same slot with a human driver; ``count`` is the number of humans before."""
    return replace(
        slot,
        name=_HUMAN_NAMES[count % len(_HUMAN_NAMES)],
        driver_id=human_driver_id(packet_format, count),
        nationality=rng.randint(1, 80),
        is_ai=False,
        skill=1.0 + rng.uniform(0.0, 0.03),
        spread=0.006,
        rig=rig,
        network_id=count if is_online else None,
        shows_name=not is_online or rng.random() < 0.5,
        shares_telemetry=rig is not None or rng.random() < 0.5,
    )


def time_trial_field(packet_format: int, ghosts: int, *, rng: Random, rig: int = 0) -> list[Entrant]:
    """The entrants of a time trial: the player in slot 0, followed by the ghosts."""
    teams = teams_of(packet_format)
    team = rng.choice(teams)
    name = _HUMAN_NAMES[(rig + rng.randrange(len(_HUMAN_NAMES))) % len(_HUMAN_NAMES)]
    player = Entrant(
        car_index=0,
        name=name,
        team_id=team,
        driver_id=human_driver_id(packet_format, 0),
        race_number=rng.randrange(2, 99),
        nationality=rng.randint(1, 80),
        is_ai=False,
        skill=1.0 + rng.uniform(0.0, 0.03),
        spread=0.006,
        rig=rig,
        network_id=0,
    )
    names = ("Personal Best", "Default Ghost", _HUMAN_NAMES[rng.randrange(len(_HUMAN_NAMES))])
    return [player] + [
        Entrant(
            car_index=index + 1,
            name=names[min(index, 2)],
            team_id=rng.choice(teams),
            driver_id=no_id(packet_format),
            race_number=2,
            nationality=FREE_SLOT_ID,
            is_ai=True,
            skill=player.skill * (1.0 + rng.uniform(-0.01, 0.006)),
            spread=0.0,
            network_id=min(index + 1, 3),
            is_ghost=True,
        )
        for index in range(ghosts)
    ]
