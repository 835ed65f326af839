"""Names the database roles, each with its file of grants, and refuses to let the service run as the log's owner.

Who migrates owns the log. A login of the service, of the sealer or of an inspector owns nothing: it may take the roles
that it was given, and a role is taken for each connection.
"""

from typing import Any, NamedTuple

import psycopg

SERVICE_ROLE = "kiennghi_service"
"""Appends to the log, keeps the views and the addresses of alerts, and records who reads."""

READER_ROLE = "kiennghi_reader"
"""Reads the log, the views and what proves both; no key and no address."""

SEALER_ROLE = "kiennghi_sealer"
"""Writes the tree over the log and what was signed of it; may change nothing of the log."""

SERVICE_LOGIN = "kiennghi_login"
"""The login that the service has on its embedded server; on another server the operator names it."""


class GrantedRole(NamedTuple):
    """Names a role, and the file in `migrations` that says what it may do."""

    role: str
    grants: str


GRANTED_ROLES = (
    GrantedRole(SERVICE_ROLE, "service_role"),
    GrantedRole(READER_ROLE, "reader_role"),
    GrantedRole(SEALER_ROLE, "sealer_role"),
)

_OWNED_BY_LOGIN = """
SELECT session_user::text, count(*) FILTER (WHERE pg_has_role(session_user, c.relowner, 'MEMBER')) > 0
FROM pg_class AS c WHERE c.relnamespace IN (to_regnamespace('kiennghi'), to_regnamespace('kiennghi_vault'))
"""


class OwnerLogin(Exception):
    """Is raised when the service would log in as who owns the log; the message says how to make another login."""


def refuse_owner_login(dsn: str) -> None:
    """Raise OwnerLogin if the login of `dsn` owns the log or may become its owner, as every superuser may.

    Such a login could give itself back every right that its role lacks, and switch off the triggers.
    """
    with psycopg.connect(dsn) as connection:
        row: tuple[Any, ...] = connection.execute(_OWNED_BY_LOGIN).fetchone() or ("", False)
    login, is_owner = row
    if is_owner:
        raise OwnerLogin(
            f"{login} owns the log, and could undo whatever keeps it. Serve with another login:"
            f" CREATE ROLE kn LOGIN PASSWORD '...'; GRANT {SERVICE_ROLE}, {READER_ROLE} TO kn;"
            " and name it in KIENNGHI_DATABASE_URL. Who owns the log stands in KIENNGHI_OWNER_URL, for"
            " `kiennghi migrate` alone"
        )


async def take_role(connection: psycopg.AsyncConnection[Any], role: str) -> None:
    """Take a role, where the login may take it; the login's own rights must then suffice."""
    # Since version 16, a member may be forbidden to take the role; before, membership was enough.
    right = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    await connection.execute(
        "SELECT set_config('role', rolname, false) FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, %s)",
        [role, right],
    )
