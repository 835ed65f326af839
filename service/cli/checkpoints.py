"""Makes keys, and signs, shows and countersigns checkpoints of the log: checkpoint."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from psycopg import AsyncConnection

from domain.errors import Refused
from service.bootstrap import reachable_database, require_database, require_migrated, run_coroutine
from service.cli.output import say
from service.cli.proof_reading import read_proofs
from service.commands.refusals import ServiceRefusal
from service.config.settings import UnusableSettings, read_settings
from service.security.keys import create_key_file
from service.transparency.checkpoint_files import (
    checkpoint_folder,
    load_public_keys,
    load_signing_key,
    read_note,
)
from service.transparency.checkpoint_signing import add_cosignatures
from service.transparency.log_sealer import LogSealer, connect_as_sealer
from service.transparency.offline_verifier import NotVerified, PublicKey, is_consistent, open_checkpoint
from service.transparency.paper import checkpoint_sheet
from service.transparency.proofs import NotSealedYet, prove_consistency
from service.transparency.signing import SigningKey, UnusableSigningKey, text_of_note
from service.transparency.tree_store import read_last_note
from service.transparency.worker import seal_once

checkpoint = typer.Typer(help="Sign, show and countersign checkpoints of the log.", no_args_is_help=True)
NoteFile = Annotated[Path, typer.Argument(help="File with a checkpoint.")]


@checkpoint.command("new-key")
def make_key(
    name: Annotated[str, typer.Argument(help="Of the log or witness, such as tinh-a.example/kiennghi.")],
    out: Annotated[Path, typer.Option("--out", help="File for the signing key, which must not exist yet.")],
    witness: Annotated[bool, typer.Option("--witness", help="The key of a witness, not of a log.")] = False,
) -> None:
    """Make a signing key, and print the public key that verifies what it signs."""
    if out.exists():
        raise typer.BadParameter(f"{out} exists: a signing key is never overwritten")
    try:
        key = SigningKey.make(name, is_witness=witness)
    except UnusableSigningKey as error:
        raise typer.BadParameter(str(error)) from None
    create_key_file(out, key.line())
    print(key.public)


@checkpoint.command("sign")
def sign_now() -> None:
    """Take everything that is committed into the tree, with the last events of all histories; sign and print it."""
    settings = read_settings()
    require_database(settings)
    key = load_signing_key(settings)
    if key is None:
        raise UnusableSettings("KIENNGHI_SIGNING_KEY or KIENNGHI_SIGNING_KEY_FILE is needed to sign")

    async def signing(dsn: str) -> str | None:
        sealer = await LogSealer.connect(dsn, key, load_public_keys(settings))
        try:
            return await seal_once(sealer, checkpoint_folder(settings), heads_of=datetime.now(settings.zone).date())
        finally:
            await sealer.close()

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        print(run_coroutine(signing(dsn)), end="")


@checkpoint.command("show")
def show_checkpoint(
    paper: Annotated[bool, typer.Option("--paper", help="As a sheet to be signed by hand.")] = False,
) -> None:
    """Print the last checkpoint, with the signatures of its witnesses."""
    settings = read_settings()
    note = read_proofs(settings, read_last_note)
    if note is None:
        raise Refused(ServiceRefusal.NOTHING_SIGNED)
    print(checkpoint_sheet(open_checkpoint(note, load_public_keys(settings)), note) if paper else note, end="")


@checkpoint.command("cosign")
def cosign_checkpoint(
    file: NoteFile,
    key: Annotated[Path, typer.Option("--key", help="File with the witness's signing key.")],
    log_key: Annotated[str, typer.Option("--log-key", help="Public key of the log.")],
    seen: Annotated[
        Path, typer.Option("--seen", help="The last checkpoint that this witness signed; kept up to date.")
    ],
    path: Annotated[
        Path | None, typer.Option("--path", help="What `checkpoint path` printed for the checkpoint in --seen.")
    ] = None,
) -> None:
    """Sign a checkpoint as its witness, on a machine of the witness's own, and print it with the signature.

    What was signed before must be proven to be in it: a witness never signs two logs of one name.
    """
    witness, note = SigningKey.parse(key.read_text(encoding="utf-8")), read_note(file)
    public = PublicKey.parse(log_key)
    new = open_checkpoint(note, [public])
    if seen.exists():
        old = open_checkpoint(read_note(seen), [public])
        hashes = [bytes.fromhex(line) for line in path.read_text(encoding="ascii").split()] if path else []
        if (old.origin, True) != (new.origin, is_consistent(old.size, new.size, old.root, new.root, hashes)):
            raise NotVerified(
                f"điểm kiểm tra này không chứa điểm {old.size} đã ký chứng kiến, hoặc thiếu chứng minh (--path)",
                f"this checkpoint does not contain that of {old.size} leaves, or the proof is missing (--path)",
            )
    seen.write_text(note, encoding="utf-8")
    print(note + witness.signature_line(text_of_note(note), datetime.now(UTC)), end="")


@checkpoint.command("path")
def print_path(
    old: Annotated[int, typer.Argument(min=1, help="Leaves of the older checkpoint.")],
    new: Annotated[int | None, typer.Argument(min=1, help="Of the newer one; the whole tree if left out.")] = None,
) -> None:
    """Print the hashes that prove that a newer checkpoint contains an older one, for its witness."""

    async def proving(connection: AsyncConnection[Any]) -> list[str]:
        return await prove_consistency(connection, old, new)

    try:
        hashes = read_proofs(read_settings(), proving)
    except NotSealedYet:
        raise Refused(ServiceRefusal.NOT_IN_CHECKPOINT) from None
    for one in hashes:
        print(one)


@checkpoint.command("add-signature")
def add_signature(file: NoteFile) -> None:
    """Add the signatures of known witnesses in a file to the checkpoint that they belong to."""
    settings = read_settings()
    keys = load_public_keys(settings)
    note = read_note(file)

    async def adding(dsn: str) -> int | None:
        async with await connect_as_sealer(dsn) as connection:
            return await add_cosignatures(connection, note, keys)

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        size = run_coroutine(adding(dsn))
    if size is None:
        raise Refused(ServiceRefusal.SIGNATURE_OF_NO_CHECKPOINT)
    say(f"added to the checkpoint of {size} leaves")
