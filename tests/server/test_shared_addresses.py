"""Two games behind one address: the newcomer's laps move to a rig of its own; no text shows an address."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from websockets.sync.client import connect

from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.simulation import simulate
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S

ADDRESS = "127.0.0.2"
SPEED = 30.0
IP = re.compile(r"\d+\.\d+\.\d+\.\d+")
# Fields for programs: keys of rigs, ids made of them, the sender's address, and senders of no telemetry.
# The path that answers the addresses of the server itself.
OWN_ADDRESSES = "/api/v1/telemetry"
FOR_PROGRAMS = {"rig", "id", "session_id", "lap_id", "entrant", "address", "fastest", "strays"}


def play(server: RunningServer, sender: socket.socket, seed: int, *, laps: int) -> None:
    """Drive from a socket, thirty times as fast as the game."""
    scenario = Scenario(
        kind="time_trial",
        format=2025,
        laps=laps,
        cars=1,
        seed=seed,
        rate_hz=20,
        track_id=11,
        kinds=TIMING_KINDS,
    )
    started = time.monotonic()
    for at, _rig, data in simulate(scenario):
        time.sleep(max(0.0, started + at / SPEED - time.monotonic()))
        sender.sendto(data, ("127.0.0.1", server.udp_port))


def laps_by_rig(server: RunningServer) -> dict[str, int]:
    rigs = [lap["rig"] for lap in server.everything("/api/v1/laps", state="completed")]
    return {rig: rigs.count(rig) for rig in set(rigs)}


def test_the_laps_of_a_newcomer_move_to_its_own_rig_whose_card_says_what_to_do(tmp_path: Path) -> None:
    with (
        RunningServer(tmp_path / "data") as server,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as first,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as second,
    ):
        token = server.token("marshal")
        for sender in (first, second):
            sender.bind((ADDRESS, 0))
        play(server, first, 1, laps=1)
        server.until(lambda: laps_by_rig(server) == {ADDRESS: 1})
        ann = server.ask("POST", "/api/v1/drivers", {"name": "Ann"}, token).json["id"]
        server.ask("POST", f"/api/v1/rigs/{ADDRESS}/assign", {"driver_id": ann}, token)
        server.until(lambda: not server.everything("/api/v1/rigs")[0]["is_live"])

        # The second game starts while the first one rests: it looks like the same game with a new port.
        play(server, second, 2, laps=2)
        server.until(lambda: laps_by_rig(server) == {ADDRESS: 3})
        # Then the first one goes on with its session.
        play(server, first, 1, laps=1)

        port = second.getsockname()[1]
        own = f"{ADDRESS}:{port}"
        server.until(lambda: laps_by_rig(server).get(own) == 2)
        play(server, second, 3, laps=1)
        server.until(lambda: laps_by_rig(server).get(own) == 3)
        assert {None} == {lap["driver"] for lap in server.everything("/api/v1/laps", rig=own)}
        cards = {rig["rig"]: rig for rig in server.everything("/api/v1/rigs")}
        assert "Rig 2" == cards[own]["label"]
        assert "shared_address" in cards[own]["hints"]
        assert "shared_address" not in cards[ADDRESS]["hints"]
        assert [] == sorted(_public_addresses(server, own))


def _public_addresses(server: RunningServer, rig: str) -> Iterator[str]:
    """Where an anonymous reader finds an address in a text for people: path and field."""
    for path in _public_paths(server, rig):
        for accept in ("application/json", "text/csv"):
            for field in _fields_with_address(_read(server, path, accept)):
                yield f"{path} {field}"
    views = ["board", "rigs", "room", *(f"{kind}:{rig}" for kind in ("tower", "car", "map"))]
    with connect(f"ws://127.0.0.1:{server.port}/ws") as connection:
        connection.send(json.dumps({"subscribe": views}))
        missing = set(views)
        while missing:
            message = json.loads(connection.recv(timeout=LONGEST_WAIT_S))
            if "snapshot" in message:
                missing.remove(message["view"])
                snapshot = message["snapshot"]
                rows = [dict(zip(snapshot["columns"], row, strict=True)) for row in snapshot["rows"]]
                for field in _fields_with_address([rows, snapshot["facts"]]):
                    yield f"/ws {message['view']} {field}"


def _public_paths(server: RunningServer, rig: str) -> list[str]:
    """Every path that an anonymous reader may get, for this rig and its newest lap."""
    lap = server.everything("/api/v1/laps", rig=rig)[-1]
    known = {
        "rig": rig,
        "lap_id": lap["id"],
        "session_id": lap["session_id"],
        "meeting_id": lap["meeting_id"],
    }
    paths = []
    for path, operations in server.get("/openapi.json")["paths"].items():
        names = re.findall(r"{(\w+)}", path)
        if "get" in operations and all(name in known for name in names):
            filled = re.sub(r"{(\w+)}", lambda found: quote(known[found[1]], safe=""), path)
            if path != OWN_ADDRESSES and server.ask("GET", filled).status == 200:
                paths.append(filled)
    assert {"/api/v1/rigs", "/api/v1/laps", "/api/v1/leaderboard", "/api/drivers"} <= set(paths)
    return paths


def _read(server: RunningServer, path: str, accept: str) -> Any:
    """The answer as JSON, or as rows of its CSV; None if it has no such form."""
    url = f"http://127.0.0.1:{server.port}{path}"
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=LONGEST_WAIT_S) as answer:
            text, kind = answer.read().decode(), answer.headers.get_content_type()
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return None
    if kind == "text/csv":
        return list(csv.DictReader(io.StringIO(text)))
    return json.loads(text) if kind == "application/json" else text


def _fields_with_address(value: Any, field: str = "") -> Iterator[str]:
    """The fields of texts with an address, apart from those for programs."""
    if field in FOR_PROGRAMS:
        return
    if isinstance(value, dict):
        for name, item in value.items():
            yield from [f"{name}: key"] if IP.search(name) else _fields_with_address(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _fields_with_address(item, field)
    elif isinstance(value, str) and IP.search(value):
        yield f"{field}: {value[:80]}"
