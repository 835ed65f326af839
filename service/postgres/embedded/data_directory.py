"""Chooses the folders of an embedded server: its account can reach them, and nobody else can change them."""

import contextlib
import hashlib
import os
import pwd
import re
import stat
from pathlib import Path
from typing import NamedTuple


class EmbeddedPostgresError(RuntimeError):
    """Is raised when the embedded server cannot be run; the message says what to do."""


class ServerAccount(NamedTuple):
    """Identifies the account that the server runs as."""

    uid: int
    gid: int


def is_reachable(path: Path, account: ServerAccount | None) -> bool:
    """Return true when the account (None: our own) may enter all folders on the path.

    A clone in the home of root, for example, is closed to other accounts.
    """
    if account is None:
        return True
    states = [folder.stat() for folder in (path, *path.parents) if folder.exists()]
    return all(state.st_mode & 0o001 or state.st_uid == account.uid for state in states)


def make_private_folders(path: Path) -> None:
    """Create the folder and its missing parents, whatever the umask, closed to other accounts.

    Folders that root creates may be passed through, because root's server runs as another account.
    """
    mode = 0o711 if os.geteuid() == 0 else 0o700
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)


def substitute_path(path: Path, base: Path = Path("/var/lib")) -> Path:
    """Return a substitute for `path` under `base`, the same at every start.

    Only root needs one for lasting files, and root may write to /var/lib; /var/tmp loses files that are a month old.
    """
    return base / f"kiennghi-pg-{hashlib.sha256(bytes(path)).hexdigest()[:12]}"


def make_owned_folder(path: Path) -> Path:
    """Create the folder if it is missing and return it; raise EmbeddedPostgresError when it is not ours alone.

    Its name can be guessed, so another account may have created it first.
    """
    path.mkdir(mode=0o755, exist_ok=True)
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid() or state.st_mode & 0o022:
        raise EmbeddedPostgresError(f"{path} belongs to somebody else")
    if os.geteuid() == 0:
        path.chmod(0o755)  # whatever the umask was
    return path


def server_account(cluster: Path) -> ServerAccount | None:
    """Return the account that the server runs as, None for our own.

    PostgreSQL refuses to run as root: root's server runs as the owner of the cluster, as `postgres` or as `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return ServerAccount(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return ServerAccount(entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError("run as an ordinary user, or make an account 'postgres'")


def server_home(wanted: Path, account: ServerAccount | None) -> Path:
    """Return the folder of the server's files: `wanted`, or a substitute when the account cannot reach it."""
    substitute = substitute_path(wanted)
    if not is_reachable(wanted, account):
        if (wanted / "cluster").exists():
            raise EmbeddedPostgresError(f"the server's account can no longer walk to {wanted}: chmod o+x its folders")
        return make_owned_folder(substitute)
    if (substitute / "cluster").exists() and not (wanted / "cluster").exists():
        return make_owned_folder(substitute)  # made while the server could not reach `wanted`: it stays where it is
    make_private_folders(wanted)
    return wanted


def has_cluster(wanted: Path) -> bool:
    """Return True if a cluster was made in the folder or in its substitute, or if only another account can tell."""
    wanted = wanted.absolute().resolve()
    try:
        return any((home / "cluster").exists() for home in (wanted, substitute_path(wanted)))
    except PermissionError:
        return True


def socket_folder(home: Path, account: ServerAccount | None) -> Path:
    """Create and return the folder of the server's socket, which only the server's account may enter."""
    run = home / "run"
    # A socket's path has at most 103 to 107 bytes; commas and quotes have a meaning for libpq and the server.
    if len(bytes(run)) >= 85 or not re.fullmatch(r"[\w/.+-]+", str(run), re.ASCII):
        run = make_owned_folder(substitute_path(run, base=Path("/var/tmp"))) / "run"  # noqa: S108  checked to be ours
    run.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(run, account.uid, account.gid, follow_symlinks=False)
    return run
