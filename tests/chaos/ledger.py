"""What a server has announced as official, written down by a screen that outlives the server."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from types import TracebackType
from typing import Any, Final, Self

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.server.running import RunningServer

#: A lap of the simulator's truth or of the server: (session UID, rig's address, car, lap number, branch).
LapKey = tuple[str, str, int, int, int]
LapTimes = tuple[int | None, int | None, int | None, int | None]

_TIMES: Final = ("lap_time_ms", "sector1_ms", "sector2_ms", "sector3_ms")
_AGAIN_S: Final = 0.05


class Ledger:
    """A screen that follows the view ``events``, and connects again after each end; a context manager.

    Attributes:
        laps: the newest announced times of each lap, by its id.
        announced: how often each change of a lap was announced, by the id and the body.
    """

    def __init__(self, server: RunningServer) -> None:
        self.laps: dict[str, LapTimes] = {}
        self.announced: Counter[str] = Counter()
        self._address = f"ws://127.0.0.1:{server.port}/ws"
        self._is_open = threading.Event()
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._is_open.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_closing.wait(_AGAIN_S):
            with contextlib.suppress(OSError, WebSocketException):
                self._follow()

    def _follow(self) -> None:
        with connect(self._address) as screen:
            screen.send(json.dumps({"subscribe": ["events"]}))
            while not self._is_closing.is_set():
                with contextlib.suppress(TimeoutError):
                    self._note(json.loads(screen.recv(timeout=_AGAIN_S)))

    def _note(self, message: dict[str, Any]) -> None:
        if message.get("view") == "events":
            self._is_open.set()
        if message.get("event") == "lap_official":
            lap = message["data"]
            self.laps[lap["id"]] = _times(lap)
            self.announced[json.dumps(lap)] += 1


def assert_nothing_lost(ledger: Ledger, server: RunningServer) -> dict[LapKey, LapTimes]:
    """Check that each official lap is stored once with the announced times; return the stored laps."""
    official = dict(ledger.laps)  # before the list is read: more may be announced meanwhile
    stored = server.everything("/api/v1/laps")
    times = {lap["id"]: _times(lap) for lap in stored}
    assert [] == sorted(official.keys() - times.keys()), "official laps are lost"
    altered = {
        lap_id: (announced, times[lap_id])
        for lap_id, announced in official.items()
        if any(old not in (new, None) for old, new in zip(announced, times[lap_id], strict=True))
    }
    assert {} == altered, "official laps have other times"
    by_key = {_key(lap, lap["rig"]): _times(lap) for lap in stored}
    assert len(stored) == len(by_key), "laps are stored twice"
    return by_key


def assert_as_driven(stored: dict[LapKey, LapTimes], truth: dict[str, Any]) -> int:
    """Check that no stored time differs from what was driven; return how many driven laps have their time.

    A lap that only the game's list of laps shows has its sectors from there, which the game cuts to whole
    milliseconds one by one.
    """
    driven = {
        _key(lap | {"session_uid": session["session_uid"]}, session["address"]): _times(lap)
        for session in truth["sessions"]
        for lap in session["laps"]
        if lap["lap_time_ms"] is not None
    }
    found = {key: times for key, times in stored.items() if key in driven and times[0] is not None}
    wrong = {
        key: (times, driven[key])
        for key, times in found.items()
        if times[0] != driven[key][0] or not _fit(times, driven[key])
    }
    assert not wrong, f"laps have times that nobody drove: {wrong}"
    return len(found)


def _fit(times: LapTimes, driven: LapTimes) -> bool:
    pairs = zip(times, driven, strict=True)
    return all(time is None or (true is not None and abs(time - true) <= 1) for time, true in pairs)


def count_driven(truth: dict[str, Any]) -> int:
    """The number of driven laps that have a time."""
    laps = [lap for session in truth["sessions"] for lap in session["laps"]]
    return sum(lap["lap_time_ms"] is not None for lap in laps)


def _times(lap: dict[str, Any]) -> LapTimes:
    first, second, third, fourth = (lap[name] for name in _TIMES)
    return first, second, third, fourth


def _key(lap: dict[str, Any], rig: str) -> LapKey:
    return lap["session_uid"], rig, lap["car_index"], lap["lap_number"], lap["branch"]
