"""What the application does in its networks and on the console while it waits for rigs."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path

import pytest

from f1timings.app import Application
from f1timings.config import load_settings
from f1timings.doctor import game_menu
from f1timings.doctor.local_name import LocalName
from f1timings.packets import Header, build, encode
from tests.waiting import LONGEST_WAIT_S


@pytest.mark.parametrize("is_wanted", [True, False])
def test_the_name_is_announced_only_if_the_setting_says_so(
    is_wanted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[LocalName] = []

    async def announce(name: LocalName) -> bool:
        announced.append(name)
        return True

    async def run() -> None:
        settings = load_settings(data_dir=tmp_path, udp_host="127.0.0.1", udp_port=0, announce=is_wanted)
        web = Application(settings).web
        async with web.router.lifespan_context(web):
            for _ in range(100):
                await asyncio.sleep(0)

    monkeypatch.setattr(LocalName, "announce", announce)
    asyncio.run(run())
    assert is_wanted == bool(announced)


def test_the_console_repeats_what_to_type_until_a_rig_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def said() -> list[str]:
        return [record.message for record in caplog.records if "UDP Telemetry On" in record.message]

    def is_waiting() -> bool:
        return any("say_where_to_send" in str(task.get_coro()) for task in asyncio.all_tasks())

    async def run() -> None:
        settings = load_settings(data_dir=tmp_path, udp_host="127.0.0.1", udp_port=0, announce=False)
        web = Application(settings).web
        async with web.router.lifespan_context(web):
            while len(said()) < 3:
                await asyncio.sleep(0.01)
            assert is_waiting()
            port = int(said()[0].rpartition(" ")[2])
            packet = build(2025, "participants", Header(2025, session_uid=7), num_active_cars=1)
            with socket.socket(type=socket.SOCK_DGRAM) as rig:
                rig.sendto(encode(packet), ("127.0.0.1", port))
            while is_waiting():
                await asyncio.sleep(0.01)

    caplog.set_level(logging.INFO)
    monkeypatch.setattr(game_menu, "_WAITS_FOR_RIGS_S", (0.01,))
    asyncio.run(asyncio.wait_for(run(), LONGEST_WAIT_S))
