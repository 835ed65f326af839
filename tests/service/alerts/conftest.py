"""Provides databases in which the views have their tables: nearly every test of this folder follows the log."""

import pytest


@pytest.fixture
def database(followed_database: str) -> str:
    """Provide the DSN of a migrated, empty database of this test's own, with the tables of the views."""
    return followed_database
