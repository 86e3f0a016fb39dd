"""``gongkai verify``: is everything that the archive holds still what was put in?"""

from __future__ import annotations

import click

from archive.verify import Damage, rebuild_index
from archive.verify import verify as check_all
from scheduler.context import Context
from scheduler.terminal import Steps, clean, counted, print_json


@click.command()
@click.option(
    "--rebuild-index", "rebuild", is_flag=True, help="First write the search index anew from the texts."
)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def verify(context: Context, rebuild: bool, as_json: bool) -> None:
    """Check captures, texts, versions, ledger, search index and every row against their hashes; name what is damaged.

    Reads all three files beside a collection, and writes nothing of its own accord. Exit status 1 when anything is damaged; restore it
    from a backup, or collect the page again.
    """
    if rebuild:
        rebuild_index(context.paths)
    steps, damages = Steps(), list[Damage]()

    def tell(damage: Damage) -> None:
        if as_json:
            damages.append(damage)
            return
        steps.end()
        click.echo(clean(_line(damage)))

    report = check_all(context.paths, tell=tell, progress=steps)
    steps.end()
    if as_json:
        head = {"seq": report.head[0], "head": report.head[1]} if report.head else None
        print_json(
            {
                "clean": not report.damages, "damages": damages, "notes": report.notes, "checked": report.checked,
                "ledger": head,
            }
        )  # fmt: skip
    else:
        rows = sum(report.checked.values())
        click.echo(
            f"{counted(rows, 'row')} checked: "
            + (f"{report.damages:,} damaged" if report.damages else "all clean")
        )
        for note in report.notes:
            click.echo(f"  {clean(note)}")
        if report.head:
            click.echo(f"ledger {report.head[0]}  {report.head[1]}  (compare it with the one in an e-mail)")
    if report.damages:
        raise SystemExit(1)


def _line(damage: Damage) -> str:
    where = f"{damage.file}: {damage.table} {damage.row}".rstrip(" :") if damage.table else damage.file
    about = " ".join(
        part for part in (f"#{damage.document}" if damage.document else "", damage.url or "") if part
    )
    return f"DAMAGED {where}{f' ({about})' if about else ''}: {damage.what.removeprefix(f'{where}: ')}"


commands: tuple[click.Command, ...] = (verify,)
