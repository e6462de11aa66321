"""Which sessions the screens remember."""

from __future__ import annotations

from f1timings.live.views.session_watch import SessionWatch
from f1timings.timing.engine import REMEMBERED_SESSIONS
from f1timings.timing.events import ParticipantsChanged, SessionChanged
from f1timings.timing.records import Session, session_id

RIGS = ["10.0.0.5", "10.0.0.6"]


def began(rig: str, uid: int) -> Session:
    return Session(id=session_id(rig, uid, 0), rig=rig, uid=uid, epoch=0, packet_format=2025)


def test_of_each_rig_the_newest_sessions_are_remembered_and_no_more() -> None:
    watch = SessionWatch()
    sessions = {rig: [began(rig, uid) for uid in range(1, 40)] for rig in RIGS}
    for of_both in zip(*sessions.values(), strict=True):
        for session in of_both:
            watch.handle_events([SessionChanged(session), ParticipantsChanged(session.id, ())])
            watch.handle_events([SessionChanged(session)])
    for rig, of_rig in sessions.items():
        known = [session for session in of_rig if watch.session(session.id).session is not None]
        assert of_rig[-REMEMBERED_SESSIONS:] == known
        assert of_rig[-1] == watch.newest(rig, of_rig[-1].uid).session


def test_a_session_that_comes_back_is_the_newest_again() -> None:
    watch = SessionWatch()
    sessions = [began(RIGS[0], uid) for uid in range(1, REMEMBERED_SESSIONS + 2)]
    watch.handle_events([SessionChanged(session) for session in [*sessions, sessions[0]]])
    assert sessions[0] == watch.newest(RIGS[0], 1).session
    assert watch.session(sessions[1].id).session is None


def test_a_session_that_comes_back_after_it_was_forgotten_for_others_stays() -> None:
    watch = SessionWatch()
    back = began(RIGS[0], 1)
    watch.handle_events([SessionChanged(back)])
    # Sessions of which no event names the rig.
    watch.handle_events(ParticipantsChanged(f"other {number}", ()) for number in range(1_000))
    assert watch.session(back.id).session is None
    watch.handle_events([SessionChanged(back)])
    for uid in range(2, REMEMBERED_SESSIONS + 1):
        watch.handle_events([SessionChanged(began(RIGS[0], uid))])
        assert back == watch.session(back.id).session
