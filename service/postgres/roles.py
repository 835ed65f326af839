"""Names the database roles, each with its file of grants, and refuses a login that is unfit to serve.

Who migrates owns the log. A login of the service, of the sealer or of an inspector owns nothing: it may take the roles
that it was given, and a role is taken for each connection.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

SERVICE_ROLE = "kiennghi_service"
"""Answers requests: reads, keeps the addresses of alerts, records who reads identities, destroys a key."""

WRITER_ROLE = "kiennghi_writer"
"""Appends to the log, by its functions alone."""

PROJECTOR_ROLE = "kiennghi_projector"
"""Keeps the views current: it owns their tables, and nothing else."""

READER_ROLE = "kiennghi_reader"
"""Reads the log, the views and what proves both; no key and no address."""

SEALER_ROLE = "kiennghi_sealer"
"""Writes the tree over the log and what was signed of it; may change nothing of the log."""

SERVICE_LOGIN = "kiennghi_login"
"""The login that the service has on its embedded server; on another server the operator names it."""

ROLES_OF_SERVING = (SERVICE_ROLE, WRITER_ROLE, PROJECTOR_ROLE, READER_ROLE)
"""Roles that the login of a process that serves must be able to take; one that seals takes SEALER_ROLE as well."""


class GrantedRole(NamedTuple):
    """Names a role, and the file in `migrations` that says what it may do."""

    role: str
    grants: str


GRANTED_ROLES = (
    GrantedRole(SERVICE_ROLE, "service_role"),
    GrantedRole(WRITER_ROLE, "writer_role"),
    GrantedRole(READER_ROLE, "reader_role"),
    GrantedRole(PROJECTOR_ROLE, "projector_role"),
    GrantedRole(SEALER_ROLE, "sealer_role"),
)

_MISSING_ROLES = """
SELECT session_user::text, array_agg(r.role ORDER BY r.role) FILTER (
    WHERE g.oid IS NULL OR NOT pg_has_role(session_user, g.oid, %s)
)
FROM unnest(%s::text[]) AS r (role) LEFT JOIN pg_roles AS g ON g.rolname = r.role
"""
_OWNED_BY_LOGIN = """
SELECT session_user::text, count(*) FILTER (WHERE pg_has_role(session_user, c.relowner, 'MEMBER')) > 0
FROM pg_class AS c WHERE c.relnamespace IN (to_regnamespace('kiennghi'), to_regnamespace('kiennghi_vault'))
"""


class UnfitLogin(Exception):
    """Is raised when the service would log in as who owns the log, or may not take its roles.

    The message says how to make a fit login.
    """


def refuse_unfit_login(dsn: str) -> None:
    """Raise UnfitLogin if the login of `dsn` owns the log, or may not take every role that serving needs.

    Whoever owns the log, or may become its owner, as every superuser may, could give itself back every right that its
    role lacks, and switch off the triggers.
    """
    with psycopg.connect(dsn) as connection:
        row: tuple[Any, ...] = connection.execute(_OWNED_BY_LOGIN).fetchone() or ("", False)
        login, is_owner = row
        if is_owner:
            raise UnfitLogin(
                f"{login} owns the log, and could undo whatever keeps it. Name another login in KIENNGHI_DATABASE_URL,"
                " this one in KIENNGHI_OWNER_URL, and run `kiennghi migrate`: it makes that login with its roles"
            )
        query, parameters = missing_roles_query(connection.info.server_version)
        row = connection.execute(query.encode(), parameters).fetchone() or ("", None)
    if row[1]:
        raise UnfitLogin(f"{login} may not take {', '.join(row[1])}: {words_to_grant(login, row[1])}")


def missing_roles_query(server_version: int) -> tuple[str, tuple[str, list[str]]]:
    """Return the query for the login, and the roles of serving that it may not take, with its parameters."""
    return _MISSING_ROLES, (right_to_take(server_version), list(ROLES_OF_SERVING))


def words_to_grant(login: str, roles: Sequence[str]) -> str:
    """Return what an operator does so that the login may take the roles."""
    return f"run `kiennghi migrate` with KIENNGHI_OWNER_URL set, or as its owner GRANT {', '.join(roles)} TO {login}"


def right_to_take(server_version: int) -> str:
    """Return the right that a login needs to take a role."""
    # Since version 16, a member may be forbidden to take the role; before, membership was enough.
    return "SET" if server_version >= 160000 else "MEMBER"


async def take_role(connection: psycopg.AsyncConnection[Any], role: str) -> None:
    """Take a role, where the login may take it; the login's own rights must then suffice."""
    await connection.execute(
        "SELECT set_config('role', rolname, false) FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, %s)",
        [role, right_to_take(connection.info.server_version)],
    )
