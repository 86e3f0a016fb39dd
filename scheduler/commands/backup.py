"""``gongkai backup`` and ``gongkai restore``."""

from __future__ import annotations

from pathlib import Path

import click

from archive import backup as backups
from scheduler.context import Context
from scheduler.terminal import NewPath, clean, counted, shanghai_or


@click.command()
@click.argument("dest", type=NewPath())
@click.pass_obj
def backup(context: Context, dest: Path) -> None:
    """Copy the whole archive into the new directory DEST, also while it is collecting.

    DEST holds alerts.db with the subscribers' addresses: keep it where they may be read.
    """
    manifest = backups.backup(context.paths, dest, now=context.clock())
    size = sum(size for _, size in manifest.files.values())
    click.echo(
        f"{dest}: {', '.join(manifest.files)}, {size:,} bytes; {_held(manifest)}, "
        f"ledger {manifest.ledger_seq} {manifest.head or '—'}"
    )


def _held(manifest: backups.Manifest) -> str:
    return f"{counted(manifest.documents, 'document')}, {counted(manifest.versions, 'version')}"


@click.command()
@click.argument("src", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--replace", is_flag=True, help="Put the archive that is there aside, and restore in its place."
)
@click.option("--check", "only_check", is_flag=True, help="Only read the backup and compare its hashes.")
@click.pass_obj
def restore(context: Context, src: Path, replace: bool, only_check: bool) -> None:
    """Put the backup SRC in place as the archive, in a new epoch: Message-IDs and ledger tell it from the one that was lost.

    All of SRC is read and compared first. Refused where an archive is, unless --replace is given. Exit 1, and the list of them, when
    withdrawals were made after the backup: they are undone.
    """
    if only_check:
        manifest = backups.check(src)
        click.echo(f"{src}: whole, made at {shanghai_or(manifest.created_at, '—')} (Asia/Shanghai)")
        return
    lost: list[str] = []

    def tell(undone: list[str]) -> None:
        lost.extend(undone)
        click.echo(
            f"Withdrawn after this backup was made, and there again once it is restored ({len(undone)}):",
            err=True,
        )
        for line in undone:
            click.echo(f"  {clean(line)}", err=True)

    manifest, aside = backups.restore(src, context.paths, now=context.clock(), replace=replace, undone=tell)
    click.echo(
        f"{context.data}: restored as of {shanghai_or(manifest.created_at, '—')} (Asia/Shanghai); "
        f"{_held(manifest)}"
    )
    if aside is not None:
        click.echo(f"What was there lies in {aside}; delete it when you no longer need it.")
    if lost:
        raise click.ClickException(
            f"restored, but {counted(len(lost), 'withdrawal')} that the replaced archive had, listed above, must be made again:"
            " `gongkai withdraw` each of them before anybody reads this archive, or as soon as it is collected again"
        )


commands: tuple[click.Command, ...] = (backup, restore)
