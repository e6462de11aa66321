"""The rules of structure: names, sizes, arguments, imports and words."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source_code import (
    PACKAGE,
    ROOT,
    AnyFunction,
    base_names,
    classes,
    cycles,
    functions,
    imports,
    modules,
    string_literals,
)

MOST_MODULES = 15
MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_FILE = 450
MOST_POSITIONALS = 3
# As the architecture allows; and the list of migrations only grows.
LARGE_FOLDERS = {"timing", "simulator", "store/migrations/versions"}

# Allowed for good, each with its reason.

TABLES: set[str] = set()

PER_DATAGRAM = {
    # Called for every datagram, where keywords take measurable time.
    "app:Application._receive",
    "intake.captures.pcapng_writer:PcapngWriter.block",
    "intake.captures.pcapng_writer:PcapngWriter.write",
    "intake.forwarding.forwarder:Forwarder.forward",
    "intake.recorder.datagram_queue:DatagramQueue.put",
    "intake.recorder.recording:Recorder.record",
    "pipeline:Pipeline._settle",
    "pipeline:Pipeline._time",
    "pipeline:Pipeline.feed",
    "timing.engine:Engine._feed_other",
    "timing.engine:Engine._handle_car_status",
    "timing.engine:Engine._handle_classification",
    "timing.engine:Engine._handle_event",
    "timing.engine:Engine._handle_history",
    "timing.engine:Engine._handle_lap_data",
    "timing.engine:Engine._handle_participants",
    "timing.engine:Engine._handle_session",
    "timing.lap_rows:LapReader.row",
}
CALLED_BY_LIBRARIES = {
    # The signature is given by the library that calls it.
    "config:Settings.settings_customise_sources",
}

# Exceptions that are still to be removed. A test fails for an exception that is no longer needed.

MISNAMED_BODIES: set[str] = set()
FILES_NAMED_AFTER_THEIR_FOLDER = {
    "store/store.py",
}
LONG_FUNCTIONS: set[str] = set()
DATACLASSES_WITHOUT_KEYWORDS = {
    "access.throttle:_Attempts",
    "live.fanout.client:Following",
    "live.fanout.view_register:_OpenView",
    "simulator.scenario:Scenario",
}
MANY_POSITIONALS = {
    "live.fanout.messages:hello",
    "live.fanout.messages:update",
    "live.views.flags:status_bits",
    "live.views.lap_data:_LapDataReader._row",
    "store.boards.bests:_row",
    "store.boards.rosters:_read_by_lap",
    "store.boards.session_facts:read_snapshots",
    "store.events.versions:judged_lap",
    "store.reads.drivers:_ListRead.__call__",
    "store.reads.queries:Reads._listing",
    "timing.records:lap_id",
}


# Names -------------------------------------------------------------------------------------------------


def test_every_class_name_is_used_once() -> None:
    places = defaultdict(list)
    for place, node in classes():
        places[node.name.lstrip("_")].append(place)
    assert {} == {name: found for name, found in places.items() if len(found) > 1}


def test_the_models_of_the_api_end_in_body_and_no_other_class_does() -> None:
    nodes = {node.name: node for _, node in classes()}
    bodies = {"Body", "_OlderBody"}  # the models of the current and of the older contract
    while found := {name for name, node in nodes.items() if base_names(node) & bodies} - bodies:
        bodies |= found
    misnamed = {name for name in nodes if (name in bodies) != name.endswith("Body")}
    assert misnamed == MISNAMED_BODIES


def test_no_file_repeats_the_name_of_its_folder() -> None:
    paths = (path for path in modules().values() if path.stem != "__init__")
    repeated = {
        path.relative_to(PACKAGE).as_posix()
        for path in paths
        if path.stem == path.parent.name
        or path.stem.startswith((f"{path.parent.name}_", f"{path.parent.name.removesuffix('s')}_"))
    }
    assert repeated == FILES_NAMED_AFTER_THEIR_FOLDER


# Sizes -------------------------------------------------------------------------------------------------


# Names of exported files, a date that a person gives, and simulated time: labels that order nothing.
WALL_CLOCK_READERS = {"web.older.exports", "commands.export"}


def test_no_folder_has_too_many_modules() -> None:
    counts: defaultdict[str, int] = defaultdict(int)
    for path in modules().values():
        if path.stem != "__init__":
            counts[path.parent.relative_to(PACKAGE).as_posix()] += 1
    large = {folder for folder, count in counts.items() if count > MOST_MODULES}
    assert large == LARGE_FOLDERS


def test_no_package_is_empty() -> None:
    packages = [path.parent for path in modules().values() if path.stem == "__init__"]
    assert [] == [package for package in packages if len(list(package.rglob("*.py"))) == 1]


def test_no_function_is_long() -> None:
    long = {
        place
        for place, node in functions()
        if (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    }
    assert long == LONG_FUNCTIONS


def test_no_file_is_long() -> None:
    long = {
        module
        for module, path in modules().items()
        if len(path.read_text("utf-8").splitlines()) > MOST_LINES_OF_A_FILE
    }
    assert TABLES == long


# Arguments ---------------------------------------------------------------------------------------------


def test_dataclasses_with_more_than_three_fields_take_keywords_only() -> None:
    positional = {
        place
        for place, node in classes()
        if (decorator := _dataclass_decorator(node)) is not None
        and len(_fields(node)) > MOST_POSITIONALS
        and not _has_keyword(decorator, "kw_only")
    }
    assert positional == DATACLASSES_WITHOUT_KEYWORDS


def _dataclass_decorator(node: ast.ClassDef) -> ast.expr | None:
    for decorator in node.decorator_list:
        name = decorator.func if isinstance(decorator, ast.Call) else decorator
        if ast.unparse(name) in ("dataclass", "dataclasses.dataclass"):
            return decorator
    return None


def _has_keyword(decorator: ast.expr, name: str) -> bool:
    return isinstance(decorator, ast.Call) and any(keyword.arg == name for keyword in decorator.keywords)


def _fields(node: ast.ClassDef) -> list[ast.AnnAssign]:
    """The fields that the constructor takes: not class variables, and not ``field(init=False)``."""
    return [
        line
        for line in node.body
        if isinstance(line, ast.AnnAssign)
        and "ClassVar" not in ast.unparse(line.annotation)
        and "init=False" not in ast.unparse(line)
    ]


def test_no_function_takes_more_than_three_positional_arguments() -> None:
    many = {place for place, node in functions() if len(_positionals(node)) > MOST_POSITIONALS}
    assert many == PER_DATAGRAM | CALLED_BY_LIBRARIES | MANY_POSITIONALS


def _positionals(node: AnyFunction) -> list[ast.arg]:
    arguments = [*node.args.posonlyargs, *node.args.args]
    return arguments[1:] if arguments and arguments[0].arg in ("self", "cls") else arguments


# Imports -----------------------------------------------------------------------------------------------


def test_no_modules_import_each_other() -> None:
    assert [] == cycles(imports())


# Texts -------------------------------------------------------------------------------------------------

BELOW_WEB = ("store", "meeting", "rigs", "access", "timing", "intake")
_ROUTE = re.compile(r"/api\b|\b(GET|POST|PUT|PATCH) ")


def test_only_the_server_clock_reads_the_wall_clock() -> None:
    calls = ("time.time(", "datetime.now(", "utcnow(", ".today(")
    readers = {
        name for name, path in modules().items() if any(call in path.read_text("utf-8") for call in calls)
    }
    assert readers == {"clock"} | WALL_CLOCK_READERS


def test_no_text_below_web_names_a_route() -> None:
    below = (module for module in modules() if module.partition(".")[0] in BELOW_WEB)
    naming = {module for module in below if any(_ROUTE.search(text) for text in string_literals(module))}
    assert naming == set()


AVOIDED_WORDS = ("told", "anew", "whoever", "whose it is", "who did what", "thereof", "wherein", "what is so")
_AVOIDED = re.compile(rf"\b({'|'.join(AVOIDED_WORDS)})\b", re.IGNORECASE)
_READ_BY_PEOPLE = {".py", ".md", ".ts", ".svelte", ".html", ".css", ".toml", ".yaml", ".yml"}
_GENERATED = {"web/shared/openapi.d.ts"}


def test_words_that_need_a_second_reading_are_avoided() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): sorted(set(_AVOIDED.findall(path.read_text("utf-8"))))
        for path in _texts()
        if _AVOIDED.search(path.read_text("utf-8"))
    }
    assert {} == found


def _texts() -> Iterator[Path]:
    """The sources of program, scripts and pages, and the documents."""
    yield from (path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md")
    for folder in ("src", "scripts", "docs", "web", "benchmarks"):
        for path in (ROOT / folder).rglob("*"):
            is_ours = "node_modules" not in path.parts and "static" not in path.parts
            if (
                is_ours
                and path.suffix in _READ_BY_PEOPLE
                and path.relative_to(ROOT).as_posix() not in _GENERATED
            ):
                yield path


# The rules themselves ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ({"a": {"b"}, "b": set()}, []),
        ({"a": {"b"}, "b": {"a"}}, [{"a", "b"}]),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}}, [{"b", "c"}]),
    ],
)
def test_a_cycle_of_imports_is_found(graph: dict[str, set[str]], expected: list[set[str]]) -> None:
    assert expected == cycles({module: frozenset(imported) for module, imported in graph.items()})


def test_an_import_for_type_checking_counts() -> None:
    assert "errors" in imports()["config"]
    assert sum(map(len, imports().values())) > len(modules())


def test_every_committed_file_has_a_name_that_each_system_can_store() -> None:
    """Also Windows, where a checkout with another name fails."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = listed.rstrip(b"\0").split(b"\0")
    assert len(names) > 1_000
    assert [] == [name for name in names if not re.fullmatch(rb"[\w./+-]*[\w]", name)]
