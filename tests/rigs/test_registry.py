"""Which rig a datagram comes from."""

from __future__ import annotations

from f1timings.packets import Header
from f1timings.rigs.registry import Endpoint, RigRegistry, RigStatus


def header(uid: int = 7, *, player: int = 0, frame: int = 1000) -> Header:
    return Header(
        2025,
        game_year=25,
        packet_id=2,
        session_uid=uid,
        session_time=1.0,
        frame_identifier=frame,
        overall_frame_identifier=frame,
        player_car_index=player,
    )


class Intake:
    """A registry with rigs that send packets at given times."""

    def __init__(self) -> None:
        self.registry = RigRegistry()
        self._first: dict[Endpoint, float] = {}

    def receive(
        self, address: str, port: int, now: float, header: Header, listen_port: int = 20777
    ) -> str | None:
        """Receive a recognised packet; return the key of its rig if that is settled."""
        endpoint = Endpoint(address, port, listen_port)
        rig: RigStatus | None = self.registry.known(endpoint)
        if rig is None:
            first = self._first.setdefault(endpoint, now)
            rig = self.registry.locate(endpoint, header, first_heard=first, now=now)
        if rig is None:
            return None
        rig.handle_header(header)
        rig.packet_format = header.packet_format
        rig.last_received_at = now
        return rig.key


def test_an_address_is_a_rig() -> None:
    intake = Intake()
    assert "10.0.0.5" == intake.receive("10.0.0.5", 50001, 0.0, header(1))
    assert "10.0.0.6" == intake.receive("10.0.0.6", 50001, 0.0, header(2))


def test_a_new_port_replaces_a_port_that_has_been_silent() -> None:
    intake = Intake()
    intake.receive("10.0.0.5", 50001, 0.0, header(1))
    assert "10.0.0.5" == intake.receive("10.0.0.5", 50002, 2.5, header(2))
    assert ["10.0.0.5"] == list(intake.registry.rigs)
    assert 50002 == intake.registry.rigs["10.0.0.5"].port


def test_two_live_ports_of_one_address_are_two_rigs() -> None:
    intake = Intake()
    intake.receive("10.0.0.5", 50001, 0.0, header(1))
    assert intake.receive("10.0.0.5", 50002, 0.01, header(2)) is None
    intake.receive("10.0.0.5", 50001, 0.02, header(1))
    assert "10.0.0.5:50002" == intake.receive("10.0.0.5", 50002, 0.03, header(2))


def test_a_port_that_changes_quickly_is_the_same_rig_once_the_old_port_stays_silent() -> None:
    intake = Intake()
    intake.receive("10.0.0.5", 50001, 0.0, header(1))
    assert [None, None] == [intake.receive("10.0.0.5", 50002, now, header(2)) for now in (0.5, 1.5)]
    assert "10.0.0.5" == intake.receive("10.0.0.5", 50002, 2.1, header(2))


def test_streams_of_one_address_at_two_listening_ports_are_two_rigs() -> None:
    intake = Intake()
    assert "172.17.0.1" == intake.receive("172.17.0.1", 50001, 0.0, header(1), 20777)
    assert "172.17.0.1:50002" == intake.receive("172.17.0.1", 50002, 0.0, header(2), 20778)


def test_copies_of_one_stream_are_one_rig() -> None:
    intake = Intake()
    intake.receive("10.0.0.5", 50001, 0.0, header(1, player=3, frame=1000))
    assert "10.0.0.5" == intake.receive("10.0.0.9", 40000, 0.01, header(1, player=3, frame=1001))


def test_two_cars_of_one_lobby_are_two_rigs() -> None:
    intake = Intake()
    intake.receive("10.0.0.5", 50001, 0.0, header(1, player=3))
    assert "10.0.0.9" == intake.receive("10.0.0.9", 40000, 0.01, header(1, player=4))


def test_packets_of_menus_without_a_session_are_no_copies() -> None:
    intake = Intake()
    intake.receive("10.0.0.5", 50001, 0.0, header(0, frame=0))
    assert "10.0.0.9" == intake.receive("10.0.0.9", 40000, 0.01, header(0, frame=0))


def test_the_streams_of_all_rigs_are_measured_at_once() -> None:
    intake = Intake()
    for second in range(5):
        for update in range(60):
            frame = 1000 + 60 * second + update
            for address, uid in (("10.0.0.5", 1), ("10.0.0.6", 2)):
                intake.receive(address, 50001, second + update / 60, header(uid, frame=frame))
        intake.registry.sample(float(second))
    assert [60.0, 60.0] == [rig.stream.updates_per_s for rig in intake.registry.rigs.values()]
