"""Arguments and flags that several commands share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_origin

import typer
from pydantic.fields import FieldInfo

from f1timings.config import SECRETS, Settings
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


def with_setting_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes ``**flags`` a flag for every setting that is no secret, after its own flags.

    Typer reads the flags from the signature, which is built from the fields of the settings. A flag that is
    not given is None.
    """
    own = [
        parameter
        for parameter in inspect.signature(command, eval_str=True).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    flags = [
        _setting_flag(name, field) for name, field in Settings.model_fields.items() if name not in SECRETS
    ]
    command.__signature__ = inspect.Signature([*own, *flags])  # type: ignore[attr-defined]
    return command


def _setting_flag(name: str, field: FieldInfo) -> inspect.Parameter:
    """The parameter of one setting; a choice of words is text here, and the settings check it."""
    accepted: Any = str if get_origin(field.annotation) is Literal else field.annotation
    option = Annotated[accepted | None, typer.Option(help=field.description)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)


def parse_target(text: str) -> tuple[str, int]:
    """Split ``HOST:PORT`` into host and port; an IPv6 host may be in brackets.

    Raises:
        ConfigError: the text has another form, or the port is above 65535.
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ConfigError(f"{text!r} is not HOST:PORT. Write it like {DEFAULT_TARGET}.")
    return host.strip("[]"), int(port)
