"""One embedded server for a test run, and databases on it."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from service.postgres.embedded.server import embedded_postgres

SHARED_HOME = "TEST_POSTGRES_HOME"


MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Bytes that must be free in memory for the run's server to live there."""


def memory_folder() -> Path | None:
    """Return a folder in memory with room, or None for the usual place of temporary files.

    Most tests have a database of their own, some three hundred small files: on a disk they take half of a run's time.
    A test of durability starts a server of its own, on the disk.
    """
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM else None


def pytest_configure(config: pytest.Config) -> None:
    for variable in [name for name in os.environ if name.startswith("KIENNGHI_")]:
        del os.environ[variable]  # the developer's own settings are not the tests'
    if not hasattr(config, "workerinput"):  # xdist's workers inherit the variable: one server for all of them
        home = Path(tempfile.mkdtemp(prefix="kiennghi-tests-", dir=memory_folder()))
        home.chmod(0o711)  # started by root the server runs as another account, which must get in
        os.environ[SHARED_HOME] = str(home)


LONG = tuple(
    f"tests/{place}"
    for place in (
        *("upgrade/", "faults/", "docs/test_tutorial.py", "docs/test_adding.py", "service/projector/test_rebuild.py"),
        *("service/demo/test_demo.py", "service/api/openapi/test_description.py", "service/cli/test_serving.py"),
        *("service/postgres/embedded/", "service/known_at/test_past_views.py"),
    )
)
"""Where the tests are that take many seconds each. They come first: a worker that is left with one of them at the end
would let the other wait for it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(SHARED_HOME), ignore_errors=True)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Tests marked `anyio` run on asyncio, as the service does."""
    return "asyncio"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A DSN with all rights on the run's server. It does not fsync: a test of durability starts its own."""
    with embedded_postgres(Path(os.environ[SHARED_HOME]) / "postgres", fsync=False) as dsn:
        yield dsn


@pytest.fixture
def empty_database(server: str) -> Iterator[str]:
    """The DSN of a database nothing was ever done in."""
    with temporary_database(server, template="template1") as dsn:
        yield dsn


@pytest.fixture(scope="session")
def migrated_template(server: str) -> Iterator[str]:
    """The name of a database with all migrations, to be copied and never connected to."""
    # Here: a test that needs no tables does not need it to work.
    from service.postgres.migrate import create_service_login, migrate_database

    with temporary_database(server, template="template1") as dsn:
        migrate_database(dsn)
        create_service_login(dsn)
        yield str(psycopg.conninfo.conninfo_to_dict(dsn)["dbname"])


@pytest.fixture(scope="session")
def followed_template(server: str, migrated_template: str) -> Iterator[str]:
    """The name of a database with all migrations and the empty tables of all views, to be copied."""
    from tests.view_tables import make_view_tables

    with temporary_database(server, template=migrated_template) as dsn:
        make_view_tables(dsn)
        yield str(psycopg.conninfo.conninfo_to_dict(dsn)["dbname"])


@pytest.fixture
def unfollowed_database(server: str, migrated_template: str) -> Iterator[str]:
    """The DSN of a migrated, empty database of this test's own. No view has tables there yet."""
    with temporary_database(server, template=migrated_template) as dsn:
        yield dsn


@pytest.fixture
def database(unfollowed_database: str) -> str:
    """As `unfollowed_database`; a folder whose tests nearly all follow the log has `followed_database` in its place."""
    return unfollowed_database


@pytest.fixture
def followed_database(server: str, followed_template: str) -> Iterator[str]:
    """As `database`, with the empty tables of all views: a service that follows the log need not make them."""
    with temporary_database(server, template=followed_template) as dsn:
        yield dsn


@pytest.fixture(scope="module")
def module_database(server: str, migrated_template: str) -> Iterator[str]:
    """As `database`, shared by the tests of a module: for those that only add, or only read."""
    with temporary_database(server, template=migrated_template) as dsn:
        yield dsn


def login_of_service(dsn: str) -> str:
    """Return the DSN by which the service logs in: it owns nothing of what is recorded."""
    return make_conninfo(dsn, user="kiennghi_login")


def give_log_its_own_id(dsn: str) -> None:
    """Make the log of a copied database one of its own: what a service saw of one copy must not be asked of another."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "ALTER TABLE kiennghi.log_head DISABLE TRIGGER identity_kept;"
            " UPDATE kiennghi.log_head SET log_id = gen_random_uuid();"
            " ALTER TABLE kiennghi.log_head ENABLE ALWAYS TRIGGER identity_kept"
        )


@contextmanager
def temporary_database(server: str, *, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        # Copying files is the quicker way for a small template; PostgreSQL 15 brought the choice.
        strategy = sql.SQL("STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else "")
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(
                sql.Identifier(name), sql.Identifier(template), strategy
            )
        )
    try:
        dsn = make_conninfo(server, dbname=name)
        if template != "template1":
            give_log_its_own_id(dsn)
        yield dsn
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
