"""``gongkai status``: is everything being watched, and what is a person needed for?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from html import escape
from typing import Any

import click

from archive.clocks import went_back
from archive.store import ArchiveError, open_for_reading
from archive.times import lately, parse
from scheduler.alerts import outbox
from scheduler.context import Context, UsageProblem
from scheduler.neglected import known_broken, last_begun, overdue
from scheduler.open_runs import INTERRUPTED, RUNNING, state_of
from scheduler.terminal import TIMES, clean, columns, counted, print_json, shanghai, shanghai_or

_MOST_NAMED = 3  # sites in the subject of a mail
_MAIL = "邮件 mail"  # stands beside keys of sites, and is none
_CONFIGURATION = "配置 configuration"
_HTML = '<pre style="white-space: pre-wrap; overflow-wrap: anywhere">{}</pre>'


@click.command()
@click.option(
    "--mail", "by_mail", is_flag=True,
    help="Where a person is needed, send it to the `operator` of settings.yml; print nothing.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def status(context: Context, by_mail: bool, as_json: bool) -> None:
    """One line per site: last collection, documents kept, what waits for a person. Exit 1 when something does."""
    if by_mail and as_json:
        raise UsageProblem("--mail prints nothing; leave --json out")
    operator = context.settings().operator if by_mail else None
    if by_mail and operator is None:
        raise UsageProblem(
            f"{context.config / 'settings.yml'}: operator: name the address that --mail writes to"
        )
    try:
        found = _look(context)
    except ArchiveError as error:  # when it cannot be read, a person is needed most
        if operator is not None:
            _deliver(context, operator, ["存档 archive"], f"{clean(str(error))}\n", "unknown")
        raise
    needed = [
        *(row["site"] for row in found["sites"] if _is_troubled(row)),
        *([_MAIL] if _mail_is_stuck(context, found) else []),
        *([_CONFIGURATION] if found["mistakes"] else []),
    ]
    if as_json:
        print_json(found)
    elif operator is None:
        nothing = "No site was collected yet; `gongkai collect` does it."
        click.echo("\n".join([*([] if found["sites"] else [nothing]), *_lines(found)]))
    elif needed:
        _send(context, operator, needed, found)
    if needed:
        raise SystemExit(1)


def _look(context: Context) -> dict[str, Any]:
    """What ``--json`` prints."""
    with closing(open_for_reading(context.paths.archive)) as connection:
        rows = [dict(row) for row in connection.execute(_STATUS)]
        head = connection.execute("SELECT seq, head, at FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        epoch = connection.execute("SELECT value FROM archive WHERE key = 'epoch'").fetchone()
        began = last_begun(connection, context.clock())
        clocks = {
            row["site"]: went_back(connection, row["site"], row["run"], parse(row["started_at"]))
            if row["run"]
            else None
            for row in rows
        }
    described = context.described({row["site"] for row in rows})
    broken, late = known_broken(described, context.clock()), overdue(described, began, context.clock())
    for row in rows:
        row["open"] = state_of(context.paths, row["open_since"]) if row["open_since"] else None
        row["clock"] = clocks[row["site"]]
        row["former_keys"] = json.loads(row["former_keys"] or "[]")
        row["broken_until"], row["due_since"] = broken.get(row["site"]), late.get(row["site"])
    return {
        "epoch": epoch["value"],
        "ledger": dict(head) if head else None,
        "sites": rows,
        "mail": _mail(context),
        "mistakes": _mistakes(context),
    }


def _mistakes(context: Context) -> list[str]:
    """Of configuration files: a site whose file is wrong is collected no more, a reader whose address is wrong is told nothing."""
    if not (context.config / "sites").is_dir():
        return []  # an archive is looked at where it is not collected
    from scheduler.configuration import read_all  # noqa: PLC0415 — pydantic takes a while

    return [str(mistake) for mistake in read_all(context.config).mistakes]


def _lines(found: dict[str, Any]) -> list[str]:
    rows, mail, head = found["sites"], found["mail"], found["ledger"]
    lines = [TIMES, *columns([_cells(row) for row in rows], gap=" ")] if rows else []
    if any(mail.values()):
        since = f" since {shanghai(mail['waiting_since'])}" if mail["waiting_since"] else ""
        lines.append(
            f"mail: {mail['waiting']} waiting{since}, {mail['parked']} parked: `gongkai alerts status`"
        )
    lines += [clean(mistake) for mistake in found["mistakes"]]
    if head:
        lines.append(f"ledger {head['seq']}  {head['head']}  {shanghai_or(head['at'], '—')}")
    return lines


def _send(context: Context, operator: str, needed: Sequence[str], found: dict[str, Any]) -> None:
    """What a person is needed for, by mail. It does not lie in the outbox: tomorrow's says what is true then."""
    sites = [row for row in found["sites"] if row["site"] in needed]
    others = len(found["sites"]) - len(sites)
    well = [f"{counted(others, 'other site')}: nothing to be done"] if others else []
    text = "\n".join([*_lines({**found, "sites": sites}), *well]) + "\n"
    _deliver(context, operator, needed, text, found["epoch"])


def _deliver(context: Context, operator: str, needed: Sequence[str], text: str, epoch: str) -> None:
    from scheduler.alerts.digest import Digest  # noqa: PLC0415 — what prints needs no mail
    from scheduler.alerts.mailer import DeliveryError, build, transport  # noqa: PLC0415

    settings, now = context.settings(), context.clock()
    which = "、".join(needed[:_MOST_NAMED]) + ("…" if len(needed) > _MOST_NAMED else "")
    domain = settings.mail_from.rpartition("@")[2]
    digest = Digest(
        f"公开 gongkai：需要处理 {which} · a person is needed", text, _HTML.format(escape(text)),
        f"<{epoch}.status.{now:%Y%m%d%H%M%S}@{domain}>", 0, 0,
    )  # fmt: skip
    try:
        message = build(digest, sender=settings.mail_from, recipient=operator, now=now)
        transport(settings.smtp, context.paths.outbox).deliver(
            message, settings.mail_from, operator, f"status-{now:%Y%m%dT%H%M%S}"
        )
    except DeliveryError as error:
        raise click.ClickException(clean(f"the status could not be sent to {operator}: {error}")) from error


def _mail_is_stuck(context: Context, found: dict[str, Any]) -> bool:
    """Whether messages were given up, or have waited for more than a day."""
    since = found["mail"]["waiting_since"]
    stuck = since is not None and not lately(since, context.clock(), outbox.STUCK)
    return bool(found["mail"]["parked"]) or stuck


def _mail(context: Context) -> dict[str, Any]:
    """How many messages wait to be tried again, since when, and how many were given up until a person looks."""
    if not context.paths.alerts.exists():
        return {"waiting": 0, "parked": 0, "waiting_since": None}
    with closing(open_for_reading(context.paths.alerts)) as db:
        states = [row["state"] for row in db.execute("SELECT state FROM outbox WHERE state <> 'sent'")]
        since = outbox.waiting_since(db)
    parked = states.count("parked")
    return {"waiting": len(states) - parked, "parked": parked, "waiting_since": since}


def _is_troubled(row: dict[str, Any]) -> bool:
    """Whether a person should look. A first collection that goes on has done nothing wrong."""
    if row["due_since"] or row["open"] == INTERRUPTED:
        return True
    if row["broken_until"]:
        return False
    if row["held"]:
        return True
    return row["outcome"] not in ("complete", "skipped", *([None] if row["open"] == RUNNING else []))


def _cells(row: dict[str, Any]) -> tuple[str, str]:
    last = f"{row['outcome']} at {shanghai_or(row['started_at'], '—')}" if row["outcome"] else None
    if last and row["outcome"] != "complete":
        last += f" (complete {shanghai_or(row['last_complete_at'], 'never yet')})"
    since = shanghai_or(row["open_since"], "—")
    now = {
        RUNNING: f"{'collection' if last else 'first collection'} running since {since}",
        INTERRUPTED: f"collection of {since} interrupted; the next one takes it up",
        None: None,
    }[row["open"]]
    waiting = f"{row['held']} held: `gongkai runs list --held`" if row["held"] else None
    broken = f"known to be broken until {row['broken_until']}" if row["broken_until"] else None
    late = f"was due at {shanghai(row['due_since'])} and not collected since" if row["due_since"] else None
    kept = f"{counted(row['documents'], 'document')}, {counted(row['versions'], 'version')}, {row['absent']} absent"
    former = f"formerly {', '.join(row['former_keys'])}" if row["former_keys"] else None
    parts = "  ".join(
        part
        for part in (
            last or (None if now else "never collected"),
            kept,
            waiting,
            now,
            broken,
            late,
            row["clock"],
            former,
        )
        if part
    )
    return f"{row['site']}:", parts


_STATUS = """
    SELECT s.key AS site, s.former_keys, r.id AS run, r.outcome, r.started_at, s.last_complete_at,
           (SELECT max(started_at) FROM runs o WHERE o.site = s.key AND o.outcome IS NULL) AS open_since,
           (SELECT count(*) FROM documents d WHERE d.site = s.key AND d.merged_into IS NULL) AS documents,
           (SELECT coalesce(sum(versions), 0) FROM documents d WHERE d.site = s.key) AS versions,
           (SELECT count(*) FROM documents d WHERE d.site = s.key AND d.status IN ('missing', 'removed')) AS absent,
           (SELECT count(*) FROM runs h WHERE h.site = s.key AND h.held = 1 AND h.resolved IS NULL) AS held
    FROM sites s LEFT JOIN runs r ON r.id = (SELECT max(id) FROM runs WHERE site = s.key AND outcome IS NOT NULL)
    ORDER BY s.key
"""


commands: tuple[click.Command, ...] = (status,)
