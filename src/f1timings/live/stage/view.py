"""``stage``: which scene the screens of the room show by themselves, equal for all of them."""

from __future__ import annotations

from collections.abc import Callable

from f1timings.live.fanout.row_columns import columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.meeting.room.stage import STAGE_SCENES, Stage

PERIOD_S = 0.5

FACTS = columns(
    """
    scene | text | | `leaderboard`; `race` while a race or a qualifying runs; then `result`
    rig | text | | whose data the scene shows, see the views of a rig; null if no rig sends
    session_id | text | | the session that the scene shows, see `/api/v1/sessions/{session_id}`
""",
    choices={"scene": STAGE_SCENES},
    never_null={"scene"},
)


def view(contents: Callable[[], Contents]) -> RowViewKind:
    """The view ``stage``."""
    source = RowSource(contents=contents)
    return RowViewKind(
        name="stage",
        columns=(),
        facts=FACTS,
        build_source=lambda _argument: source,
        period_s=PERIOD_S,
        meaning="What the screens of the room show by themselves: facts only, no rows.",
        id_meaning="unused",
    )


def stage_contents(stage: Stage) -> Contents:
    """The facts."""
    return Contents({}, {"scene": stage.scene, "rig": stage.rig, "session_id": stage.session_id})
