"""The flags of ``serve`` are the settings: a new setting needs no line in the command."""

from __future__ import annotations

from typing import Literal

import pytest
import typer
from pydantic.fields import FieldInfo
from scripts.documentation.commands import commands
from typer.testing import CliRunner

from f1timings.commands.options import with_setting_flags
from f1timings.config import SECRETS, Settings

OWN_FLAGS_OF_SERVE = {"fresh_database", "open_browser", "open_page"}


def test_serve_has_a_flag_for_each_setting_with_its_description_and_no_default() -> None:
    expected = {
        name: field.description for name, field in Settings.model_fields.items() if name not in SECRETS
    }
    flags = [flag for flag in commands()["serve"].params if flag.name not in OWN_FLAGS_OF_SERVE]
    assert expected == {flag.name: flag.help for flag in flags}
    assert {None} == {flag.default for flag in flags}


def test_the_flags_of_serve_that_are_no_settings_cannot_be_set_for_every_start() -> None:
    own = {flag.name for flag in commands()["serve"].params} & OWN_FLAGS_OF_SERVE
    assert own == OWN_FLAGS_OF_SERVE
    assert set() == own & set(Settings.model_fields)


@pytest.mark.parametrize(
    ("annotation", "arguments", "value"),
    [
        (int, ["--new-one", "3"], 3),
        (float | None, ["--new-one", "2.5"], 2.5),
        (bool, ["--new-one"], True),
        (bool, ["--no-new-one"], False),
        (Literal["a", "b"], ["--new-one", "c"], "c"),  # the settings refuse it and name the choices
        (str, [], None),
    ],
)
def test_a_new_setting_is_a_flag(
    monkeypatch: pytest.MonkeyPatch, annotation: object, arguments: list[str], value: object
) -> None:
    field = FieldInfo(annotation=annotation, default=None, description="What it is.")  # type: ignore[arg-type]
    monkeypatch.setitem(Settings.model_fields, "new_one", field)
    given: dict[str, object] = {}
    application = typer.Typer()
    application.command()(with_setting_flags(lambda **flags: given.update(flags)))
    result = CliRunner().invoke(application, arguments)
    assert (0, value) == (result.exit_code, given["new_one"]), result.output
