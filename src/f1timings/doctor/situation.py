"""What the checks look at: this machine, the rigs that send, and the senders that are no rigs."""

from __future__ import annotations

import os
import shutil
import socket
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from f1timings.config import Settings
from f1timings.doctor.firewall import Firewall, find_firewall
from f1timings.doctor.game_menu import Listening
from f1timings.errors import ConfigError
from f1timings.intake.receive_buffer import request_receive_buffer
from f1timings.intake.udp import bind_socket
from f1timings.packets import Columns, identify
from f1timings.rigs.health import Hint
from f1timings.rigs.lock import Stranger

_GIB = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PortState:
    """A port of this server.

    Attributes:
        number: of the port.
        error: why it cannot be opened; empty if it can be, or is open.
    """

    number: int
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What is known of this machine.

    Attributes:
        listening: where the games send to.
        pages: the port of the pages.
        telemetry_error: why the port of telemetry cannot be opened; empty if it can be, or is open.
        firewall: None if none was found.
        buffer_bytes: of unread telemetry that the system stores; 0 if it is not known.
        free_gib: on the disk of the data folder; None if it is not known.
        reserved_gib: below it, recording pauses.
    """

    listening: Listening
    pages: PortState
    telemetry_error: str = ""
    firewall: Firewall | None
    buffer_bytes: int
    free_gib: float | None
    reserved_gib: float

    @classmethod
    def of_server(cls, settings: Settings, udp_port: int, buffer_bytes: int) -> Self:
        """The machine of a running server.

        Args:
            udp_port: the port that is open.
            buffer_bytes: of its receive buffer.
        """
        return cls(
            listening=Listening.at(settings.udp_host, udp_port),
            pages=PortState(number=settings.port),
            firewall=find_firewall(),
            buffer_bytes=buffer_bytes,
            free_gib=_free_gib(settings.data_dir),
            reserved_gib=settings.capture_keep_free_gb,
        )

    @classmethod
    def without_server(cls, settings: Settings) -> Self:
        """The machine before the server starts: both ports are opened for a moment."""
        error, buffer_bytes = "", 0
        try:
            with bind_socket(settings.udp_host, settings.udp_port) as receiver:
                buffer_bytes = request_receive_buffer(receiver)
        except ConfigError as refusal:
            error = str(refusal)
        return cls(
            listening=Listening.at(settings.udp_host, settings.udp_port),
            pages=PortState(number=settings.port, error=_tcp_error(settings.host, settings.port)),
            telemetry_error=error,
            firewall=find_firewall(),
            buffer_bytes=buffer_bytes,
            free_gib=_free_gib(settings.data_dir),
            reserved_gib=settings.capture_keep_free_gb,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardRig:
    """A rig that was heard since the server started.

    Attributes:
        name: as screens show it.
        rig: its key.
        address: of its datagrams.
        hints: what is wrong with its stream; ``NO_DATA`` if it is silent now.
        is_restricted: the game shows only a part of its car to others; None if it is not known.
    """

    name: str
    rig: str = ""
    address: str
    hints: Sequence[Hint]
    is_restricted: bool | None = None

    @property
    def is_live(self) -> bool:
        """Whether it sends now."""
        return Hint.NO_DATA not in self.hints

    @property
    def is_remote(self) -> bool:
        """Whether it is another machine, so that its datagrams came through the firewall."""
        try:
            return not ip_address(self.address).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The database and its backups; each is None if all is well.

    Attributes:
        missing: the path of a database that is not there although its backups are.
        newest_backup: the newest good backup of it, in words.
        restoring / beginning: the commands that restore it, and that begin an empty database.
        second_folder: the second folder of backups, if laps of a day or more are missing in it.
        copied_h: hours since its newest backup was made.
    """

    missing: str | None = None
    newest_backup: str = ""
    restoring: str = ""
    beginning: str = ""
    second_folder: str | None = None
    copied_h: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the checks look at.

    Attributes:
        stored: the database and its backups.
        rigs: every rig that was heard.
        strays: rejected datagrams by reason, of addresses that have sent nothing else.
        refused: recognised datagrams above the limits of their source, by address.
        strangers: addresses that are none of the locked rigs, or claim the session of a rig.
    """

    machine: Machine
    rigs: Sequence[HeardRig] = ()
    strays: Mapping[str, Counter[str]]
    refused: Mapping[str, int]
    strangers: Sequence[Stranger] = ()
    stored: Stored = Stored()


def is_restricted(newest: Mapping[str, bytes], car_index: int) -> bool | None:
    """Whether the game of a rig shows only a part of its car to others; None if it is not known.

    Args:
        newest: the newest datagrams of the rig, by kind.
        car_index: of its own car.
    """
    data = newest.get("participants")
    if data is None:
        return None
    rows = Columns(identify(data), ("your_telemetry",)).rows(data)
    return rows[car_index] == (0,) if 0 <= car_index < len(rows) else None


def _free_gib(folder: Path) -> float | None:
    """The free space of the disk of a folder, which may be missing yet."""
    absolute = folder.absolute()
    existing = next((path for path in (absolute, *absolute.parents) if path.exists()), absolute)
    try:
        return shutil.disk_usage(existing).free / _GIB
    except OSError:
        return None


def _tcp_error(host: str, port: int) -> str:
    try:
        with socket.create_server((host, port), family=_family(host)):
            return ""
    except OSError as error:
        return str(error) if error.errno is None else os.strerror(error.errno)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
