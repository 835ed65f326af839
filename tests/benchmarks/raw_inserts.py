"""What PostgreSQL alone does: one row, one commit, sent by pgbench, which costs less than any client in Python."""

import re
import subprocess
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from service.postgres.embedded.binaries import find_binaries

NAME = "pgbench, one INSERT a COMMIT, as many connections"
STATE_BYTES = 400
"""About what a fact takes."""


def make_table(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE public.raw_log (id uuid, version bigint, topic text NOT NULL, state bytea NOT NULL,"
            " position bigint GENERATED ALWAYS AS IDENTITY UNIQUE, PRIMARY KEY (id, version))"
        )


def inserts_per_second(dsn: str, script: Path, *, connections: int, seconds: int) -> float:
    """`script` is written anew."""
    state = "ab" * STATE_BYTES
    script.write_text(
        "INSERT INTO public.raw_log (id, version, topic, state)"
        rf" VALUES (gen_random_uuid(), 1, 'PetitionReceived', '\x{state}');"
    )
    place = conninfo_to_dict(dsn)
    ran = subprocess.run(
        [
            find_binaries() / "pgbench",
            "--no-vacuum",
            "--protocol=prepared",
            f"--file={script}",
            f"--client={connections}",
            f"--time={seconds}",
            f"--host={place['host']}",
            f"--username={place['user']}",
            str(place["dbname"]),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"tps = ([\d.]+) \(without", ran.stdout)
    if found is None:
        raise RuntimeError(f"pgbench printed no rate: {ran.stdout[-500:]}")
    return float(found[1])
