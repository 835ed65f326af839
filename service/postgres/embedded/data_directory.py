"""Where an embedded server may live: folders that its account can walk to and nobody else can meddle with."""

import contextlib
import hashlib
import os
import pwd
import re
import stat
from pathlib import Path
from typing import NamedTuple


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot be had; the message says what to do."""


class Account(NamedTuple):
    uid: int
    gid: int


def reachable(path: Path, account: Account | None) -> bool:
    """May this account (None: our own) walk to the path? A clone in the home of root is closed to it."""
    if account is None:
        return True
    states = [folder.stat() for folder in (path, *path.parents) if folder.exists()]
    return all(state.st_mode & 0o001 or state.st_uid == account.uid for state in states)


def make_folders(path: Path) -> None:
    """As mkdir -p, whatever the umask: closed to others, but for root's server to walk through."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)


def elsewhere(path: Path, base: Path = Path("/var/lib")) -> Path:
    """A substitute for `path`, the same at every start.

    Only root needs one for what lasts, and may write to /var/lib; /var/tmp is swept of files a month old.
    """
    return base / f"kiennghi-pg-{hashlib.sha256(bytes(path)).hexdigest()[:12]}"


def owned_by_us(path: Path) -> Path:
    """Makes the folder or takes it as it is: one with a guessable name must be ours before it is trusted."""
    path.mkdir(mode=0o755, exist_ok=True)
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid() or state.st_mode & 0o022:
        raise EmbeddedPostgresError(f"{path} belongs to somebody else")
    if os.geteuid() == 0:
        path.chmod(0o755)  # whatever the umask was
    return path


def account_for(cluster: Path) -> Account | None:
    """Whom the server runs as: PostgreSQL refuses root, so one that root starts runs as somebody else."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError("run as an ordinary user, or make an account 'postgres'")


def home_for(wanted: Path, account: Account | None) -> Path:
    moved = elsewhere(wanted)
    if not reachable(wanted, account):
        if (wanted / "cluster").exists():
            raise EmbeddedPostgresError(f"the server's account can no longer walk to {wanted}: chmod o+x its folders")
        return owned_by_us(moved)
    if (moved / "cluster").exists() and not (wanted / "cluster").exists():
        return owned_by_us(moved)  # made when the wanted folder was closed to the server: it stays where it is
    make_folders(wanted)
    return wanted


def socket_folder(home: Path, account: Account | None) -> Path:
    run = home / "run"
    # A socket's path holds 103 to 107 bytes; commas and quotes mean something to libpq and the server.
    if len(bytes(run)) >= 85 or not re.fullmatch(r"[\w/.+-]+", str(run), re.ASCII):
        run = owned_by_us(elsewhere(run, base=Path("/var/tmp"))) / "run"  # noqa: S108  checked to be ours
    run.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(run, account.uid, account.gid, follow_symlinks=False)
    return run
