"""Reads the settings of the service from variables KIENNGHI_*, and checks them once at the start."""

import base64
import difflib
import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from service.files.cells import UnreadableFile
from service.files.text_files import MAX_FILE_CHARACTERS, read_text_file

SETTINGS_PREFIX = "KIENNGHI_"
SECRET_SETTINGS = ("database_url", "owner_url", "token_key", "vault_key", "signing_key", "smtp_password")
KEY_BYTES = 32
KEY_COMMAND = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'

IPNetwork = IPv4Network | IPv6Network


class UnusableSettings(Exception):
    """Is raised when a setting is wrong; the message names the variable and the value it needs, never a secret."""


class SecretFileSource(PydanticBaseSettingsSource):
    """Reads secrets from files: KIENNGHI_TOKEN_KEY_FILE names the file that holds KIENNGHI_TOKEN_KEY."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        return None, field_name, False  # the base class requires it; __call__ does the work

    def __call__(self) -> dict[str, Any]:
        found = {}
        for field_name in SECRET_SETTINGS:
            variable = f"{SETTINGS_PREFIX}{field_name.upper()}"
            path = os.environ.get(f"{variable}_FILE")
            if not path:
                continue
            if os.environ.get(variable):
                raise UnusableSettings(f"{variable} and {variable}_FILE are both set: keep one")
            try:
                found[field_name] = read_text_file(Path(path), MAX_FILE_CHARACTERS, "a secret").strip()
            except UnreadableFile as error:
                raise UnusableSettings(f"{variable}_FILE: cannot read {error}") from None
        return found


class Settings(BaseSettings):
    """Holds the service's settings; each is read from the variable KIENNGHI_ + its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=SETTINGS_PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,  # docs/reference/settings.md is generated from them
    )

    database_url: SecretStr | None = None
    """PostgreSQL 15 or later. Without it the embedded server under `home` is used."""
    owner_url: SecretStr | None = None
    """The same database, with the login that owns it: `kiennghi migrate` uses it, and nothing that serves does. Without
    it `migrate` uses `database_url`."""
    home: Annotated[Path, Field(validate_default=True)] = Path(".kiennghi")
    """Folder of the embedded server and the generated keys; relative to the current folder."""
    timezone: str = "Asia/Ho_Chi_Minh"
    """IANA zone of the authority: a calendar day begins at its midnight."""
    host: str = "127.0.0.1"
    """Address to listen on. The service speaks plain HTTP: a proxy with TLS must receive requests from outside."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """TCP port to listen on; 0 lets the system choose one."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Lowest level that is logged: `debug`, `info`, `warning` or `error`."""
    token_key: SecretStr | None = None
    """Key that signs access tokens: 32 random bytes in base64url."""
    vault_key: SecretStr | None = None
    """Key that encrypts the keys of identities and texts: 32 random bytes in base64url. Losing it loses all of them."""
    signing_key: SecretStr | None = None
    """Key that signs checkpoints of the log, as `kiennghi checkpoint new-key` makes it. Only the process that seals
    needs it; without it the tree grows and nothing is signed."""
    log_keys: str = ""
    """Public keys of the log and its witnesses, with spaces between them: `kiennghi verify` believes no others."""
    sealing: bool = True
    """If true, `run` and `serve` also take the log into its tree, and sign it if they have the key; if false, only
    `kiennghi seal` does."""
    checkpoint_folder: Path | None = None
    """Folder for the signed checkpoints, best on another machine: `latest.txt`, and one file an hour. Left out:
    `checkpoints` under `home` with the embedded server, otherwise none."""
    seal_texts: bool = True
    """If true, what people type about a petition is stored sealed and can be erased. What was stored while it was false
    stays plain for ever."""
    max_body_bytes: Annotated[int, Field(ge=1_000, le=100_000_000)] = 1_000_000
    """Size in bytes of the largest request body that is read."""
    due_soon_working_days: Annotated[int, Field(ge=0, le=60)] = 5
    """A petition is due soon when its last day is at most this number of working days away."""

    policy_file: Path | None = None
    """TOML file with the site's own time limits, which add to the national ones and override them."""
    calendar_file: Path | None = None
    """TOML file with the site's own additions to the working-day calendar: next year, days off, exchanged days."""
    older_calendars: Path | None = None
    """Folder with the earlier versions of the calendar file, which explain the due dates that were counted by them."""
    duties_file: Path | None = None
    """TOML file with the site's own rules of how often heads must meet the people, in the form of heads-duties.toml."""
    ladder_file: Path | None = None
    """TOML file with the site's own steps of the ladder of alerts, its working hours and its operator."""
    alerts: bool = False
    """If true, `run` and `serve` also raise, compose and send alerts; if false, only `kiennghi alerts work` does."""

    smtp_host: str | None = None
    """Server that accepts alerts as e-mail. Without it no alert is sent by e-mail."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Port of the e-mail server: usually 587 with `starttls`, 465 with `tls`."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """Encryption to the e-mail server: `starttls`, `tls` from the first byte, or `none` on the same machine."""
    smtp_user: str | None = None
    """User name at the e-mail server; left out if the server needs none."""
    smtp_password: SecretStr | None = None
    """Password of `smtp_user`."""
    smtp_sender: str = "kiennghi@localhost"
    """Sender address of alerts; its domain is part of every Message-ID."""
    webhook_networks: str = ""
    """Private networks that webhooks may lead into, such as `10.1.0.0/16, fd12::/48`; none if left out. Only there may
    a webhook work without TLS."""

    @property
    def private_networks(self) -> tuple[IPNetwork, ...]:
        """Return the networks of `webhook_networks`."""
        return tuple(ip_network(network) for network in self.webhook_networks.replace(",", " ").split())

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the authority."""
        return ZoneInfo(self.timezone)

    @field_validator("database_url", "owner_url")
    @classmethod
    def _is_a_connection_string(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                conninfo_to_dict(value.get_secret_value())
            except psycopg.ProgrammingError:  # its message repeats the string with the password
                raise ValueError("not a PostgreSQL connection string") from None
        return value

    @field_validator("token_key", "vault_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            decode_key(value.get_secret_value())
        return value

    @field_validator("smtp_sender")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not re.fullmatch(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,185}", value):
            raise ValueError("wants an e-mail address such as kiennghi@tinh.example")
        return value

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for network in value.replace(",", " ").split():
            try:
                ip_network(network)
            except ValueError:
                raise ValueError(f"{network!r} is no network such as 10.1.0.0/16") from None
        return value

    @field_validator("home")
    @classmethod
    def _is_absolute_from_here_on(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("timezone")
    @classmethod
    def _is_a_known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{value!r} is not an IANA time zone such as Asia/Ho_Chi_Minh") from None
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the base class's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, SecretFileSource(settings_cls)


def decode_key(text: str) -> bytes:
    """Return the 32 bytes that the text holds in base64url, padded or not; ValueError for anything else."""
    unpadded = text.strip().rstrip("=")
    try:
        key = base64.b64decode(unpadded + "=" * (-len(unpadded) % 4), altchars=b"-_", validate=True)
    except ValueError:  # its message may repeat a part of the key
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"wants {KEY_BYTES} random bytes in base64url; one way to make them: {KEY_COMMAND}")
    return key


def read_settings() -> Settings:
    """Return the settings from this process's environment; UnusableSettings lists everything that is wrong."""
    refuse_misspelt_variables(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        faults = [
            f"{SETTINGS_PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_input=False)
        ]
        raise UnusableSettings("\n".join(faults)) from None


def refuse_misspelt_variables(environment: Mapping[str, str]) -> None:
    """Raise UnusableSettings for a variable whose name is almost that of a setting.

    A misspelt KIENNGHI_DATABASE_URL would otherwise silently open an embedded server. Other unknown variables are
    ignored: Kubernetes sets some, such as KIENNGHI_SERVICE_HOST, by itself.
    """
    known = {SETTINGS_PREFIX + name.upper() for name in Settings.model_fields}
    known |= {f"{SETTINGS_PREFIX}{name.upper()}_FILE" for name in SECRET_SETTINGS}
    for variable in environment:
        if variable.startswith(SETTINGS_PREFIX) and variable not in known:
            similar = difflib.get_close_matches(variable, known, n=1, cutoff=0.9)
            if similar:
                raise UnusableSettings(f"{variable} is not a setting; is {similar[0]} meant?")
