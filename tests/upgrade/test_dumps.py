"""Every dump becomes a database of this version: nothing that was ever stored is lost, and it is read as it was."""

from pathlib import Path

import psycopg
import pytest

from projections.views import VIEWS
from service.postgres.migrate import migrate_database, pending_migrations
from service.projector.rebuild import rebuild_views
from tests.service.office_fixtures import assert_views_complete
from tests.upgrade import dumps

pytestmark = pytest.mark.anyio


def test_there_is_a_dump_with_all_migrations_of_this_version() -> None:
    assert dumps.paths(), "`python -m tests.upgrade.dumps` makes one"


@pytest.mark.parametrize("path", dumps.paths(), ids=lambda path: path.name)
async def test_a_dump_is_migrated_read_and_seen_in_all_views(empty_database: str, path: Path) -> None:
    figures = dumps.restore(empty_database, path)
    migrate_database(empty_database)
    assert pending_migrations(empty_database) == []
    async with dumps.open_office(empty_database) as office:
        assert await dumps.figures_of(office) == figures
        await rebuild_views(office.pool, office.histories, office.vault, *(view() for view in VIEWS))
        await assert_views_complete(office)
    with psycopg.connect(empty_database) as connection, pytest.raises(psycopg.Error, match="is refused"):
        connection.execute("DELETE FROM kiennghi.log")
