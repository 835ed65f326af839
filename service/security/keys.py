"""The two keys of the service: given by settings, or made once beside the embedded server."""

import contextlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from service.config.settings import KEY_BYTES, MAKE_A_KEY, PREFIX, Settings, UnusableSettings, key_from


@dataclass(frozen=True)
class Keys:
    """32 random bytes each."""

    token: bytes = field(repr=False)
    """Signs access tokens; a new one only makes people log in again."""
    vault: bytes = field(repr=False)
    """Wraps the keys of petitioners' identities: without it they are gone, so it belongs in the backup."""


def keys(settings: Settings) -> Keys:
    """The keys in force. UnusableSettings if one is missing and a database was given.

    Only beside an embedded server is a missing one made, in `token.key` or `vault.key` under `home`, mode
    0600: a given database may have other services, which would each make their own.
    """
    return Keys(
        token=_key(settings, "token_key", settings.token_key),
        vault=_key(settings, "vault_key", settings.vault_key),
    )


def vault_key_at_hand(settings: Settings) -> bytes | None:
    """The vault key if there is one; makes none. UnusableSettings if it is there and cannot be used."""
    is_there = settings.vault_key is not None or settings.database_url is not None or _path(settings, "vault").exists()
    return _key(settings, "vault_key", settings.vault_key) if is_there else None


def _path(settings: Settings, name: str) -> Path:
    return settings.home / f"{name}.key"


def _key(settings: Settings, name: str, given: SecretStr | None) -> bytes:
    variable = f"{PREFIX}{name.upper()}"
    if given is not None:
        return key_from(given.get_secret_value())
    if settings.database_url is not None:
        raise UnusableSettings(
            f"{variable} or {variable}_FILE is needed beside {PREFIX}DATABASE_URL; one way to make it: {MAKE_A_KEY}"
        )
    path = _path(settings, name.removesuffix("_key"))
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise UnusableSettings(f"{path} can be read by others: chmod 600 it")
    try:
        return key_from(path.read_text(encoding="ascii"))
    except ValueError:
        raise UnusableSettings(f"{path} holds no key: put it back from the backup") from None


def _make(path: Path) -> None:
    """Whole or not at all, and the first of several processes wins."""
    from service.postgres.embedded.data_directory import make_folders  # here, as it is only for systems with accounts

    make_folders(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(handle)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)  # a key that a power cut takes back would have sealed identities for ever
    os.close(folder)
