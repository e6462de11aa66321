"""Datagrams are sent on unchanged, over real sockets; loops end, and a dead target costs nothing else."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from f1timings.intake.forwarding import forwarder as forwarder_module
from f1timings.intake.forwarding.echoes import EchoMemory
from f1timings.intake.forwarding.forwarder import Forwarder
from f1timings.intake.forwarding.outlet import MOST_RETURNED, Outlet
from f1timings.intake.forwarding.resolving import Found, PlaceWatch, find_place
from f1timings.meeting.people import GameName, RigCard
from f1timings.meeting.room.forwarding import ForwardTarget
from tests.server.running import free_port
from tests.waiting import LONGEST_WAIT_S

OURS = 20777
RIG, OTHER_RIG = "10.0.0.5", "10.0.0.6"


@dataclass
class Act:
    """An act that changed records."""

    changes: Sequence[tuple[object, object]]


class Tool:
    """Another program that receives at a port of this machine."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(10)
        self.port: int = self.socket.getsockname()[1]

    def received(self, count: int) -> list[bytes]:
        return [self.socket.recv(65_536) for _ in range(count)]

    def has_more(self) -> bool:
        self.socket.setblocking(False)
        try:
            return bool(self.socket.recv(65_536))
        except BlockingIOError:
            return False
        finally:
            self.socket.settimeout(10)


@pytest.fixture
def tools() -> Iterator[list[Tool]]:
    opened = [Tool(), Tool()]
    yield opened
    for tool in opened:
        tool.socket.close()


def target(port: int, id_: str = "a", host: str = "127.0.0.1", rig: str | None = None) -> ForwardTarget:
    return ForwardTarget(id=id_, host=host, port=port, rig=rig, seq=1)


class Bench:
    """A forwarder, and the targets that it reads."""

    def __init__(self, targets: Sequence[ForwardTarget]) -> None:
        self.targets = list(targets)
        self.reads = 0
        self.forwarder = Forwarder(
            self.read, rig_of=lambda address, _port, _listen: address, own_port=lambda: OURS
        )

    def read(self) -> Sequence[ForwardTarget]:
        self.reads += 1
        return list(self.targets)

    def forward(self, *datagrams: bytes, address: str = RIG, port: int = 5000) -> None:
        """As the application does for each datagram."""
        for data in datagrams:
            if self.forwarder.is_on:
                self.forwarder.forward(data, address, port, OURS)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.002)

    async def settled(self) -> None:
        """Wait until the place of every target is known."""
        await self.until(
            lambda: (
                len(self.forwarder.states()) == len(self.targets)
                and all(state.state != "looking" for state in self.forwarder.states().values())
            )
        )

    async def change(self, targets: Sequence[ForwardTarget]) -> None:
        """Store other targets, as an act in another thread does."""
        before, self.targets = self.targets, list(targets)
        act = Act([(before[0] if before else None, targets[0] if targets else None)])
        await asyncio.to_thread(self.forwarder.after_act, act)
        await self.settled()


def play(scenario: Callable[[Bench], Awaitable[None]], *targets: ForwardTarget) -> None:
    async def main() -> None:
        bench = Bench(targets)
        bench.forwarder.start()
        try:
            await bench.settled()
            await scenario(bench)
        finally:
            bench.forwarder.close()

    asyncio.run(main())


def test_datagrams_arrive_unchanged_and_in_order_at_every_target(tools: list[Tool]) -> None:
    datagrams = [bytes([number % 256]) * (number + 1) for number in range(200)]

    async def scenario(bench: Bench) -> None:
        bench.forward(*datagrams)
        assert [datagrams] * 2 == [tool.received(200) for tool in tools]
        assert {"a": 200, "b": 200} == {id_: state.sent for id_, state in bench.forwarder.states().items()}

    play(scenario, target(tools[0].port), target(tools[1].port, "b"))


def test_a_target_of_one_rig_gets_the_datagrams_of_that_rig(tools: list[Tool]) -> None:
    async def scenario(bench: Bench) -> None:
        for number in range(10):
            bench.forward(b"of one %d" % number)
            bench.forward(b"of the other %d" % number, address=OTHER_RIG)
        assert [b"of one %d" % number for number in range(10)] == tools[0].received(10)
        assert not tools[0].has_more()
        assert 20 == len(tools[1].received(20))

    play(scenario, target(tools[0].port, rig=RIG), target(tools[1].port, "b"))


def test_targets_change_while_datagrams_arrive(tools: list[Tool]) -> None:
    async def scenario(bench: Bench) -> None:
        assert not bench.forwarder.is_on
        await bench.change([target(tools[0].port)])
        bench.forward(b"first")
        await bench.change([target(tools[0].port), target(tools[1].port, "b")])
        bench.forward(b"second")
        await bench.change([replace(target(tools[0].port), is_on=False, seq=2), bench.targets[1]])
        bench.forward(b"third")
        assert ([b"first", b"second"], False) == (tools[0].received(2), tools[0].has_more())
        assert [b"second", b"third"] == tools[1].received(2)
        states = bench.forwarder.states()
        assert ("off", 2) == (states["a"].state, states["b"].sent)
        await bench.change([])
        assert not bench.forwarder.is_on

    play(scenario)


def test_targets_are_read_again_only_when_an_act_concerns_them(tools: list[Tool]) -> None:
    async def scenario(bench: Bench) -> None:
        bench.forwarder.after_act(Act([(None, GameName(name="Ana", driver_id=None))]))
        assert 1 == bench.reads
        bench.forwarder.after_act(Act([(None, RigCard(rig=RIG, name=None, place=None))]))
        assert 2 == bench.reads

    play(scenario, target(tools[0].port))


def test_a_target_where_nothing_listens_drops_and_the_others_get_everything(tools: list[Tool]) -> None:
    nobody = free_port(socket.SOCK_DGRAM)

    async def scenario(bench: Bench) -> None:
        datagrams = [b"%d" % number for number in range(150)]
        bench.forward(*datagrams)
        assert datagrams == tools[0].received(150)
        dead = bench.forwarder.states()["dead"]
        assert ("on", "refused", 150) == (dead.state, dead.failure, dead.sent + dead.dropped)
        assert dead.dropped > 0

    play(scenario, target(nobody, "dead"), target(tools[0].port))


class FullSocket(socket.socket):
    """A socket whose buffer is full."""

    def send(self, *_: object) -> int:
        raise BlockingIOError(11, "full")


def test_a_full_buffer_drops_and_does_not_wait(tools: list[Tool], monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(bench: Bench) -> None:
        monkeypatch.setattr(socket, "socket", FullSocket)
        await bench.change([replace(target(tools[0].port), seq=2)])
        bench.forward(b"one", b"two")
        state = bench.forwarder.states()["a"]
        assert (0, 2, "full") == (state.sent, state.dropped, state.failure)

    play(scenario, target(tools[0].port))


# Loops -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost"])
def test_our_own_port_at_an_address_of_this_machine_is_refused(host: str) -> None:
    assert "own-port" == find_place(host, OURS, own_port=OURS, allows_internet=True)
    assert not isinstance(find_place(host, OURS + 1, own_port=OURS, allows_internet=False), str)


def test_the_same_port_of_another_machine_is_no_loop() -> None:
    assert not isinstance(find_place("10.255.255.1", OURS, own_port=OURS, allows_internet=False), str)


def test_a_target_that_sends_back_is_stopped_and_nothing_goes_round(tools: list[Tool]) -> None:
    """The target sends each datagram to us from another port, which then is the next datagram of the game."""

    async def scenario(bench: Bench) -> None:
        for number in range(MOST_RETURNED + 5):
            bench.forward(b"%d" % number)
            bench.forward(b"%d" % number, address="127.0.0.1", port=6000)  # as it comes back
        state = bench.forwarder.states()["a"]
        assert ("returned", MOST_RETURNED, MOST_RETURNED) == (state.state, state.sent, state.returned)
        assert not bench.forwarder.is_on
        assert [b"%d" % number for number in range(MOST_RETURNED)] == tools[0].received(MOST_RETURNED)
        assert not tools[0].has_more()
        # A new look at its address does not begin again; switching it off and on does.
        bench.forwarder._handle_found(bench.targets[0], bench.forwarder._find(bench.targets[0]))
        assert "returned" == bench.forwarder.states()["a"].state
        await bench.change([replace(target(tools[0].port), seq=2)])
        assert "on" == bench.forwarder.states()["a"].state

    play(scenario, target(tools[0].port))


def test_what_comes_back_by_way_of_a_third_program_is_not_sent_on_again(tools: list[Tool]) -> None:
    async def scenario(bench: Bench) -> None:
        for number in range(50):
            bench.forward(b"%d" % number)
            bench.forward(b"%d" % number, address="10.0.0.99")
        assert (50, 50) == (bench.forwarder.copies, bench.forwarder.states()["a"].sent)

    play(scenario, target(tools[0].port))


def test_a_game_on_the_machine_of_the_target_may_repeat_itself(tools: list[Tool]) -> None:
    async def scenario(bench: Bench) -> None:
        bench.forward(*[b"paused"] * 100, address="127.0.0.1", port=5000)
        assert [b"paused"] * 100 == tools[0].received(100)
        assert "on" == bench.forwarder.states()["a"].state

    play(scenario, target(tools[0].port))


def test_one_address_under_two_names_gets_each_datagram_once(tools: list[Tool]) -> None:
    async def scenario(bench: Bench) -> None:
        bench.forward(b"once")
        assert ([b"once"], False) == (tools[0].received(1), tools[0].has_more())
        assert ["on", "repeated"] == sorted(state.state for state in bench.forwarder.states().values())

    play(scenario, target(tools[0].port), target(tools[0].port, "b", host="localhost"))


def test_the_memory_of_echoes_is_bounded() -> None:
    memory = EchoMemory(remembered=100)
    for number in range(1_000):
        memory.remember(b"%d" % number, (RIG, 1))
    assert 100 <= len(memory._newest) + len(memory._older) <= 200
    assert ((RIG, 1), None) == (memory.first_source(b"999"), memory.first_source(b"0"))


# Addresses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.168.1.31", None),
        ("10.1.2.3", None),
        ("172.31.0.1", None),
        ("169.254.3.4", None),
        ("fe80::1", None),
        ("fd00::1", None),
        ("::1", None),
        ("8.8.8.8", "internet"),
        ("100.64.0.1", "internet"),
        ("2001:4860:4860::8888", "internet"),
        ("::ffff:8.8.8.8", "internet"),
        ("255.255.255.255", "no-single-receiver"),
        ("239.1.2.3", "no-single-receiver"),
        ("ff02::1", "no-single-receiver"),
        ("0.0.0.0", "no-single-receiver"),
        ("::", "no-single-receiver"),
    ],
)
def test_which_addresses_may_get_telemetry(host: str, expected: str | None) -> None:
    found = find_place(host, 5000, own_port=OURS, allows_internet=False)
    assert expected == (found if isinstance(found, str) else None)


def test_an_address_on_the_internet_needs_a_word() -> None:
    assert not isinstance(find_place("8.8.8.8", 5000, own_port=OURS, allows_internet=True), str)
    assert "no-single-receiver" == find_place("224.0.0.1", 5000, own_port=OURS, allows_internet=True)


def test_a_broadcast_address_of_a_network_is_not_permitted_by_the_system() -> None:
    outlet = Outlet(target(5000, host="127.255.255.255"))
    outlet.handle_found(find_place("127.255.255.255", 5000, own_port=OURS, allows_internet=False), set())
    assert ("unreachable", "not-permitted") == (outlet.report().state, outlet.report().failure)


# Names -------------------------------------------------------------------------------------------------


@contextmanager
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A name server that answers only at the end of the block."""
    answers = threading.Event()

    def find_slowly(host: str, port: int, **options: bool | int) -> Found:
        if host == "slow.example":
            answers.wait(30)
            return "unknown-name"
        return find_place(host, port, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(forwarder_module, "find_place", find_slowly)
    try:
        yield answers
    finally:
        answers.set()


def test_a_name_server_that_does_not_answer_holds_up_no_other_target_and_not_the_end(
    tools: list[Tool], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        bench = Bench([target(5000, "slow", host="slow.example"), target(tools[0].port)])
        bench.forwarder.start()
        await bench.until(lambda: bench.forwarder.is_on)
        bench.forward(b"meanwhile")
        assert [b"meanwhile"] == tools[0].received(1)
        assert "looking" == bench.forwarder.states()["slow"].state
        bench.forwarder.close()

    with slow_names(monkeypatch):
        asyncio.run(main())


def test_a_name_that_gets_an_address_later_is_found() -> None:
    found: list[Found] = []
    looked = threading.Semaphore(0)

    def find(_target: ForwardTarget) -> Found:
        looked.release()
        return "unknown-name"

    watch = PlaceWatch(find, lambda _target, what: found.append(what), every_s=0.01)
    watch.watch([target(5000)])
    for _ in range(3):
        assert looked.acquire(timeout=LONGEST_WAIT_S)
    watch.stop()
    assert {"unknown-name"} == set(found)
