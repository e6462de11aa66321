"""Arguments and flags that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from f1timings.config import Settings
from f1timings.errors import ConfigError


def setting_help(name: str) -> str | None:
    """The description of a setting, as the help of its flag."""
    return Settings.model_fields[name].description


CaptureArgument = Annotated[Path, typer.Argument(help="A pcap or pcapng file, plain or packed (.gz, .zst).")]
DataDirOption = Annotated[Path | None, typer.Option(help=setting_help("data_dir"))]
DatabaseUrlOption = Annotated[str | None, typer.Option(help=setting_help("database_url"))]
TargetOption = Annotated[
    str, typer.Option("--to", metavar="HOST:PORT", help="Host and UDP port of the receiving server.")
]

DEFAULT_TARGET: Final = "127.0.0.1:20777"


def parse_target(text: str) -> tuple[str, int]:
    """Split ``HOST:PORT`` into host and port; an IPv6 host may be in brackets.

    Raises:
        ConfigError: the text has another form, or the port is above 65535.
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ConfigError(f"{text!r} is not HOST:PORT. Write it like {DEFAULT_TARGET}.")
    return host.strip("[]"), int(port)
