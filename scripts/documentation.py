"""The generated parts of the documentation: tables and examples made from the code that they describe.

A document marks such a part with two comments, ``<!-- generated: NAME -->`` and ``<!-- end -->``.
``python -m scripts.documentation`` writes them anew; with ``--check`` it only says which are out of date.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_args

import typer

from f1timings import errors
from f1timings.app import Application
from f1timings.commands import main as cli
from f1timings.config import SECRETS, Settings
from f1timings.live.fanout import messages
from f1timings.live.fanout.limits import HubLimits
from f1timings.live.fanout.views import RowViewKind
from f1timings.web import socket
from f1timings.web.http.problems import KINDS
from f1timings.web.laps.bodies import LAP
from f1timings.web.meetings.bodies import ACT
from f1timings.web.rigs.bodies import RIG
from f1timings.web.sessions.bodies import (
    CLASSIFICATION,
    PARTICIPANT,
    SESSION,
)
from f1timings.web.sessions.occurrence_bodies import (
    INCIDENT,
    PIT_VISIT,
    STINT,
)
from scripts import protocol_parts

ROOT = Path(__file__).resolve().parents[1]
_MARKED = re.compile(r"(<!-- generated: (?P<name>\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
_NOW = 1_795_363_920.25
_PATHS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs")


def documents() -> list[Path]:
    """Every document of the repository."""
    places = [ROOT / path for path in _PATHS]
    return [place for place in places if place.is_file()] + sorted((ROOT / "docs").rglob("*.md"))


def renewed(text: str) -> str:
    """A document with its generated parts made anew.

    Raises:
        KeyError: it marks a part that nobody makes.
    """
    return _MARKED.sub(lambda match: f"{match[1]}{part(match['name'])}\n{match[3]}", text)


def part(name: str) -> str:
    """One generated part; ``NAME:ARGUMENT`` gives its maker an argument."""
    maker, _, argument = name.partition(":")
    return PARTS[maker](argument) if argument else PARTS[maker]()


def stale() -> list[Path]:
    """The documents with a generated part that is out of date."""
    return [path for path in documents() if renewed(path.read_text("utf-8")) != path.read_text("utf-8")]


# The command line and the settings ---------------------------------------------------------------------


def settings_table() -> str:
    """Every setting: name, flag, environment, default, meaning."""
    rows = (
        (f"`{name}`", _flag(name, field), f"`F1TIMINGS_{name.upper()}`", *_setting(field))
        for name, field in Settings.model_fields.items()
    )
    return table(("setting", "flag", "environment", "default", "meaning"), rows)


def _flag(name: str, field: Any) -> str:
    if name in SECRETS:
        return "none"
    word = name.replace("_", "-")
    return f"`--{word}`, `--no-{word}`" if field.annotation is bool else f"`--{word}`"


def _setting(field: Any) -> tuple[str, str]:
    default = "none" if field.default is None else f"`{str(field.default).lower()}`"
    return default, " ".join(filter(None, (field.description, _allowed(field))))


def _allowed(field: Any) -> str:
    """The values that a setting may have, where its type does not say it all."""
    words = [word for word in get_args(field.annotation) if isinstance(word, str)]
    if words:
        return f"One of {', '.join(f'`{word}`' for word in words)}."
    bounds = {
        kind: getattr(limit, kind) for limit in field.metadata for kind in _BOUNDS if hasattr(limit, kind)
    }
    return "{ge} to {le}.".format(**bounds) if bounds.keys() == _BOUNDS else ""


_BOUNDS = {"ge", "le"}


def commands() -> Mapping[str, Any]:
    """Every command by its name, as typer's own objects."""
    found: Mapping[str, Any] = typer.main.get_command(cli.commands).commands  # type: ignore[attr-defined]
    return found


def commands_table() -> str:
    """Every command with its arguments and flags; those of ``serve`` are the settings."""
    return "\n\n".join(_command(name, command) for name, command in each_command())


def each_command() -> Iterator[tuple[str, Any]]:
    """Every command with the words that call it, those of a group after the group."""
    for name, command in commands().items():
        yield name, command
        for below, one in getattr(command, "commands", {}).items():
            yield f"{name} {below}", one


def _command(name: str, command: Any) -> str:
    if hasattr(command, "commands"):
        return f"### `f1timings {name}`\n\n{command.help}"
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    words = " ".join([f"f1timings {name}", *(one.name.upper() for one in arguments), "[FLAGS]"])
    rows = ((f"`{_spelled(one)}`", _default(one), one.help or "") for one in command.params)
    if set(Settings.model_fields) - set(SECRETS) <= {one.name for one in command.params}:
        return f"### `{words}`\n\n{command.help} Its flags are the [settings](#settings)."
    return f"### `{words}`\n\n{command.help}\n\n{table(('', 'default', 'meaning'), rows)}"


def _spelled(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    return " ".join(filter(None, (*parameter.opts, *parameter.secondary_opts, parameter.metavar)))


def _default(parameter: Any) -> str:
    if parameter.name in Settings.model_fields:
        return "the [setting](#settings)"
    return "" if parameter.required or parameter.default in (None, False) else f"`{parameter.default}`"


def error_classes(base: type[Exception] = errors.F1TimingsError) -> Iterator[type[Exception]]:
    """An error class and all below it."""
    yield base
    for below in base.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from error_classes(below)


def errors_table() -> str:
    """Every error class and its meaning."""
    return table(
        ("error", "meaning"), ((f"`{one.__name__}`", _first_line(one.__doc__)) for one in error_classes())
    )


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


# The API -----------------------------------------------------------------------------------------------


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document of the whole application."""
    with tempfile.TemporaryDirectory() as folder:
        application = Application(Settings(data_dir=Path(folder), database_url=None))  # type: ignore[call-arg]
        try:
            return application.web.openapi()
        finally:
            application.close()


@cache
def hub_kinds() -> Mapping[str, RowViewKind]:
    """The kinds of row views of the whole application."""
    with tempfile.TemporaryDirectory() as folder:
        application = Application(Settings(data_dir=Path(folder), database_url=None))  # type: ignore[call-arg]
        try:
            return dict(application.hub.kinds)
        finally:
            application.close()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every route of the API."""
    for path, methods in openapi()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def routes_table() -> str:
    """Every route with its summary."""
    return table(("method", "path", ""), ((m, f"`{path}`", one["summary"]) for m, path, one in operations()))


def filters_table() -> str:
    """The fields by which each list is filtered and sorted."""
    found = ((path, _fields(one)) for _, path, one in operations() if _fields(one))
    rows = ((f"`{path}`", ", ".join(f"`{name}`" for name in names)) for path, names in found)
    return table(("list", "fields"), rows)


def _fields(operation: Mapping[str, Any]) -> list[str]:
    """What a list can be sorted by; the same as what it can be filtered by."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "sort":
            words: list[str] = parameter["schema"]["anyOf"][0]["enum"]
            return [word for word in words if not word.startswith("-")]
    return []


def example(operation_id: str) -> str:
    """A route's example answer as it is in the OpenAPI document."""
    for _, _, operation in operations():
        if operation["operationId"] == operation_id:
            return json_block(operation["responses"]["200"]["content"]["application/json"]["example"])
    raise KeyError(operation_id)


def csv_example(operation_id: str) -> str:
    """A route's example answer as CSV."""
    for _, _, operation in operations():
        if operation["operationId"] == operation_id:
            text: str = operation["responses"]["200"]["content"]["text/csv"]["example"]
            return "```text\n" + text.replace("\r\n", "\n") + "```"
    raise KeyError(operation_id)


def problems_table() -> str:
    """Every problem that the API answers."""
    rows = (
        (f"`{kind}`", str(row.status), row.title, row.advice)
        for kind, row in sorted(KINDS.items(), key=lambda item: (item[1].status, item[0]))
    )
    return table(("type", "status", "title", "what to do"), rows)


# The WebSocket -----------------------------------------------------------------------------------------


def event_data() -> dict[str, dict[str, Any]]:
    """An example of the ``data`` of every event of the view ``events``."""
    rig_facts = ("rig", "address", "port", "listen_port", "packet_format", "game_year")
    return {
        "act_recorded": {
            "id": ACT["id"],
            "at": ACT["at"],
            "kind": ACT["kind"],
            "changed": [{"kind": "meeting", "id": ACT["subject"]}],
        },
        "incident_recorded": INCIDENT,
        "laps_changed": {"laps": 812},
        "lap_official": LAP,
        "participants_changed": {
            "session_id": SESSION["id"],
            "participants": [PARTICIPANT],
        },
        "pit_visit_recorded": PIT_VISIT,
        "rig_seen": {name: RIG[name] for name in rig_facts},
        "session_changed": SESSION,
        "session_classified": CLASSIFICATION,
        "stint_recorded": STINT,
    }


def message(name: str) -> str:
    """One message as the server sends it: ``snapshot``, ``heartbeat`` or the name of an event."""
    block = json_block(json.loads(_MESSAGES[name]() if name in _MESSAGES else _update(name)))
    return _INNERMOST.sub(_on_one_line, block) if name.startswith("row_") else block


_INNERMOST = re.compile(r"\[[^\[\]{}]*\]|\{[^\[\]{}]*\}")


def _on_one_line(match: re.Match[str]) -> str:
    """A list of plain values as one line: a row of a view."""
    return re.sub(r"\n\s*", " ", match[0]).replace("[ ", "[").replace(" ]", "]")


_MESSAGES: Mapping[str, Callable[[], str]] = {
    "snapshot": lambda: messages.snapshot("events", 7, _NOW),
    "heartbeat": lambda: messages.heartbeat("events", 8, _NOW),
    "row_snapshot": protocol_parts.row_snapshot,
    "row_update": protocol_parts.row_update,
    "hello": protocol_parts.hello,
    "command": protocol_parts.command,
}


def _update(event: str) -> str:
    return messages.update("events", 8, event, messages.json_text(event_data()[event]))


def limits_table() -> str:
    """What one screen may cost and send."""
    limits = HubLimits()
    rows = (
        ("connections at once", str(limits.clients)),
        ("of them from one address", str(limits.per_address)),
        ("views that one screen follows", str(limits.views)),
        ("updates that a screen may miss and still catch up by one", str(limits.buffer)),
        ("time that a screen may take nothing of what is on its way to it", f"{limits.stall_s:g} s"),
        ("time between heartbeats", f"{limits.heartbeat_s:g} s"),
        ("length of a message from a screen", f"{socket.LARGEST_MESSAGE} bytes"),
        ("messages from a screen in a second", str(socket.MESSAGES_PER_SECOND)),
    )
    return table(("", "at most"), rows)


# Numbers in the decisions --------------------------------------------------------------------------------

NUMBERS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "rigs": (
        ("rigs.registry.SILENT_S", "s", "silence after which an address's older port counts as gone"),
        ("rigs.registry._COPY_FRAMES", "frames", "the most that two copies of one stream are apart"),
        ("pipeline._MOST_HELD", "datagrams", "the most that are held back for one port"),
    ),
    "laps": (
        ("timing.lap_steps.JOINED_LATE_MS", "ms", "a lap first seen later than this was joined late"),
        ("timing.lap_steps.CLOCK_SLACK_MS", "ms", "the most that a lap time and the clock we saw may differ"),
        ("timing.lap_steps.LOSS_FACTOR", "times", "a gap longer than the usual one by this hid a datagram"),
    ),
    "order": (
        ("timing.packet_order.REORDER_S", "s", "the most that datagrams overtake each other, game time"),
        ("timing.packet_order.REORDER_FRAMES", "frames", "the same where the game's time stands at 0"),
        (
            "timing.packet_order.SUSTAINED",
            "packets",
            "so many in a row from an earlier time are no stragglers",
        ),
        ("timing.packet_order.RESTART_FRAME", "frames", "a run that begins again begins below this"),
        ("timing.packet_order.RESTART_TIME_S", "s", "and below this session time"),
        ("timing.packet_order.LONGEST_REWIND_S", "s", "no flashback goes back further"),
    ),
}


def numbers_table(name: str) -> str:
    """The numbers that a decision rests on, as the code has them."""
    rows = ((_number(place, unit), f"`{place}`", meaning) for place, unit, meaning in NUMBERS[name])
    return table(("", "in the code", "meaning"), rows)


def _number(place: str, unit: str) -> str:
    module, _, name = place.rpartition(".")
    return f"{getattr(importlib.import_module(f'f1timings.{module}'), name):,g} {unit}"


# Markdown ------------------------------------------------------------------------------------------------


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


def json_block(value: object) -> str:
    """JSON as a block of code."""
    return "```json\n" + json.dumps(value, indent=2, ensure_ascii=False) + "\n```"


PARTS: Mapping[str, Callable[..., str]] = {
    "settings": settings_table,
    "commands": commands_table,
    "errors": errors_table,
    "routes": routes_table,
    "filters": filters_table,
    "example": example,
    "csv": csv_example,
    "problems": problems_table,
    "message": message,
    "limits": limits_table,
    "views": lambda: table(*protocol_parts.views(hub_kinds())),
    "columns": lambda name: table(*protocol_parts.columns(hub_kinds()[name])),
    "facts": lambda name: table(*protocol_parts.facts(name, hub_kinds())),
    "flags": lambda: table(*protocol_parts.flags()),
    "frame": lambda part: table(*protocol_parts.frame(part)),
    "numbers": numbers_table,
}


def main(arguments: Sequence[str]) -> int:
    """Write the documents anew, or say which are out of date; the exit code is 1 if any is."""
    outdated = stale()
    names = [path.relative_to(ROOT).as_posix() for path in outdated]
    if "--check" in arguments:
        print(f"out of date, run 'make docs': {', '.join(names)}" if names else "documents: up to date")
        return bool(names)
    for path in outdated:
        path.write_text(renewed(path.read_text("utf-8")), "utf-8")
    print(f"written: {', '.join(names) or 'nothing'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
