"""Examines if the database keeps what is recorded: whose login it is, who may do what, triggers and functions.

A superuser can switch all of it off and on again unseen. What was changed meanwhile is found by `kiennghi verify`.
"""

import re
from importlib import resources
from typing import Any

from projections.projection import Connection
from service.doctor.finding import Finding, Verdict, finding_of
from service.postgres.roles import (
    GRANTED_ROLES,
    PROJECTOR_ROLE,
    SEALER_ROLE,
    SERVICE_ROLE,
    WRITER_ROLE,
    missing_roles_query,
    words_to_grant,
)

APPEND_ONLY, NEVER_REMOVED, NEVER_EMPTIED = "append_only", "never_removed", "never_emptied"
_BITS = {APPEND_ONLY: 58, NEVER_REMOVED: 42, NEVER_EMPTIED: 34}
"""`tgtype` of each trigger: BEFORE (2) with DELETE (8), UPDATE (16) and TRUNCATE (32), for each statement."""

RECORDED_TABLES = {
    "kiennghi.log": APPEND_ONLY,
    "kiennghi.categories": APPEND_ONLY,
    "kiennghi.topics": APPEND_ONLY,
    "kiennghi.officers": APPEND_ONLY,
    "kiennghi_vault.identities": APPEND_ONLY,
    "kiennghi_vault.identity_accesses": APPEND_ONLY,
    "kiennghi.log_head": NEVER_REMOVED,
    "kiennghi.registers": NEVER_REMOVED,
    "kiennghi_vault.text_keys": NEVER_REMOVED,
    "kiennghi_vault.identity_keys": NEVER_EMPTIED,
    "kiennghi_proof.other_leaves": APPEND_ONLY,
    "kiennghi_proof.checkpoints": APPEND_ONLY,
    "kiennghi_proof.cosignatures": APPEND_ONLY,
    "kiennghi_proof.tiles": NEVER_REMOVED,
    "kiennghi_proof.tree_head": NEVER_REMOVED,
}
"""Each table of what is recorded, with the trigger that keeps it."""

ALLOWED_WRITES = {
    ("kiennghi_vault.identity_accesses", SERVICE_ROLE, "INSERT"),
    ("kiennghi_vault.identity_keys", SERVICE_ROLE, "DELETE"),
    ("kiennghi_vault.text_keys", SERVICE_ROLE, "UPDATE"),
    ("kiennghi_proof.tree_head", SEALER_ROLE, "UPDATE"),
    ("kiennghi_proof.tiles", SEALER_ROLE, "INSERT"),
    ("kiennghi_proof.tiles", SEALER_ROLE, "UPDATE"),
    ("kiennghi_proof.other_leaves", SEALER_ROLE, "INSERT"),
    ("kiennghi_proof.checkpoints", SEALER_ROLE, "INSERT"),
    ("kiennghi_proof.cosignatures", SEALER_ROLE, "INSERT"),
}
"""Every right to write to those tables that anybody but their owner has: table, role, right."""

ALLOWED_CALLS = {
    ("append", WRITER_ROLE),
    ("append_event", WRITER_ROLE),
    ("hold_log", WRITER_ROLE),
    ("hold_log", SERVICE_ROLE),
}
"""Every right to call a function of the log that anybody but its owner has: function, role."""

ALLOWED_MAKERS = {("kiennghi_views", PROJECTOR_ROLE), ("kiennghi_rebuild", PROJECTOR_ROLE)}
"""Every right to make tables that anybody but the owner of the schema has: schema, role."""

_CALLERS = """
SELECT DISTINCT p.proname, coalesce(g.rolname, 'PUBLIC')
FROM pg_proc AS p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
LEFT JOIN pg_roles AS g ON g.oid = a.grantee
WHERE p.pronamespace IN ('kiennghi'::regnamespace, 'kiennghi_vault'::regnamespace) AND a.grantee <> p.proowner
  AND p.prorettype <> 'trigger'::regtype
ORDER BY 1, 2
"""
_MAKERS = """
SELECT DISTINCT n.nspname, coalesce(g.rolname, 'PUBLIC')
FROM pg_namespace AS n CROSS JOIN LATERAL aclexplode(n.nspacl) AS a LEFT JOIN pg_roles AS g ON g.oid = a.grantee
WHERE n.nspname LIKE 'kiennghi%%' AND a.grantee <> n.nspowner AND a.privilege_type = 'CREATE'
ORDER BY 1, 2
"""
_MEMBERS = """
SELECT m.rolname, r.rolname FROM pg_auth_members AS a
JOIN pg_roles AS r ON r.oid = a.roleid JOIN pg_roles AS m ON m.oid = a.member
WHERE r.rolname = ANY(%s) AND m.rolname = ANY(%s) ORDER BY 1, 2
"""
_WRITERS = """
SELECT DISTINCT format('%%s.%%s', n.nspname, c.relname), coalesce(g.rolname, 'PUBLIC'), a.privilege_type
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT * FROM aclexplode(c.relacl)
    UNION ALL
    SELECT x.* FROM pg_attribute AS t, aclexplode(t.attacl) AS x WHERE t.attrelid = c.oid
) AS a
LEFT JOIN pg_roles AS g ON g.oid = a.grantee
WHERE format('%%s.%%s', n.nspname, c.relname) = ANY(%s) AND a.grantee <> c.relowner AND a.privilege_type <> 'SELECT'
ORDER BY 1, 2, 3
"""
_TRIGGERS = """
SELECT format('%%s.%%s', n.nspname, c.relname), t.tgname
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgtype = (%s::jsonb ->> t.tgname::text)::integer
  AND t.tgfoid = to_regproc('kiennghi.refuse_change')
"""
_FUNCTIONS = """
SELECT p.proname, p.prosrc FROM pg_proc AS p
WHERE p.pronamespace IN ('kiennghi'::regnamespace, 'kiennghi_vault'::regnamespace) AND p.prosqlbody IS NULL
"""
_LOGIN = """
SELECT session_user::text, current_user::text, pg_has_role(session_user, c.relowner, 'MEMBER'),
       pg_has_role(current_user, c.relowner, 'MEMBER')
FROM pg_class AS c WHERE c.oid = 'kiennghi.log'::regclass
"""


async def examine_rights(connection: Connection) -> list[Finding]:
    """Examine the login and role of the service, everybody's rights, and if triggers and functions are as migrated."""
    return [
        await _examine_login(connection),
        await _examine_roles(connection),
        await _examine_writers(connection),
        await _examine_triggers(connection),
        await _examine_functions(connection),
    ]


async def _examine_login(connection: Connection) -> Finding:
    ((login, role, login_owns, role_owns),) = await _fetch_rows(connection, _LOGIN)
    account = role if role == login else f"{role}, logged in as {login}"
    if role_owns:
        why = "owns the log, or may become its owner, and works as such: let `kiennghi migrate` make the roles"
    elif login_owns:
        why = f"{login} owns the log, or may become its owner: serve with another login (KIENNGHI_DATABASE_URL)"
    else:
        return Finding("login", f"{account}: owns nothing of what is recorded")
    return Finding("login", f"{account}: {why}", Verdict.WRONG)


async def _examine_roles(connection: Connection) -> Finding:
    found = {name for (name,) in await _fetch_rows(connection, "SELECT rolname FROM pg_roles")}
    missing = [role for role, _ in GRANTED_ROLES if role not in found]
    if missing:
        return Finding("roles", f"missing: {', '.join(missing)}; `kiennghi migrate` makes them", Verdict.WRONG)
    names = [role for role, _ in GRANTED_ROLES]
    mixed = [f"{member} has {role}" for member, role in await _fetch_rows(connection, _MEMBERS, names, names)]
    if mixed:
        return Finding("roles", f"no longer apart: {', '.join(mixed)}: REVOKE it", Verdict.WRONG)
    query, parameters = missing_roles_query(connection.info.server_version)
    ((login, not_taken),) = await _fetch_rows(connection, query, *parameters)
    if not_taken:
        told = f"{login} may not take {', '.join(not_taken)}: {words_to_grant(login, not_taken)}"
        return Finding("roles", told, Verdict.WRONG)
    return Finding("roles", "all are there, apart, and can be taken")


async def _examine_writers(connection: Connection) -> Finding:
    rows = await _fetch_rows(connection, _WRITERS, list(RECORDED_TABLES))
    wrong = [f"{role} may {right} {table}" for table, role, right in rows if (table, role, right) not in ALLOWED_WRITES]
    wrong += [
        f"{role} may call {one}"
        for one, role in await _fetch_rows(connection, _CALLERS)
        if (one, role) not in ALLOWED_CALLS
    ]
    wrong += [
        f"{role} may make tables in {one}"
        for one, role in await _fetch_rows(connection, _MAKERS)
        if (one, role) not in ALLOWED_MAKERS
    ]
    return finding_of(
        "rights",
        f"{', '.join(wrong)}: REVOKE it" if wrong else "nobody may change what is recorded",
        is_well=not wrong,
    )


async def _examine_triggers(connection: Connection) -> Finding:
    bits = "{" + ", ".join(f'"{name}": {value}' for name, value in _BITS.items()) + "}"
    found = set(await _fetch_rows(connection, _TRIGGERS, bits))
    missing = [f"{name} on {table}" for table, name in RECORDED_TABLES.items() if (table, name) not in found]
    return finding_of(
        "triggers",
        f"missing or switched off: {', '.join(missing)}" if missing else "refuse to change what is recorded",
        is_well=not missing,
    )


async def _examine_functions(connection: Connection) -> Finding:
    found = dict(await _fetch_rows(connection, _FUNCTIONS))
    other = [name for name, body in _function_bodies().items() if found.get(name) != body]
    return finding_of(
        "functions",
        f"not as this version made them: {', '.join(other)}" if other else "are as this version made them",
        is_well=not other,
    )


def _function_bodies() -> dict[str, str]:
    """Return the text of each function that has one, by its name; those parsed at their creation have none."""
    files = (resources.files("service.postgres") / "functions").iterdir()
    texts = {file.name.removesuffix(".sql"): file.read_text(encoding="utf-8") for file in files}
    bodies = {name: re.search(r"\$\$(.*)\$\$", text, re.DOTALL) for name, text in texts.items()}
    return {name: body[1] for name, body in sorted(bodies.items()) if body is not None}


async def _fetch_rows(connection: Connection, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    return await (await connection.execute(query.encode(), parameters)).fetchall()
