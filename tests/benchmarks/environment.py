"""Where it is measured: fresh databases on an embedded server that fsyncs, and the officer who asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from domain.actor import Credentials, Role
from service.config.settings import Settings
from service.postgres.migrate import migrate_database

OFFICER = Credentials(officer="do-luong", unit="ban-tcd", position="Chuyên viên", roles=frozenset(Role))
DIGEST = bytes(range(32))
"""As long as those of real requests."""

VAULT_KEY = b"not a secret: benchmarks only..."
TOKEN_KEY = b"nor is this one: benchmarks only"


@dataclass(frozen=True, slots=True)
class Ground:
    """`scale` multiplies rounds and calls, not sizes: 1 is the short run."""

    server: str
    settings: Settings
    petitions: int = 20_000
    scale: float = 1

    def rounds(self, usual: int) -> int:
        return max(2, round(usual * self.scale))

    @contextmanager
    def database(self) -> Iterator[str]:
        """The DSN of a migrated, empty database that is gone afterwards."""
        name = f"bench_{uuid4().hex[:12]}"
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            dsn = make_conninfo(self.server, dbname=name)
            migrate_database(dsn)
            yield dsn
        finally:
            self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def settle(self) -> None:
        """Writes out what earlier rounds left, so that none pays for another."""
        self._administer(sql.SQL("CHECKPOINT"))

    def _administer(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)
