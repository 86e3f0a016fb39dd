"""``gongkai proof``: what one version rests on, for somebody who does not have this software."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from archive.captures import CaptureStore
from archive.proofs import HeadError, ProofError, write_proof
from archive.store import open_for_reading
from scheduler.commands.read import one_document, split_version
from scheduler.context import Context, UsageProblem
from scheduler.terminal import NewPath, clean, shanghai_or


@click.command()
@click.argument("doc", metavar="DOC@N")
@click.argument("dest", type=NewPath(), metavar="DIR")
@click.option(
    "--head",
    "heads",
    multiple=True,
    help="A head of the ledger that somebody holds, as in a digest e-mail: the proof leads to it as well.",
)
@click.option("--no-attachments", is_flag=True, help="Leave the attached files out.")
@click.pass_obj
def proof(context: Context, doc: str, dest: Path, heads: tuple[str, ...], no_attachments: bool) -> None:
    """Write into the new directory DIR what anybody can check: the captures of a version, its text, the path to the ledger's head.

    Without @N, the newest version. DIR/README.md says what it proves, and what it does not; `sha256sum -c SHA256SUMS` and
    `python3 -I verify.py` check it without this software.
    """
    reference, number = split_version(doc)
    with (
        closing(open_for_reading(context.paths.archive)) as db,
        closing(open_for_reading(context.paths.captures)) as captures,
    ):
        document = one_document(db, reference)
        try:
            done = write_proof(
                db, CaptureStore(captures), document, number, dest,
                now=context.clock(), wanted=heads, attachments=not no_attachments,
            )  # fmt: skip
        except LookupError as error:
            raise UsageProblem(
                f"#{document} has no version {number}; `gongkai show '#{document}'` lists them"
            ) from error
        except HeadError as error:
            raise UsageProblem(clean(str(error))) from error
        except ProofError as error:
            raise click.ClickException(clean(str(error))) from error
    click.echo(
        f"{dest}: {done.files} files, {done.size:,} bytes; observations in the ledger: {done.observations}"
    )
    for head in done.heads:
        click.echo(f"  leads to head {head.seq} of {shanghai_or(head.at, '—')} (Asia/Shanghai)  {head.head}")
    for url in done.missing:
        click.echo(
            f"  ! the archive does not hold, or no longer shows, the attachment {clean(url)}", err=True
        )


commands: tuple[click.Command, ...] = (proof,)
