"""Keeps signed checkpoints as files, outside the database, and finds the keys that sign and verify them."""

import os
import secrets
from datetime import datetime
from pathlib import Path

from service.config.settings import Settings, UnusableSettings
from service.files.text_files import MAX_FILE_CHARACTERS, read_text_file
from service.security.keys import create_key_file
from service.transparency.offline_verifier import NotVerified, PublicKey
from service.transparency.signing import SigningKey, UnusableSigningKey

LATEST = "latest.txt"
LARGEST_NOTE = 100_000
"""Characters of a file that is read as a checkpoint."""


def checkpoint_folder(settings: Settings) -> Path | None:
    """Return the folder of the checkpoints; None if the settings name none and the database is not embedded."""
    if settings.checkpoint_folder is not None or settings.database_url is not None:
        return settings.checkpoint_folder
    return settings.home / "checkpoints"


def write_checkpoint(folder: Path, note: str, now: datetime) -> None:
    """Write the note to `latest.txt`, and to a file of its own if this hour (UTC) has none.

    Each file is whole, or as it was before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    hourly = folder / f"{now:%Y-%m-%dT%H}Z.txt"
    for path in [folder / LATEST, *([] if hourly.exists() else [hourly])]:
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with temporary.open("w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def read_checkpoint_files(folder: Path) -> list[str]:
    """Return the notes of all files in the folder."""
    return [read_note(path) for path in sorted(folder.glob("*.txt"))] if folder.is_dir() else []


def read_note(path: Path) -> str:
    """Return the note in a file. Raise UnreadableFile."""
    return read_text_file(path, min(LARGEST_NOTE, MAX_FILE_CHARACTERS), "a checkpoint")


def load_signing_key(settings: Settings, *, create: bool = False) -> SigningKey | None:
    """Return the key of the settings; with the embedded server that of `signing.key`, which `create` makes if missing.

    Raise UnusableSettings for a key that is none.
    """
    if settings.signing_key is not None:
        text = settings.signing_key.get_secret_value()
    elif settings.database_url is not None:
        return None
    else:
        path = settings.home / "signing.key"
        if not path.exists():
            if not create:
                return None
            create_key_file(path, SigningKey.make(f"kiennghi.local/{secrets.token_hex(4)}").line())
        text = path.read_text(encoding="utf-8")
    try:
        return SigningKey.parse(text.strip())
    except UnusableSigningKey as error:
        raise UnusableSettings(f"KIENNGHI_SIGNING_KEY: {error}") from None


def load_public_keys(settings: Settings) -> list[PublicKey]:
    """Return the keys of the log and its witnesses: those of the settings, and that of a signing key that is here."""
    try:
        keys = [PublicKey.parse(line) for line in settings.log_keys.split()]
    except NotVerified as error:
        raise UnusableSettings(f"KIENNGHI_LOG_KEYS: {error}") from None
    signing = load_signing_key(settings)
    return keys if signing is None or signing.public in keys else [*keys, signing.public]
