"""The settings: one table for flags, environment, file and documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from f1timings.errors import ConfigError

CONFIG_FILE = "f1timings.toml"
#: Settings that are no flags.
SECRETS = ("admin_password",)


class Settings(BaseSettings):
    """What an operator can set: by flag, by ``F1TIMINGS_<NAME>``, or in ``f1timings.toml`` in this folder."""

    model_config = SettingsConfigDict(
        env_prefix="F1TIMINGS_", extra="forbid", frozen=True, toml_file=CONFIG_FILE
    )

    host: str = Field("0.0.0.0", description="Address that pages and API are served at.")
    port: int = Field(8080, ge=0, le=65535, description="Port of pages and API.")
    udp_host: str = Field("0.0.0.0", description="Address that telemetry is received at.")
    udp_port: int = Field(20777, ge=0, le=65535, description="Port that the games send telemetry to.")
    data_dir: Path = Field(Path("data"), description="Folder of the database, the captures and the exports.")
    database_url: str | None = Field(
        None, description="Database; without it SQLite in the data folder. PostgreSQL: postgresql://…"
    )
    capture: bool = Field(True, description="Keep every datagram as it came, in captures/.")
    capture_max_gb: float = Field(
        20.0,
        gt=0,
        description="GiB for all captures; a rig makes 1.5 an hour, old ones are thinned.",
    )
    capture_keep_free_gb: float = Field(
        2.0, ge=0, description="GiB of the disk that captures leave free for the database."
    )
    max_screens: int = Field(
        2_500, ge=1, le=100_000, description="Pages and programs that may follow the server at once."
    )
    allowed_hosts: str | None = Field(
        None, description="Further names that pages and API are asked for by, with commas between."
    )
    admin_password: SecretStr | None = Field(
        None, description="Sets the account `admin` at the start, for an installation without people."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is written to the console."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over the environment, the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**flags: object) -> Settings:
    """Read the settings; a flag that is None was not given.

    Raises:
        ConfigError: a setting is wrong, with its name, what is wrong and where it can be set.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise ConfigError(
                f"{CONFIG_FILE}: there is no setting {name!r}; there are: {', '.join(Settings.model_fields)}."
            ) from error
        if name in SECRETS:  # neither the value nor a flag, which others on the machine could read
            raise ConfigError(
                f"Setting {name!r}: {first['msg']}. Set it by F1TIMINGS_{name.upper()} or in {CONFIG_FILE}."
            ) from None
        raise ConfigError(
            f"Setting {name!r}: {first['msg']} (got {first['input']!r}). Set it by "
            f"--{name.replace('_', '-')}, F1TIMINGS_{name.upper()} or in {CONFIG_FILE}."
        ) from error
    except ValueError as error:  # a broken TOML file
        raise ConfigError(f"{CONFIG_FILE} cannot be read: {error}") from error
