"""The commands with their arguments and flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import typer

from f1timings.commands.main import command_line
from f1timings.config import SECRETS, Settings
from scripts.documentation.markdown import table


def commands() -> Mapping[str, Any]:
    """Every command by name, as objects of typer."""
    by_name: Mapping[str, Any] = typer.main.get_command(command_line()).commands  # type: ignore[attr-defined]
    return by_name


def all_commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name; the commands of a group follow the group."""
    for name, command in commands().items():
        yield name, command
        for subname, subcommand in getattr(command, "commands", {}).items():
            yield f"{name} {subname}", subcommand


def commands_section() -> str:
    """The heading, help and parameters of every command; for ``serve``, a link to the settings."""
    return "\n\n".join(_command_section(name, command) for name, command in all_commands())


def _command_section(name: str, command: Any) -> str:
    if hasattr(command, "commands"):
        return f"### `f1timings {name}`\n\n{command.help}"
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    usage = " ".join([f"f1timings {name}", *(argument.name.upper() for argument in arguments), "[FLAGS]"])
    if set(Settings.model_fields) - set(SECRETS) <= {parameter.name for parameter in command.params}:
        own = [parameter for parameter in command.params if parameter.name not in Settings.model_fields]
        text = f"{command.help} Its flags are the [settings](#settings)"
        return f"### `{usage}`\n\n{text}{f', and:{chr(10)}{chr(10)}{_parameters(own)}' if own else '.'}"
    return f"### `{usage}`\n\n{command.help}\n\n{_parameters(command.params)}"


def _parameters(parameters: Iterable[Any]) -> str:
    rows = ((f"`{_usage(parameter)}`", _default(parameter), parameter.help or "") for parameter in parameters)
    return table(("", "default", "meaning"), rows)


def _usage(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    return " ".join(filter(None, (*parameter.opts, *parameter.secondary_opts, parameter.metavar)))


def _default(parameter: Any) -> str:
    if parameter.name in Settings.model_fields:
        return "the [setting](#settings)"
    return "" if parameter.required or parameter.default in (None, False) else f"`{parameter.default}`"
