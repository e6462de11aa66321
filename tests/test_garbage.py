"""Full collections of garbage look only at what is new, and ended sessions need none."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from weakref import ref

import pytest

from f1timings.garbage import GarbageCollector, return_free_memory
from f1timings.timing.engine import REMEMBERED_SESSIONS

FIRST_FORGETTING = REMEMBERED_SESSIONS + 1


class Node:
    """An object that refers to itself, so that only a collection frees it."""

    def __init__(self) -> None:
        self.self = self


@pytest.mark.parametrize("kind", ["race", "time_trial"])
def test_a_session_that_is_no_longer_remembered_leaves_nothing_even_without_a_collection(kind: str) -> None:
    # In a process of its own: here other threads and the measuring of coverage make objects, too.
    counting = [sys.executable, "-m", "tests.remembered_objects", kind, str(FIRST_FORGETTING + 4)]
    counts = json.loads(subprocess.run(counting, capture_output=True, text=True, check=True).stdout)
    assert counts[0] < counts[FIRST_FORGETTING - 2], "the sessions that are remembered take some objects"
    assert {counts[FIRST_FORGETTING]} == set(counts[FIRST_FORGETTING:])


@pytest.fixture
def collector() -> Iterator[GarbageCollector]:
    with GarbageCollector(quiet_limit=100, limit=300) as collector:
        yield collector


def old_nodes(count: int) -> list[Node]:
    """Nodes that have survived a full collection."""
    nodes = [Node() for _ in range(count)]
    gc.collect()
    return nodes


def is_there(searched: object) -> bool:
    """Whether the next full collection would look at an object."""
    return any(found is searched for found in gc.get_objects())


@pytest.mark.usefixtures("collector")
def test_what_survives_a_full_collection_is_not_looked_at_by_the_next() -> None:
    node = Node()
    assert is_there(node)
    gc.collect()
    assert not is_there(node)


def test_old_circles_are_collected_once_nobody_drives(collector: GarbageCollector) -> None:
    nodes = old_nodes(200)
    last = ref(nodes[-1])
    nodes.clear()
    gc.collect()
    collector.look(lambda: True)
    assert last() is not None
    collector.look(lambda: False)
    assert last() is None


def test_many_old_circles_are_collected_while_somebody_drives(collector: GarbageCollector) -> None:
    nodes = old_nodes(400)
    last = ref(nodes[-1])
    nodes.clear()
    collector.look(lambda: True)
    assert last() is None


def test_what_was_freed_meanwhile_does_not_count(collector: GarbageCollector) -> None:
    node = old_nodes(1)[0]
    last = ref(node)
    del node
    for _ in range(5):
        freed: list[list[None]] = [[] for _ in range(200)]
        gc.collect()
        del freed
        collector.look(lambda: False)
    assert last() is not None
    assert collector.set_aside < 100


def test_nothing_is_set_aside_after_the_end() -> None:
    with GarbageCollector():
        pass
    node = Node()
    gc.collect()
    assert is_there(node)


def resident_mib() -> float:
    """The memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps memory that can be returned")
def test_memory_of_a_burst_is_returned_although_parts_of_it_are_still_in_use() -> None:
    burst: list[bytes | None] = [bytes(20_000) for _ in range(4_000)]
    burst[::2] = [None] * 2_000
    before = resident_mib()
    return_free_memory()
    assert resident_mib() < before - 15.0


# Frees a large block of memory, and takes a smaller one. By itself, the C library then takes blocks of up to
# the first size from a heap, which it cannot return while anything else is in use there.
_BLOCKS = """
import ctypes, sys
from f1timings.garbage import use_few_heaps
class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd others".split()]
    _fields_ += [("rest", ctypes.c_size_t * 8)]
read_info = ctypes.CDLL(None).mallinfo2
read_info.restype = Info
if sys.argv[1] == "with":
    use_few_heaps()
bytes(4 << 20)
before = read_info().hblkhd
block = bytes(1 << 20)
print(read_info().hblkhd - before >= 1 << 20)
"""


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or not hasattr(ctypes.CDLL(None), "mallinfo2"),
    reason="only glibc has these heaps, and their figures since 2.33",
)
@pytest.mark.parametrize(("use", "is_separate"), [("with", "True"), ("without", "False")])
def test_large_blocks_are_taken_from_the_system_itself(use: str, is_separate: str) -> None:
    taking = [sys.executable, "-c", _BLOCKS, use]
    assert is_separate == subprocess.run(taking, capture_output=True, text=True, check=True).stdout.strip()
