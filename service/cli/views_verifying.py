"""Compares every row of every view with a fold of the log, and says which are otherwise: verify --views."""

from dataclasses import dataclass
from typing import Any

from psycopg.errors import UndefinedColumn, UndefinedTable

from service.bootstrap import reachable_database, require_migrated, run_coroutine
from service.config.settings import Settings, UnusableSettings
from service.doctor.different_rows import DifferentRow
from service.doctor.view_contents import ViewComparison, compare_views
from service.postgres.pools import async_pool
from service.security.keys import existing_vault_key
from service.security.text_sealing import UnopenableText


@dataclass(frozen=True, slots=True)
class ComparedViews:
    """Holds how each view compares with the log, and which could not be compared."""

    compared: list[ViewComparison]
    not_whole: list[str]
    fault: str | None = None
    """Name of the error that ended the comparison."""

    @property
    def is_well(self) -> bool:
        """Return whether all views were compared, and every row is as the log says."""
        return self.fault is None and not self.not_whole and not any(one.differing for one in self.compared)

    def as_json(self) -> dict[str, Any]:
        """Return what was found as it is shown by --json."""
        return {
            "are_as_the_log_says": self.is_well,
            "not_whole": self.not_whole,
            "fault": self.fault,
            "compared": [
                {
                    "view": one.view.name,
                    "position": one.position,
                    "rows": one.rows,
                    "differing": one.differing,
                    "named": [{**row._asdict(), "columns": list(row.columns)} for row in one.named],
                }
                for one in self.compared
            ],
        }

    def print(self) -> None:
        """Print what was found, Vietnamese first. Rows are named by their keys: what they say is not shown."""
        if self.fault is not None:
            print(f"KHÔNG ĐÚNG: không so được các bảng với nhật ký ({self.fault})")
            print(f"NOT VERIFIED: the views cannot be compared with the log ({self.fault})")
        for name in self.not_whole:
            print(f"CHƯA CHỨNG MINH: các bảng của {name} chưa có đủ\nNOT PROVEN: the tables of {name} are not whole")
        for one in self.compared:
            for row in one.named:
                print(_sentences(one.view.name, row))
            if more := one.differing - len(one.named):
                print(f"… và {more} dòng khác của {one.view.name} / and {more} more rows of {one.view.name}")
        if self.is_well:
            rows, views = sum(one.rows for one in self.compared), len(self.compared)
            print(f"ĐÚNG: {rows} dòng của {views} bảng tổng hợp đúng như nhật ký, cùng mọi số cộng")
            print(f"VERIFIED: {rows} rows of {views} views are as the log says, with all sums")


def _sentences(view: str, row: DifferentRow) -> str:
    where = f"{view}: {row.table} {row.key}"
    if row.columns:
        columns = ", ".join(row.columns)
        return f"KHÔNG ĐÚNG: {where}: khác nhật ký ở cột {columns}\nNOT VERIFIED: {where}: differs in {columns}"
    if row.is_missing:
        return f"KHÔNG ĐÚNG: {where}: thiếu dòng này\nNOT VERIFIED: {where}: the row is missing"
    return f"KHÔNG ĐÚNG: {where}: nhật ký không có dòng này\nNOT VERIFIED: {where}: nothing in the log explains the row"


def verify_views(settings: Settings) -> ComparedViews:
    """Return how every row of every view compares with the log, in one snapshot. Raise UnusableSettings without key."""
    key = existing_vault_key(settings)
    if key is None:
        raise UnusableSettings("the vault key is needed to compare views with the log: KIENNGHI_VAULT_KEY")

    async def comparing(dsn: str) -> ComparedViews:
        async with async_pool(dsn, min_size=1, max_size=1) as pool, pool.connection() as connection:
            try:
                async with connection.transaction():
                    await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    await connection.execute("SET LOCAL statement_timeout = 0")
                    return ComparedViews(*await compare_views(connection, key))
            except (UnopenableText, ValueError, UndefinedTable, UndefinedColumn) as error:
                return ComparedViews([], [], type(error).__name__)

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        return run_coroutine(comparing(dsn))
