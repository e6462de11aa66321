"""Each check of the table: when it finds something, and that a good evening passes all."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from f1timings.doctor.checks import CHECKS, run_checks
from f1timings.doctor.firewall import Firewall
from f1timings.doctor.game_menu import Listening
from f1timings.doctor.situation import HeardRig, Machine, PortState, Situation, Stored, is_restricted
from f1timings.packets import Header, build, encode
from f1timings.rigs.health import Hint
from f1timings.rigs.lock import Stranger

MACHINE = Machine(
    listening=Listening(("192.168.1.10",), 20777),
    pages=PortState(number=8080),
    firewall=None,
    buffer_bytes=4 * 1024 * 1024,
    free_gib=100.0,
    reserved_gib=2.0,
)
RIG = HeardRig(name="Rig 3", rig="192.168.1.21", address="192.168.1.21", hints=(), is_restricted=False)
GOOD = Situation(machine=MACHINE, rigs=(RIG,), strays={}, refused={})
FIREWALL = Firewall("ufw", "allow {udp} and {tcp}")


def on_machine(**facts: object) -> Situation:
    return replace(GOOD, machine=replace(MACHINE, **facts))  # type: ignore[arg-type]


def with_hint(hint: Hint) -> Situation:
    return replace(GOOD, rigs=(RIG, replace(RIG, name="Rig 4", hints=(hint,))))


def with_stray(reason: str) -> Situation:
    return replace(GOOD, strays={"192.168.1.99": Counter({reason: 7})})


def with_stranger(**facts: Any) -> Situation:
    return replace(GOOD, strangers=(Stranger(address="192.168.1.77", last_at=0.0, **facts),))


def test_a_good_evening_passes_every_check() -> None:
    findings = run_checks(GOOD)
    assert [] == [finding for finding in findings if finding.state != "good" or finding.remedy]
    assert [check.name for check in CHECKS] == [finding.name for finding in findings]
    assert "This machine is reached at 192.168.1.10." == findings[0].text


CASES = [
    ("addresses", "wrong", on_machine(listening=Listening((), 20777)), "in no network", "Connect"),
    ("telemetry_port", "wrong", on_machine(telemetry_error="Taken."), "20777 .*Taken", "udp_port"),
    ("pages_port", "wrong", on_machine(pages=PortState(number=81, error="taken")), "81 .*taken", "port"),
    (
        "firewall",
        "hint",
        replace(on_machine(firewall=FIREWALL), rigs=()),
        "ufw.* 20777 .* 8080",
        "allow 20777 and 8080",
    ),
    ("receive_buffer", "hint", on_machine(buffer_bytes=212_992), "208 KiB instead of 4096", "limit"),
    ("disk", "hint", on_machine(free_gib=3.0), "3.0 GiB .* 2 GiB", "data_dir"),
    ("disk", "wrong", on_machine(free_gib=1.5), "1.5 GiB .* 2 GiB", "data_dir"),
    (
        "database",
        "wrong",
        replace(
            GOOD,
            stored=Stored(missing="data/f1timings.db", newest_backup="May 1", restoring="r", beginning="b"),
        ),
        "data/f1timings.db is not there",
        "newest good backup, of May 1: r .* empty one: b$",
    ),
    (
        "backup_copy",
        "wrong",
        replace(GOOD, stored=Stored(second_folder="/media/stick", copied_h=31)),
        "/media/stick got no backup for 31 hours",
        "Plug the stick in",
    ),
    (
        "datagrams",
        "wrong",
        replace(GOOD, rigs=()),
        "port 20777",
        "Settings > Telemetry Settings.*192.168.1.10.*20777",
    ),
    ("datagrams", "hint", replace(GOOD, rigs=(replace(RIG, hints=(Hint.NO_DATA,)),)), "20777", "drive"),
    ("old_format", "wrong", with_stray("old_format"), "192.168.1.99 is 2019 or older", "2020 or newer"),
    ("unknown_format", "wrong", with_stray("unknown_format"), "192.168.1.99", "UDP Format"),
    ("unknown_format", "wrong", with_hint(Hint.NOT_RECOGNISED), "Rig 4", "UDP Format"),
    (
        "too_much",
        "wrong",
        replace(GOOD, refused={f"10.0.0.{number}": number for number in range(1, 9)}),
        r": 10\.0\.0\.8 \(8\), 10\.0\.0\.7 \(7\), .* \(4\)\.$",
        "disconnect it",
    ),
    (
        "not_admitted",
        "wrong",
        with_stranger(refused=1204, is_game=True),
        r"refused: 192\.168\.1\.77 \(1204\)\.$",
        "admit its address",
    ),
    (
        "claimed_session",
        "wrong",
        with_stranger(claims="192.168.1.21"),
        r"192\.168\.1\.77 \(Rig 3\)\.$",
        "lock the rigs",
    ),
    ("low_rate", "wrong", with_hint(Hint.LOW_RATE), "low: Rig 4", "60Hz"),
    ("losses", "wrong", with_hint(Hint.LOSSES), "Rig 4", "cable"),
    ("hidden_names", "hint", with_hint(Hint.NAMES_HIDDEN), "Rig 4", "Show Online Names to On"),
    (
        "restricted",
        "hint",
        replace(GOOD, rigs=(replace(RIG, is_restricted=True),)),
        "restricted: Rig 3",
        "Your Telemetry to Public",
    ),
]


@pytest.mark.parametrize(("name", "state", "situation", "text", "remedy"), CASES)
def test_a_check_says_what_is_wrong_and_what_to_do(
    *, name: str, state: str, situation: Situation, text: str, remedy: str
) -> None:
    found = [finding for finding in run_checks(situation) if finding.state != "good"]
    (finding,) = (each for each in found if each.name == name)
    assert {name, *([] if situation.rigs else ["datagrams"])} == {each.name for each in found}
    assert state == finding.state
    assert re.search(text, finding.text), finding.text
    assert re.search(remedy, finding.remedy), finding.remedy


def test_every_check_has_a_case() -> None:
    assert {check.name for check in CHECKS} == {name for name, *_ in CASES}


def test_a_firewall_that_lets_a_rig_through_is_good_and_a_rig_on_this_machine_proves_nothing() -> None:
    through = on_machine(firewall=FIREWALL)
    here = replace(through, rigs=(replace(RIG, address="127.0.0.1"),))
    states = [
        {finding.name: finding.state for finding in run_checks(situation)}["firewall"]
        for situation in (through, here)
    ]
    assert ["good", "hint"] == states


def test_a_sender_that_became_a_rig_is_no_longer_named() -> None:
    mended = replace(GOOD, strays={RIG.address: Counter(old_format=7)})
    assert "good" == {finding.name: finding.state for finding in run_checks(mended)}["old_format"]


@pytest.mark.parametrize(("flag", "expected"), [(0, True), (1, False)])
@pytest.mark.parametrize("packet_format", [2020, 2025])
def test_restricted_telemetry_is_read_from_the_own_car(packet_format: int, flag: int, expected: bool) -> None:
    cars = {3: {"your_telemetry": flag}, 4: {"your_telemetry": 1 - flag}}
    data = encode(build(packet_format, "participants", Header(packet_format), cars=cars))
    assert expected is is_restricted({"participants": data}, 3)
    assert is_restricted({"participants": data}, 255) is None
    assert is_restricted({}, 3) is None
