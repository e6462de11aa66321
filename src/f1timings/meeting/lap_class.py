"""The one list of lap classes: the properties of a lap by which boards filter. Pure.

To add a class:

1. Add an entry to :data:`LAP_CLASSES`. Its name is a column of the table of its source.
2. Add a migration with a column of that name in ``attributions`` and ``board_bests``. It deletes the rows of
   both tables: the program derives them again when it opens the database.
3. Add the words of the page of the board, ``display.scope.NAME``, in each language. For a filter in the
   address of that page, add the name to ``FILTERS`` in ``web/board/options.ts``.

The columns of both tables, the filters of the store and of the API, and the JSON of leaderboard rows follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from operator import itemgetter
from typing import Final

from f1timings.errors import QueryError
from f1timings.packets.formats import FIRST_FORMAT
from f1timings.packets.ids.cars import VISUAL_COMPOUNDS
from f1timings.packets.ids.sessions import FORMULAS, SESSION_TYPES, WEATHERS
from f1timings.timing.circumstances import ASSIST_WORDS, MIXED_WEATHER
from f1timings.timing.start_kinds import FLYING, START_KINDS

ClassValue = str | int | bool | None
ClassValues = tuple[ClassValue, ...]
"""The values of several classes, in the order of :data:`LAP_CLASSES`."""

NO_ASSISTS: Final = "none"
ANY_ASSISTS: Final = "any"


class ClassSource(Enum):
    """Where the value of a class comes from."""

    SESSION = auto()
    """The column of that name in the lap's session."""
    LAP = auto()
    """The column of that name in the lap."""
    ENTRY = auto()
    """How the lap was entered: timed by a game, or typed by hand."""


class Match(Enum):
    """How a filter is compared with the value of a lap. Unknown values match no filter."""

    EQUAL = auto()
    ANY_OR_NONE = auto()
    """As EQUAL, and ``any`` matches every known value apart from ``none``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LapClass:
    """One property of a lap by which boards filter.

    Attributes:
        name: the name of its columns.
        api_name: its name in queries and JSON.
        kind: the type of its values: str, int or bool.
        source: where its value comes from.
        meaning: one sentence for the documentation of the filter.
        example: a value for the documentation; None gives no example.
        match: how a filter is compared with it.
        words: the value by each word of the API, where the API has words for the values.
        vocabulary: the texts that laps can have; empty if any text is possible.
        bounds: the least and the greatest value of a filter.
        can_be_unknown: some laps have no value.
        is_in_rows: rows of a leaderboard show the value of the best lap.
        rule: the field of :class:`f1timings.meeting.people.Rules` that lists the values that count; empty for
            none.
    """

    name: str
    api_name: str = ""
    kind: type[str] | type[int] | type[bool] = str
    source: ClassSource
    meaning: str
    example: str | int | None = None
    match: Match = Match.EQUAL
    words: Mapping[str, ClassValue] = field(default_factory=dict)
    vocabulary: frozenset[str] = frozenset()
    bounds: tuple[int, int] | None = None
    can_be_unknown: bool = True
    is_in_rows: bool = False
    rule: str = ""

    def __post_init__(self) -> None:
        if not self.api_name:
            object.__setattr__(self, "api_name", self.name)

    def is_possible(self, text: str) -> bool:
        """Whether laps can have a text, so that a filter by it is no slip of the pen."""
        words = text.split(",") if self.match is Match.ANY_OR_NONE else [text]
        return not self.vocabulary or self.vocabulary.issuperset(words)


# The ids in board_bests list the values in this order. Another order needs a migration that empties it.
LAP_CLASSES: Final[tuple[LapClass, ...]] = (
    LapClass(
        name="rig",
        source=ClassSource.SESSION,
        meaning="The rig where the lap was driven.",
        example="192.168.1.21",
        can_be_unknown=False,
    ),
    LapClass(
        name="is_manual",
        api_name="source",
        kind=bool,
        source=ClassSource.ENTRY,
        meaning="Timed by a game, or typed by hand.",
        words={"telemetry": False, "manual": True},
        can_be_unknown=False,
    ),
    LapClass(
        name="packet_format",
        api_name="format",
        kind=int,
        source=ClassSource.SESSION,
        meaning="Packet format.",
        example=2025,
        bounds=(FIRST_FORMAT, 2099),
        can_be_unknown=False,
        is_in_rows=True,
        rule="formats",
    ),
    LapClass(
        name="session_type",
        source=ClassSource.SESSION,
        meaning="Type of the session.",
        example="Time Trial",
        vocabulary=SESSION_TYPES.names(),
        is_in_rows=True,
        rule="session_types",
    ),
    LapClass(
        name="formula",
        source=ClassSource.SESSION,
        meaning="Class of the cars.",
        vocabulary=FORMULAS.names(),
    ),
    LapClass(
        name="assists",
        source=ClassSource.LAP,
        meaning="`none`: laps known to be driven without; `any`: with at least one; else exactly these.",
        example=NO_ASSISTS,
        match=Match.ANY_OR_NONE,
        vocabulary=ASSIST_WORDS | {NO_ASSISTS, ANY_ASSISTS},
        is_in_rows=True,
    ),
    LapClass(
        name="weather",
        source=ClassSource.LAP,
        meaning="Weather of the lap.",
        example="clear",
        vocabulary=WEATHERS.names() | {MIXED_WEATHER},
        is_in_rows=True,
    ),
    LapClass(
        name="compound",
        source=ClassSource.LAP,
        meaning="Visual compound.",
        example="soft",
        vocabulary=VISUAL_COMPOUNDS.names(),
        is_in_rows=True,
    ),
    LapClass(
        name="start",
        source=ClassSource.LAP,
        meaning="How the lap began: at speed, from a standstill on the grid, or in the pits.",
        example=FLYING,
        words={kind: kind for kind in START_KINDS},
        is_in_rows=True,
    ),
    LapClass(
        name="equal_performance",
        kind=bool,
        source=ClassSource.SESSION,
        meaning="Whether all cars perform equally.",
    ),
)

CLASS_NAMES: Final = tuple(entry.name for entry in LAP_CLASSES)
SESSION_CLASSES: Final = tuple(entry for entry in LAP_CLASSES if entry.source is ClassSource.SESSION)
CLASSES_OF_LAP: Final = tuple(entry for entry in LAP_CLASSES if entry.source is ClassSource.LAP)
#: Those that a row of a leaderboard shows, in the order of its columns: the newest class first.
ROW_CLASSES: Final = tuple(entry for entry in reversed(LAP_CLASSES) if entry.is_in_rows)


def _combiner() -> Callable[[ClassValues], ClassValues]:
    parts = [*SESSION_CLASSES, *CLASSES_OF_LAP]
    parts += [entry for entry in LAP_CLASSES if entry.source is ClassSource.ENTRY]
    places = {entry.name: place for place, entry in enumerate(parts)}
    return itemgetter(*(places[name] for name in CLASS_NAMES))


_in_order: Final = _combiner()


def class_values(of_session: ClassValues, of_lap: ClassValues, *, is_manual: bool) -> ClassValues:
    """The values of all classes of one lap.

    Args:
        of_session: those of :data:`SESSION_CLASSES`.
        of_lap: those of :data:`CLASSES_OF_LAP`.
        is_manual: it was typed by hand.
    """
    return _in_order((*of_session, *of_lap, is_manual))


def check_filters(filters: Mapping[str, ClassValue]) -> None:
    """Check that each filter names a class and has a value of its type.

    Raises:
        QueryError: one does not.
    """
    by_name: Mapping[str, LapClass] = {entry.name: entry for entry in LAP_CLASSES}
    for name, value in filters.items():
        entry = by_name.get(name)
        if entry is None:
            raise QueryError(f"there is no lap class {name!r}; there are: {', '.join(CLASS_NAMES)}")
        # The exact type: bool is an int in Python.
        if type(value) is not entry.kind:
            raise QueryError(f"a filter by {name} must be of type {entry.kind.__name__}, not {value!r}")


def values_of(record: object, classes: Sequence[LapClass]) -> ClassValues:
    """The values of some classes, from the fields of a record with their names."""
    return tuple([getattr(record, entry.name) for entry in classes])
