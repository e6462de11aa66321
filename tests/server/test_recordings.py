"""Each recording of a real game, sent to a server over UDP, is in the API before and after kill -9."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from f1timings.intake.captures.replay import replay
from tests.server.running import RunningServer, read_until_stable
from tests.shared import REAL_PACKETS, needs_shared

RECORDINGS = sorted(path.stem for path in REAL_PACKETS.glob("*.pcap"))
pytestmark = needs_shared


def results(server: RunningServer) -> dict[str, Any]:
    """All results in the API: laps, sessions, and the classifications that are expected."""
    sessions = server.everything("/api/v1/sessions")
    return {
        "laps": server.everything("/api/v1/laps"),
        "sessions": sessions,
        "details": [server.get(f"/api/v1/sessions/{session['id']}") for session in sessions],
        "classifications": {
            session["id"]: server.get(f"/api/v1/sessions/{session['id']}/classification")
            for session in sessions
            if session["session_uid"] in expected_classifications(server.data_dir.name)
        },
    }


def expected_packets(recording: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((REAL_PACKETS / f"{recording}.expected.json").read_text())
    return loaded


def expected_classifications(recording: str) -> dict[str, list[tuple[int, int]]]:
    """(position, laps) of every classified car, by session UID; a UID of 0 means the previous session."""
    classifications: dict[str, list[tuple[int, int]]] = {}
    uid = "0"
    for packet in expected_packets(recording):
        header = packet["fields"]["m_header"]
        if header["m_sessionUID"] != "0" and packet["packet"] in ("lap_data", "session", "participants"):
            uid = header["m_sessionUID"]
        if packet["packet"] == "final_classification":
            own_uid = header["m_sessionUID"] if header["m_sessionUID"] != "0" else uid
            cars = packet["fields"]["m_classificationData"]
            classifications[own_uid] = sorted(
                (car["m_position"], car["m_numLaps"]) for car in cars if car["m_position"]
            )
    return classifications


def expected_laps(recording: str) -> set[tuple[str, int, int, int]]:
    """(session UID, car, lap number, time) of every completed lap in the session histories."""
    laps = set()
    for packet in expected_packets(recording):
        if packet["packet"] == "session_history":
            fields = packet["fields"]
            for number, lap in enumerate(fields["m_lapHistoryData"][: fields["m_numLaps"]], 1):
                if lap["m_lapTimeInMS"]:
                    uid = fields["m_header"]["m_sessionUID"]
                    laps.add((uid, fields["m_carIdx"], number, lap["m_lapTimeInMS"]))
    return laps


@pytest.mark.parametrize("recording", RECORDINGS)
def test_the_results_of_a_recording_survive_a_kill(recording: str, tmp_path: Path) -> None:
    capture = REAL_PACKETS / f"{recording}.pcap"
    with RunningServer(tmp_path / recording) as server:
        sent = replay(capture, "127.0.0.1", server.udp_port, speed=0)
        server.until(
            lambda: sum(rig["datagrams"] for rig in server.get("/api/v1/rigs")["items"]) == sent.datagrams
        )
        before = read_until_stable(lambda: results(server))
        server.kill()
        server.start()
        after = results(server)
    assert before == after
    timed = {
        (lap["session_uid"], lap["car_index"], lap["lap_number"], lap["lap_time_ms"])
        for lap in before["laps"]
        if lap["state"] == "completed"
    }
    assert expected_laps(recording) == timed
    classified = {
        session_id.split("~")[1]: [(entry["position"], entry["laps"]) for entry in classification["items"]]
        for session_id, classification in before["classifications"].items()
    }
    assert expected_classifications(recording) == classified


def test_the_recording_of_melbourne_has_fourteen_laps_of_car_7(tmp_path: Path) -> None:
    recording = "gamesdat-emit2025-format2025"
    with RunningServer(tmp_path / recording) as server:
        replay(REAL_PACKETS / f"{recording}.pcap", "127.0.0.1", server.udp_port, speed=0)
        server.until(lambda: len(server.everything("/api/v1/laps", car_index=7, state="completed")) == 14)
        laps = server.settled("/api/v1/laps", car_index=7, state="completed", sort="lap_number")
        (session,) = {lap["session_id"] for lap in laps}
        assert "Melbourne" == server.get(f"/api/v1/sessions/{session}")["track"]
    assert list(range(1, 15)) == [lap["lap_number"] for lap in laps]
    assert 98_290 == laps[0]["lap_time_ms"]
    assert (101_821, 30_713, 19_095, 52_012) == tuple(
        laps[11][key] for key in ("lap_time_ms", "sector1_ms", "sector2_ms", "sector3_ms")
    )
    assert {"SAINZ"} == {lap["participant"] for lap in laps}
