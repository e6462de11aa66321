"""The name of the server in its networks, with real multicast on loopback."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from zeroconf import IPVersion, NonUniqueNameException
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from f1timings.doctor.addresses import public_addresses
from f1timings.doctor.local_name import LOCAL_NAME, LocalName
from tests.waiting import LONGEST_WAIT_S

LOOPBACK = "127.0.0.1"
SERVICE = "_http._tcp.local."
# Tests that run at the same time on this machine share its loopback network.
NAME = f"F1Timings test {os.getpid()}"


async def asked() -> AsyncServiceInfo:
    """What the network answers about the service; empty if nobody has it."""
    info = AsyncServiceInfo(SERVICE, f"{NAME}.{SERVICE}")
    async with AsyncZeroconf(interfaces=[LOOPBACK], ip_version=IPVersion.V4Only) as network:
        await info.async_request(network.zeroconf, 3_000)
    return info


def test_the_name_leads_to_the_pages_until_it_is_taken_back(caplog: pytest.LogCaptureFixture) -> None:
    async def announce() -> None:
        name = LocalName(lambda: [LOOPBACK], 8081, service=NAME)
        assert await name.announce()
        try:
            info = await asked()
            assert (f"{LOCAL_NAME}.", 8081) == (info.server, info.port)
            assert [LOOPBACK] == info.parsed_addresses()
            second = LocalName(lambda: [LOOPBACK], 8082, service=NAME)
            while await second.announce():  # on a busy machine the answer of the first may come too late
                await second.close()
        finally:
            await name.close()
        assert (await asked()).port is None

    caplog.set_level(logging.INFO)
    asyncio.run(asyncio.wait_for(announce(), LONGEST_WAIT_S))
    assert f"pages at http://{LOCAL_NAME}:8081/ in this network" in caplog.text
    assert f"Another F1Timings in this network has the name {LOCAL_NAME} already" in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_network_that_cannot_be_used_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    # An address for documentation, which no machine has.
    assert not asyncio.run(LocalName(lambda: ["203.0.113.7"], 8080).announce())
    gc.collect()  # the library leaves a socket behind that it could not use
    assert f"The name {LOCAL_NAME} cannot be announced" in caplog.text


def test_a_missing_library_is_only_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zeroconf", None)
    assert not asyncio.run(LocalName(lambda: [LOOPBACK], 8080).announce())
    assert f"The name {LOCAL_NAME} cannot be announced" in caplog.text


def test_without_a_network_nothing_is_announced() -> None:
    assert not asyncio.run(LocalName(list, 8080).announce())


def test_a_name_that_is_still_taken_is_announced_as_soon_as_it_is_free(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Busy(LocalName):
        attempts = 0

        async def _register(self) -> None:
            self.attempts += 1
            if self.attempts < 4:
                raise NonUniqueNameException

    async def announce() -> None:
        name = Busy(lambda: [LOOPBACK], 8084, service=NAME)
        keeping = asyncio.create_task(name.keep_announced(0.01))
        try:
            await _until(lambda: name.attempts == 4)
            await asyncio.sleep(0.1)
        finally:
            keeping.cancel()
        assert 4 == name.attempts

    caplog.set_level(logging.INFO)
    asyncio.run(asyncio.wait_for(announce(), LONGEST_WAIT_S))
    assert 1 == caplog.text.count("has the name")


def test_the_name_is_announced_again_when_the_addresses_change() -> None:
    addresses: list[str] = []
    announced: list[list[str]] = []

    class Spoken(LocalName):
        async def announce(self) -> bool:
            announced.append(list(addresses))
            return await super().announce()

    async def change() -> None:
        name = Spoken(lambda: addresses, 8083, service=NAME)
        keeping = asyncio.create_task(name.keep_announced(0.01))
        try:
            await _until(lambda: announced == [[]])
            addresses.append(LOOPBACK)
            await _until(lambda: announced[1:2] == [[LOOPBACK]])
            while (await asked()).port is None:
                await asyncio.sleep(0.1)
            # It works, so it is not announced again while the addresses are the same.
            attempts = list(announced)
            await asyncio.sleep(0.2)
            assert announced == attempts
        finally:
            keeping.cancel()
            await name.close()

    asyncio.run(asyncio.wait_for(change(), LONGEST_WAIT_S))


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("host", [LOOPBACK, "::1", "localhost"])
def test_a_server_for_this_machine_only_has_no_address_to_announce(host: str) -> None:
    assert () == public_addresses(host)
    assert ("192.168.1.10",) == public_addresses("192.168.1.10")


def test_no_command_imports_the_library_before_it_announces() -> None:
    code = (
        "import sys; from f1timings.commands.main import command_line; import f1timings.app; command_line();"
        "print('zeroconf' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=LONGEST_WAIT_S, check=True
    )
    assert "False\n" == ended.stdout
