"""Loads the two keys of the service from the settings, or creates them once if the service runs its embedded server."""

import contextlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from service.config.settings import KEY_BYTES, KEY_COMMAND, SETTINGS_PREFIX, Settings, UnusableSettings, decode_key


@dataclass(frozen=True)
class ServiceKeys:
    """Holds the two keys of the service, 32 random bytes each."""

    token: bytes = field(repr=False)
    """The key that signs access tokens. If it is replaced, people only have to log in again."""
    vault: bytes = field(repr=False)
    """The key that wraps the data keys of identities and of the texts of petitions.

    Without this key both are lost, so it must be in the backup.
    """


def load_or_create_keys(settings: Settings) -> ServiceKeys:
    """Return the keys in force. Raise UnusableSettings if one is missing and the settings name a database.

    A missing key is created only with the embedded server, in `token.key` or `vault.key` under `home`, mode 0600.
    Several services may use a database that the settings name, and each of them would create a key of its own.
    """
    return ServiceKeys(
        token=_load_key(settings, "token_key", settings.token_key),
        vault=_load_key(settings, "vault_key", settings.vault_key),
    )


def existing_vault_key(settings: Settings) -> bytes | None:
    """Return the vault key, or None if there is none yet; never create one.

    Raise UnusableSettings if the key cannot be used, or is missing although the settings name a database.
    """
    exists = (
        settings.vault_key is not None or settings.database_url is not None or _key_path(settings, "vault").exists()
    )
    return _load_key(settings, "vault_key", settings.vault_key) if exists else None


def _key_path(settings: Settings, name: str) -> Path:
    return settings.home / f"{name}.key"


def _load_key(settings: Settings, name: str, setting: SecretStr | None) -> bytes:
    variable = f"{SETTINGS_PREFIX}{name.upper()}"
    if setting is not None:
        return decode_key(setting.get_secret_value())
    if settings.database_url is not None:
        raise UnusableSettings(
            f"{variable} or {variable}_FILE is needed beside {SETTINGS_PREFIX}DATABASE_URL;"
            f" one way to make it: {KEY_COMMAND}"
        )
    path = _key_path(settings, name.removesuffix("_key"))
    if not path.exists():
        create_key_file(path, secrets.token_urlsafe(KEY_BYTES))
    if path.stat().st_mode & 0o077:
        raise UnusableSettings(f"{path} can be read by others: chmod 600 it")
    try:
        return decode_key(path.read_text(encoding="ascii"))
    except ValueError:
        raise UnusableSettings(f"{path} holds no key: put it back from the backup") from None


def create_key_file(path: Path, key: str) -> None:
    """Create the file with a new key, readable by its owner alone, completely or not at all.

    If several processes do so, the file of the first one is kept.
    """
    # Imported here, because this module exists only on systems with user accounts.
    from service.postgres.embedded.data_directory import make_private_folders

    make_private_folders(path.parent)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(descriptor)
    with contextlib.suppress(FileExistsError):
        os.link(temporary, path)
    temporary.unlink()
    folder_descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder_descriptor)  # a key lost in a power cut would leave identities encrypted for ever
    os.close(folder_descriptor)
