"""The table of checks: what each one says if all is well or if not, and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from f1timings.doctor.game_menu import MENU_PATH
from f1timings.doctor.situation import HeardRig, Situation
from f1timings.intake.receive_buffer import RECEIVE_BUFFER_BYTES, raising_command
from f1timings.packets import FIRST_FORMAT, LATEST_FORMAT
from f1timings.rigs.health import Hint
from f1timings.rigs.lock import plain_address

#: ``good``; ``hint``: it may be as it should; ``wrong``: it must be mended.
State = Literal["good", "hint", "wrong"]
Values = dict[str, str]

_ROOM_GIB: Final = 5.0
"""Recording fills 1.5 GiB per rig and hour."""
_KIB: Final = 1024
_MOST_NAMED: Final = 5


class _Judgement(NamedTuple):
    state: State
    values: Values
    #: A sentence of the system about it, only in English; the pages do without it.
    reason: str = ""


class _CheckKind(NamedTuple):
    """One check. The texts have holes for the values; the admin page has them in its languages."""

    name: str
    good: str
    wrong: str
    remedy: str
    judge: Callable[[Situation], _Judgement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The outcome of one check.

    Attributes:
        name: of the check, for pages that translate.
        text / remedy: in English; the remedy is empty if all is well.
        values: what fills the holes of the texts.
    """

    name: str
    state: State
    text: str
    remedy: str
    values: Mapping[str, str]


def run_checks(situation: Situation) -> list[Finding]:
    """The finding of each check, in the order of the table."""
    return [_find(check, check.judge(situation)) for check in CHECKS]


def _find(check: _CheckKind, judgement: _Judgement) -> Finding:
    state, values, reason = judgement
    is_good = state == "good"
    text = (check.good if is_good else check.wrong).format_map(values)
    return Finding(
        name=check.name,
        state=state,
        text=f"{text} {reason}".rstrip(),
        remedy="" if is_good else check.remedy.format_map(values),
        values=values,
    )


# The machine -------------------------------------------------------------------------------------------


def _judge_addresses(situation: Situation) -> _Judgement:
    addresses = situation.machine.listening.addresses
    values = {"addresses": ", ".join(addresses), "port": _port(situation)}
    return _Judgement("good" if addresses else "wrong", values)


def _judge_telemetry_port(situation: Situation) -> _Judgement:
    error = situation.machine.telemetry_error
    return _Judgement("wrong" if error else "good", {"port": _port(situation)}, error)


def _judge_pages_port(situation: Situation) -> _Judgement:
    number, error = situation.machine.pages.number, situation.machine.pages.error
    reason = f"The system says: {error}." if error else ""
    return _Judgement("wrong" if error else "good", {"port": str(number)}, reason)


def _judge_firewall(situation: Situation) -> _Judgement:
    machine = situation.machine
    udp, tcp = machine.listening.port, machine.pages.number
    values = {"port": str(udp), "pages_port": str(tcp)}
    if machine.firewall is None or any(rig.is_remote for rig in situation.rigs):
        return _Judgement("good", values)
    firewall = {"firewall": machine.firewall.name, "command": machine.firewall.command(udp, tcp)}
    return _Judgement("hint", values | firewall)


def _judge_receive_buffer(situation: Situation) -> _Judgement:
    granted = situation.machine.buffer_bytes
    values = {
        "size": str(granted // _KIB),
        "wanted": str(RECEIVE_BUFFER_BYTES // _KIB),
        "command": raising_command(),
    }
    return _Judgement("hint" if 0 < granted < RECEIVE_BUFFER_BYTES else "good", values)


def _judge_disk(situation: Situation) -> _Judgement:
    free, reserved = situation.machine.free_gib, situation.machine.reserved_gib
    values = {"free": "?" if free is None else f"{free:.1f}", "reserved": f"{reserved:g}"}
    if free is None or free >= reserved + _ROOM_GIB:
        return _Judgement("good", values)
    return _Judgement("hint" if free >= reserved else "wrong", values)


def _judge_database(situation: Situation) -> _Judgement:
    stored = situation.stored
    values = {
        "database": stored.missing or "",
        "backup": stored.newest_backup,
        "restoring": stored.restoring,
        "beginning": stored.beginning,
    }
    return _Judgement("good" if stored.missing is None else "wrong", values)


def _judge_backup_copy(situation: Situation) -> _Judgement:
    stored = situation.stored
    values = {"folder": stored.second_folder or "", "hours": str(stored.copied_h)}
    return _Judgement("good" if stored.second_folder is None else "wrong", values)


# The telemetry -----------------------------------------------------------------------------------------


def _judge_datagrams(situation: Situation) -> _Judgement:
    live = sum(rig.is_live for rig in situation.rigs)
    addresses = " / ".join(situation.machine.listening.addresses) or "?"
    values = {"count": str(live), "port": _port(situation), "addresses": addresses, "menu": MENU_PATH}
    if live:
        return _Judgement("good", values)
    # Silent rigs may be switched off, or in a menu.
    return _Judgement("hint" if situation.rigs else "wrong", values)


def _judge_old_format(situation: Situation) -> _Judgement:
    return _judge_senders(situation, lambda reasons: "old_format" in reasons)


def _judge_unknown_format(situation: Situation) -> _Judgement:
    return _judge_senders(situation, lambda reasons: "old_format" not in reasons, Hint.NOT_RECOGNISED)


def _judge_senders(
    situation: Situation, applies: Callable[[Mapping[str, int]], bool], hint: Hint | None = None
) -> _Judgement:
    """Name the senders that are no rigs, and the rigs with a hint."""
    now_rigs = {rig.address for rig in situation.rigs if rig.is_live}
    strays = [
        address
        for address, reasons in situation.strays.items()
        if address not in now_rigs and applies(reasons)
    ]
    rigs = [rig.name for rig in situation.rigs if hint in rig.hints]
    values = {
        "senders": ", ".join([*strays, *rigs]),
        "first": str(FIRST_FORMAT),
        "newest": str(LATEST_FORMAT),
    }
    return _Judgement("wrong" if strays or rigs else "good", values)


def _judge_too_much(situation: Situation) -> _Judgement:
    counts = sorted(situation.refused.items(), key=lambda refused: -refused[1])
    values = {"senders": ", ".join(f"{address} ({count})" for address, count in counts[:_MOST_NAMED])}
    return _Judgement("wrong" if counts else "good", values)


def _judge_not_admitted(situation: Situation) -> _Judgement:
    refused = [one for one in situation.strangers if one.is_game and one.refused]
    named = [f"{plain_address(one.address)} ({one.refused})" for one in refused[:_MOST_NAMED]]
    return _Judgement("wrong" if named else "good", {"senders": ", ".join(named)})


def _judge_claimed_session(situation: Situation) -> _Judgement:
    names = {rig.rig: rig.name for rig in situation.rigs}
    claims = [(plain_address(one.address), one.claims) for one in situation.strangers if one.claims]
    named = [f"{address} ({names.get(rig, rig)})" for address, rig in claims[:_MOST_NAMED]]
    return _Judgement("wrong" if named else "good", {"senders": ", ".join(named)})


def _rigs(state: State, applies: Callable[[HeardRig], bool]) -> Callable[[Situation], _Judgement]:
    """A judgement that names the sending rigs to which something applies."""

    def judge(situation: Situation) -> _Judgement:
        names = [rig.name for rig in situation.rigs if rig.is_live and applies(rig)]
        return _Judgement(state if names else "good", {"rigs": ", ".join(names)})

    return judge


def _port(situation: Situation) -> str:
    return str(situation.machine.listening.port)


CHECKS: Final = (
    _CheckKind(
        "addresses",
        "This machine is reached at {addresses}.",
        "This machine is in no network.",
        "Connect it to the network of the rigs, preferably by cable.",
        _judge_addresses,
    ),
    _CheckKind(
        "telemetry_port",
        "UDP port {port} for telemetry can be used.",
        "UDP port {port} for telemetry cannot be used.",
        "Close the other program, or choose another port with udp_port and in the game.",
        _judge_telemetry_port,
    ),
    _CheckKind(
        "pages_port",
        "TCP port {port} for the pages can be used.",
        "TCP port {port} for the pages cannot be used.",
        "Close the other program, or choose another port with the setting port.",
        _judge_pages_port,
    ),
    _CheckKind(
        "firewall",
        "No firewall is known to block UDP port {port} and TCP port {pages_port}.",
        "The firewall ({firewall}) may block UDP port {port} and TCP port {pages_port}.",
        "Open both ports: {command}",
        _judge_firewall,
    ),
    _CheckKind(
        "receive_buffer",
        "The system's buffer for unread telemetry is large enough.",
        "The system's buffer for unread telemetry has {size} KiB instead of {wanted} KiB. Datagrams may be "
        "lost at busy moments.",
        "Raise the limit, then start F1Timings again: {command}",
        _judge_receive_buffer,
    ),
    _CheckKind(
        "disk",
        "{free} GiB are free on the disk of the data folder.",
        "Only {free} GiB are free on the disk of the data folder. Below {reserved} GiB, recording of "
        "telemetry pauses.",
        "Delete files, or choose a folder on another disk with data_dir.",
        _judge_disk,
    ),
    _CheckKind(
        "database",
        "No database is missing.",
        "The database {database} is not there, but backups of it are. The server does not start, so that an "
        "empty one does not take its place by mistake.",
        "Bring it back if it was moved or its disk is not plugged in. Or restore the newest good backup, of "
        "{backup}: {restoring} To begin with an empty one: {beginning}",
        _judge_database,
    ),
    _CheckKind(
        "backup_copy",
        "No laps of earlier days are missing in the second folder of backups.",
        "Laps were driven, but the second folder of backups {folder} got no backup for {hours} hours.",
        "Plug the stick in. The admin page says under More, Backups why nothing is copied.",
        _judge_backup_copy,
    ),
    _CheckKind(
        "datagrams",
        "Rigs that send now: {count}.",
        "No telemetry arrives at UDP port {port}.",
        "In the game: {menu}: UDP Telemetry On, UDP IP Address {addresses}, UDP Port {port}. Then drive: in "
        "its menus the game sends almost nothing. Also check the cable and the firewall.",
        _judge_datagrams,
    ),
    _CheckKind(
        "old_format",
        "No game sends a UDP format before {first}.",
        "The UDP format of {senders} is 2019 or older.",
        "In the game, set UDP Format to {first} or newer. F1 2019 and older games cannot be timed.",
        _judge_old_format,
    ),
    _CheckKind(
        "unknown_format",
        "All data are telemetry in a known format.",
        "Unknown data arrive from {senders}.",
        "In the game, set UDP Format to the newest that it offers, at most {newest}. Other programs must "
        "not send to this port.",
        _judge_unknown_format,
    ),
    _CheckKind(
        "too_much",
        "Nobody sends more than games do.",
        "More arrives than games send, and a part is refused; refused so far: {senders}.",
        "Look which device has this address, and disconnect it. The rigs that drive go on. If it is one of "
        "your rigs, or a router with many rigs behind it, start F1Timings again.",
        _judge_too_much,
    ),
    _CheckKind(
        "not_admitted",
        "Only rigs that may send do so.",
        "Telemetry arrives from addresses that are none of the locked rigs, and is refused: {senders}.",
        "If it is one of your rigs, admit its address on the admin page. If not, disconnect the device with "
        "this address.",
        _judge_not_admitted,
    ),
    _CheckKind(
        "claimed_session",
        "Nobody claims the session of a rig.",
        "An address sends the session that a rig drives: {senders}.",
        "Look which device has this address, and disconnect it; then lock the rigs on the admin page. If it "
        "is the rig itself, let it send by one way only.",
        _judge_claimed_session,
    ),
    _CheckKind(
        "low_rate",
        "No rig sends too seldom.",
        "The send rate is low: {rigs}.",
        "In the game, set UDP Send Rate to 60Hz, or to 20Hz on a weak network.",
        _rigs("wrong", lambda rig: Hint.LOW_RATE in rig.hints),
    ),
    _CheckKind(
        "losses",
        "The network loses next to nothing.",
        "The network loses data: {rigs}.",
        "Use a cable instead of Wi-Fi, or set UDP Send Rate to 20Hz in the game.",
        _rigs("wrong", lambda rig: Hint.LOSSES in rig.hints),
    ),
    _CheckKind(
        "hidden_names",
        "No names are hidden.",
        "Other drivers have no names: {rigs}.",
        "Each of them sets Show Online Names to On in their game.",
        _rigs("hint", lambda rig: Hint.NAMES_HIDDEN in rig.hints),
    ),
    _CheckKind(
        "restricted",
        "No telemetry is known to be restricted.",
        "Telemetry is restricted: {rigs}.",
        "In the game, set Your Telemetry to Public, if the others of an online session may see more of this "
        "car than its times.",
        _rigs("hint", lambda rig: bool(rig.is_restricted)),
    ),
)
"""Every check, in the order in which they are shown."""
