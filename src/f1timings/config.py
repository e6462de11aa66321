"""The settings: one table for flags, environment variables, file and documentation."""

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
#: Settings without a flag: other users of the machine could read it.
SECRETS = ("admin_password",)


class Settings(BaseSettings):
    """The settings: flags, ``F1TIMINGS_<NAME>`` variables, or ``f1timings.toml`` in this folder."""

    model_config = SettingsConfigDict(
        env_prefix="F1TIMINGS_", extra="forbid", frozen=True, toml_file=CONFIG_FILE
    )

    host: str = Field("0.0.0.0", description="Address at which pages and API are served.")
    port: int = Field(8080, ge=0, le=65535, description="TCP port of pages and API.")
    udp_host: str = Field("0.0.0.0", description="Address at which telemetry is received.")
    udp_port: int = Field(20777, ge=0, le=65535, description="UDP port to which the games send telemetry.")
    data_dir: Path = Field(Path("data"), description="Folder for the database, the captures and the exports.")
    database_url: str | None = Field(
        None,
        description="URL of the database (PostgreSQL: postgresql://…); by default SQLite in the data folder.",
    )
    capture: bool = Field(True, description="Record every received datagram unchanged in captures/.")
    capture_max_gb: float = Field(
        20.0,
        gt=0,
        description="GiB for all captures. One rig fills 1.5 GiB per hour; old captures are thinned.",
    )
    capture_keep_free_gb: float = Field(
        2.0, ge=0, description="GiB of free disk space reserved for the database; recording pauses below it."
    )
    backup_folder: Path | None = Field(
        None,
        description="Second folder for copies of the backups, such as one on a USB stick; it must exist.",
    )
    spool_folder: Path | None = Field(
        None,
        description="Second folder for laps that wait while the database cannot be written, best on another "
        "disk; by default the temporary folder of the system.",
    )
    circuit_wait_s: float = Field(
        20.0,
        ge=0,
        le=3600,
        description="Seconds for which most rigs must drive another circuit before the boards follow.",
    )
    max_screens: int = Field(
        2_500,
        ge=1,
        le=100_000,
        description="Most pages and programs connected for live updates at the same time.",
    )
    announce: bool = Field(
        True, description="Announce the name f1timings.local in the networks of this machine (mDNS)."
    )
    allowed_hosts: str | None = Field(
        None, description="Additional host names of the server, separated by commas."
    )
    tls_certificate: Path | None = Field(
        None, description="PEM file with the certificate and its chain: pages and API are then https only."
    )
    tls_key: Path | None = Field(None, description="PEM file with the private key of the certificate.")
    admin_password: SecretStr | None = Field(
        None, description="Password of the account `admin`, set at every start; for unattended installations."
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="Form of messages on the console: text, or one JSON object per line."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe messages written to the console."
    )

    @property
    def scheme(self) -> Literal["http", "https"]:
        """How the addresses of pages and API begin."""
        return "http" if self.tls_certificate is None else "https"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags override the environment, and the environment overrides the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**flags: object) -> Settings:
    """Read the settings. A flag that is None is ignored.

    Raises:
        ConfigError: a setting is invalid. The text has its name, the reason, and where it can be set.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise ConfigError(
                f"{CONFIG_FILE}: there is no setting {name!r}. "
                f"The settings are {', '.join(Settings.model_fields)}."
            ) from error
        if name in SECRETS:  # show neither the value nor a flag, which other users of the machine could read
            raise ConfigError(
                f"Setting {name!r}: {first['msg']}. Set it by F1TIMINGS_{name.upper()} or in {CONFIG_FILE}."
            ) from None
        raise ConfigError(
            f"Setting {name!r}: {first['msg']} (got {first['input']!r}). Set it by "
            f"--{name.replace('_', '-')}, F1TIMINGS_{name.upper()} or in {CONFIG_FILE}."
        ) from error
    except ValueError as error:  # an invalid TOML file
        raise ConfigError(f"{CONFIG_FILE} cannot be read: {error}") from error
