"""The documentation is complete and correct: generated parts are up to date, and nothing is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from scripts.documentation.api import operations
from scripts.documentation.commands import all_commands, commands
from scripts.documentation.error_classes import error_classes
from scripts.documentation.parts import ROOT, list_documents, outdated_documents, update_parts
from scripts.documentation.views import view_kinds
from websockets.sync.client import connect

from f1timings import errors
from f1timings.config import CONFIG_FILE, SECRETS, Settings
from f1timings.errors import DecodeError
from f1timings.live.fanout import messages
from f1timings.live.fanout.messages import Announcement
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource
from f1timings.meeting.room.records import RoomCircuitChanged
from f1timings.packets import (
    formula_name,
    result_status_name,
    session_type_name,
    track_name,
    visual_compound_name,
    weather_name,
)
from f1timings.store.acts import meetings
from f1timings.timing.events import (
    LapRecorded,
    OccurrenceRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.records import LapState
from f1timings.web.http.problem_kinds import KINDS
from f1timings.web.laps.bodies import LAP
from f1timings.web.sessions.bodies import (
    CLASSIFICATION_ROW,
    SESSION,
)
from f1timings.web.sessions.occurrence_bodies import (
    INCIDENT,
)
from tests.live.screens import ReceivedViews
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S
from tests.web import records
from tests.web.world import World, open_client, open_world, serve

OPERATING, API, PROTOCOL = (
    (ROOT / "docs" / f"{name}.md").read_text("utf-8") for name in ("operating", "api", "protocol")
)
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_FENCED = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_CODE_FILE = re.compile(r"`(?P<path>[a-z_]+(?:/[a-z_]+)*\.py)`")
DOCUMENTS = [path.relative_to(ROOT).as_posix() for path in list_documents()]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A real server with one race."""
    with open_world(tmp_path_factory.mktemp("race")) as world, serve(world.app) as address:
        world.commit_race()
        with open_client(f"http://{address}") as client:
            yield client


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def has_anchor(target: Path, fragment: str) -> bool:
    """Whether a document has a heading, or a source file a line; ``make docs`` updates the line numbers."""
    text = target.read_text("utf-8")
    if target.suffix == ".md":
        return fragment in anchors(text)
    return re.fullmatch(r"L\d+", fragment) is not None and int(fragment[1:]) <= text.count("\n")


def without_code(text: str) -> str:
    return _FENCED.sub("", text)


def shell_lines(text: str) -> list[str]:
    """The commands of a document's examples, without comments."""
    blocks = [match["text"] for match in _FENCED.finditer(text) if match["language"] == "bash"]
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def anchor(heading: str) -> str:
    """The name of a heading as the target of a link."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(text: str) -> set[str]:
    return {anchor(line.lstrip("#")) for line in without_code(text).splitlines() if line.startswith("#")}


def example_messages() -> list[dict[str, Any]]:
    """Every example message in the document of the protocol."""
    return [json.loads(match["text"]) for match in _FENCED.finditer(PROTOCOL) if match["language"] == "json"]


def fits(documented: object, received: object) -> bool:
    """Whether two JSON values have the same names and types; null fits any value."""
    if documented is None or received is None:
        return True
    if isinstance(documented, dict) and isinstance(received, dict):
        has_same_names = documented.keys() == received.keys()
        return has_same_names and all(fits(value, received[name]) for name, value in documented.items())
    if isinstance(documented, list) and isinstance(received, list):
        return all(fits(*pair) for pair in zip(documented, received, strict=False))
    return type(documented) is type(received)


# Generated parts ---------------------------------------------------------------------------------------


def test_generated_parts_are_up_to_date() -> None:
    assert [] == outdated_documents(), "run 'make docs'"


def test_a_part_that_differs_from_the_code_is_noticed() -> None:
    written = "a\n<!-- generated: limits -->\nold\n<!-- end -->\nb\n"
    renewed = update_parts(written)
    assert written != renewed
    assert renewed == update_parts(renewed)
    assert (renewed.startswith("a\n<!-- generated"), renewed.endswith("<!-- end -->\nb\n")) == (True, True)


def test_an_unknown_generated_part_is_an_error() -> None:
    with pytest.raises(KeyError, match="weather"):
        update_parts("<!-- generated: weather -->\n<!-- end -->")


# Nothing is missing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_documented_and_has_a_description(setting: str) -> None:
    assert f"`{setting}`" in OPERATING
    assert f"`F1TIMINGS_{setting.upper()}`" in OPERATING
    assert Settings.model_fields[setting].description
    assert CONFIG_FILE in OPERATING


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_except_secrets_is_a_flag_of_serve(setting: str) -> None:
    flags = {flag for parameter in commands()["serve"].params for flag in parameter.opts}
    assert (f"--{setting.replace('_', '-')}" in flags) != (setting in SECRETS)


@pytest.mark.parametrize(("name", "command"), list(all_commands()))
def test_every_command_is_documented_and_its_parameters_are_explained(name: str, command: Any) -> None:
    assert f"### `f1timings {name}" in OPERATING
    assert command.help
    assert [] == [parameter.name for parameter in command.params if not parameter.help]


def test_every_route_is_documented() -> None:
    missing = [path for method, path, _ in operations() if f"| {method} | `{path}` |" not in API]
    assert [] == missing


def test_every_error_class_is_documented() -> None:
    names = [error_class.__name__ for error_class in error_classes()]
    assert len(names) > 5
    assert [] == [name for name in names if f"`{name}`" not in OPERATING]


def test_the_tree_in_the_errors_module_has_every_class() -> None:
    tree = errors.__doc__ or ""
    assert [] == [error_class.__name__ for error_class in error_classes() if error_class.__name__ not in tree]


def test_every_reason_for_which_a_datagram_is_rejected_is_documented() -> None:
    reasons = re.findall(r"``(\w+)``", DecodeError.__doc__ or "")
    assert len(reasons) == 5
    assert [] == [reason for reason in reasons if f"| `{reason}` |" not in OPERATING]


def test_every_problem_and_every_state_of_a_lap_is_documented() -> None:
    assert [] == [kind for kind in KINDS if f"`{kind}`" not in API]
    assert [] == [state for state in LapState if f"| `{state}` |" not in API]


def test_every_decision_has_its_own_number_and_the_three_sections() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [
        f"{number:04}" for number in range(1, len(decisions) + 1)
    ]
    for decision in decisions:
        text = decision.read_text("utf-8")
        assert text.startswith(f"# {decision.name[:4]} ")
        assert {"situation", "decision", "consequences"} <= anchors(text)


# The documents are correct -----------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_have_a_target(document: str) -> None:
    broken = []
    for match in _LINK.finditer(without_code(text_of(document))):
        place, _, fragment = match["target"].partition("#")
        if re.match(r"[a-z]+:", place):
            continue
        target = (ROOT / document).parent / place if place else ROOT / document
        has_target = target.exists() and (not fragment or has_anchor(target, fragment))
        broken += [] if has_target else [match["target"]]
    assert [] == broken


@pytest.mark.parametrize("document", DOCUMENTS)
def test_source_files_that_a_document_names_exist(document: str) -> None:
    named = {match["path"] for match in _CODE_FILE.finditer(text_of(document))}
    places = (ROOT, ROOT / "src" / "f1timings")
    assert [] == sorted(path for path in named if not any((place / path).exists() for place in places))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_that_a_document_names_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    named = {word for line in shell_lines(text_of(document)) for word in re.findall(r"^make ([a-z]+)", line)}
    named |= set(re.findall(r"`make ([a-z]+)", without_code(text_of(document))))
    assert set() == named - targets


def test_the_readme_names_the_make_targets_to_start_with() -> None:
    assert {"make run", "make test"} <= set(shell_lines(text_of("README.md")))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_that_a_document_names_exist(document: str) -> None:
    text = text_of(document)
    examples = "\n".join(shell_lines(text)) + "\n".join(re.findall(r"`([^`\n]+)`", without_code(text)))
    named = set(re.findall(r"^f1timings ([a-z]+)", examples, re.MULTILINE))
    assert set() == named - set(commands())


def test_the_tests_that_a_rule_of_security_names_exist() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", text)
    missing = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test}(" not in (ROOT / "tests" / file).read_text("utf-8")
    ]
    assert len(named) > 40
    assert [] == missing


def test_the_changelog_has_a_section_for_unreleased_changes() -> None:
    assert re.search(r"^## \[Unreleased\]$", text_of("CHANGELOG.md"), re.MULTILINE)


def test_the_example_of_a_problem_equals_the_answer_of_the_api(api: httpx.Client) -> None:
    (documented,) = (
        json.loads(match["text"])
        for match in _FENCED.finditer(API)
        if match["language"] == "json" and "problem-" in match["text"]
    )
    assert documented == api.get("/api/v1/laps", params={"limit": 2000}).json()


def test_the_words_in_the_examples_are_words_of_the_program() -> None:
    numbers = range(32)
    used = {
        "track": {track_name(2025, SESSION["track_id"])},
        "session_type": {session_type_name(2025, 25, number) for number in numbers},
        "formula": {formula_name(2025, number) for number in numbers},
        "weather": {weather_name(2025, number) for number in numbers},
        "compound": {visual_compound_name(2025, number) for number in numbers},
        "status": {result_status_name(2025, number) for number in numbers},
    }
    examples = SESSION | LAP | CLASSIFICATION_ROW
    assert {} == {name: examples[name] for name, words in used.items() if examples[name] not in words}


def test_every_check_of_readiness_is_documented(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        checks = server.get("/api/health/ready")["checks"]
    assert [] == [name for name in checks if f"| `{name}` |" not in OPERATING]


def test_the_examples_of_requests_succeed(api: httpx.Client) -> None:
    addresses = re.findall(r"'http://localhost:8080(/[^']+)'", "\n".join(shell_lines(API)))
    assert len(addresses) == 5
    assert [200] * 5 == [api.get(address).status_code for address in addresses]


# The protocol ------------------------------------------------------------------------------------------


def test_every_event_of_the_socket_is_documented_with_an_example() -> None:
    documented = [message["event"] for message in example_messages() if "event" in message]
    assert sorted(messages.EVENTS) == sorted(documented)
    assert {f"`{event}`" for event in messages.EVENTS} == {
        line.removeprefix("#### ") for line in PROTOCOL.splitlines() if line.startswith("#### ")
    }


def test_each_documented_message_has_the_form_that_the_socket_sends(tmp_path: Path) -> None:
    documented = {kind_of(message): message for message in example_messages()}
    with open_world(tmp_path) as world, serve(world.app) as address:
        received = {kind_of(message): message for message in conversation(world, address, documented)}
    received["heartbeat"] = json.loads(messages.heartbeat("events", 8, 1.0))
    received["command"] = json.loads(messages.command("reload"))
    received["storage"] = json.loads(messages.storage("full"))
    del documented["subscribe"]
    assert documented.keys() == received.keys()
    assert [] == [kind for kind, message in documented.items() if not fits(message, received[kind])]
    assert documented["error"] == received["error"]


def kind_of(message: dict[str, Any]) -> str:
    """The kind of a message: its event, or the member that only this kind has."""
    if "event" in message:
        return str(message["event"])
    if "columns" in message.get("snapshot", ()):
        return "row_snapshot"
    kinds = ("subscribe", "snapshot", "heartbeat", "error", "hello", "command", "storage")
    return next((kind for kind in kinds if kind in message), "row_update")


def conversation(world: World, address: str, documented: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Send the documented subscription, cause every kind of event, and return the received messages."""
    received: list[dict[str, Any]] = []
    tower = ChangingView(documented["row_snapshot"], documented["row_update"])
    for kind in view_kinds().values():
        world.hub.register(replace(kind, build_source=lambda _rig: RowSource(contents=tower.contents)))
    subscription = documented["subscribe"]
    with connect(f"ws://{address}/ws", proxy=None, compression=None) as screen:
        screen.send('{"subscribe": ["tower"]}')
        received.append(json.loads(screen.recv(timeout=LONGEST_WAIT_S)))
        screen.send(json.dumps(subscription | {"subscribe": ["events", subscription["subscribe"][1]]}))
        received += [json.loads(screen.recv(timeout=LONGEST_WAIT_S)) for _ in range(3)]
        tower.is_changed = True
        world.commit(
            records.rig(),
            SessionChanged(records.session(is_ended=True)),
            ParticipantsChanged(records.SESSION_ID, (records.participant(19, "VERSTAPPEN"),)),
            LapRecorded(records.lap(7)),
            OccurrenceRecorded(records.incident(detail=INCIDENT["detail"])),
            OccurrenceRecorded(records.stint(1, 1, 6, "soft")),
            OccurrenceRecorded(records.pit_visit()),
            SessionClassified(records.SESSION_ID, (records.entry(1, 19, "VERSTAPPEN"),)),
            RoomCircuitChanged(meeting_id="3f9a1c52b7d0", circuit="Monza"),
        )
        world.store.act("Marta", lambda desk: meetings.create(desk, "Thursday"))
        world.hub.publish_threadsafe([Announcement("laps_changed", {"laps": 812})])
        while not messages.EVENTS | {"row_update"} <= {kind_of(message) for message in received}:
            received.append(json.loads(screen.recv(timeout=LONGEST_WAIT_S)))
    return received


class ChangingView:
    """A view with the contents of the documented snapshot, and later of the documented update."""

    def __init__(self, snapshot: dict[str, Any], update: dict[str, Any]) -> None:
        self.is_changed = False
        before, after = ReceivedViews(), ReceivedViews()
        before.handle_message(snapshot)
        after.handle_message(json.loads(json.dumps(snapshot)))
        after.handle_message(update)
        assert after.lost == 0
        self._shown = [next(iter(received.views.values())) for received in (before, after)]

    def contents(self) -> Contents:
        shown = self._shown[self.is_changed]
        return Contents({id_: tuple(row[1:]) for id_, row in shown["rows"].items()}, shown["facts"])


def test_every_view_is_documented_with_all_its_columns_and_facts() -> None:
    kinds = view_kinds()
    assert {"events", *(kind.pattern for kind in kinds.values())} == {
        line.partition("`")[2].partition("`")[0] for line in PROTOCOL.splitlines() if line.startswith("| `")
    } & {"events", *(kind.pattern for kind in kinds.values())}
    # Views with the same columns have one table.
    documented = {
        kind.columns for name, kind in kinds.items() if f"<!-- generated: columns:{name} -->" in PROTOCOL
    }
    assert [] == [name for name, kind in kinds.items() if kind.columns not in documented]
    names = {fact.name for kind in kinds.values() for fact in kind.facts}
    assert set() == {name for name in names if f"| `{name}` |" not in PROTOCOL}


@pytest.mark.parametrize("name", view_kinds())
def test_the_documented_values_have_the_types_of_their_columns(name: str) -> None:
    kind = view_kinds()[name]
    assert len({column.name for column in kind.columns}) == len(kind.columns)
    (snapshot,) = (message for message in example_messages() if kind_of(message) == "row_snapshot")
    if snapshot["view"].startswith(f"{name}:"):
        assert snapshot["snapshot"]["columns"] == ["id", *(column.name for column in kind.columns)]
        for row in snapshot["snapshot"]["rows"]:
            wrong = [
                column.name
                for column, value in zip(kind.columns, row[1:], strict=True)
                if value is not None and type(value).__name__ != TYPES[column.type]
            ]
            assert wrong == []


TYPES = {"text": "str", "int": "int", "float": "float", "bool": "bool", "flags": "int", "list": "list"}
