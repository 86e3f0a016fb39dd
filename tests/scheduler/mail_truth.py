"""Who is to be told what, in the plainest words: asked of the archive's tables, and of nothing that tells."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

from archive.model import SHANGHAI
from archive.storage import texts
from archive.words import KIND_WORDS

KINDS = ("added", "edited", "attachment", "moved", "unlisted", "missing", "removed", "restored")
_KIND = {word: kind.value for kind, words in KIND_WORDS.items() for word in (*words, " ".join(words))}
Entry = tuple[str, int, int | None, str]  # kind, document, version, when it was detected


def parsed(content: bytes) -> tuple[str, str, str, str]:
    """Message-ID, subject, text and HTML of a message."""
    message = message_from_bytes(content, policy=policy.default)
    parts = [message.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (part.get_content() if part else "" for part in parts)
    return str(message["Message-ID"]), str(message["Subject"]), text, html


def entries_of(text: str) -> list[Entry]:
    """What a digest's text tells of, in its order."""
    found: list[Entry] = []
    kind = ""
    for line in text.splitlines():
        if head := re.match(r"\[([^\]]+)\] ", line):
            kind = _KIND[head[1]]
        if foot := re.match(
            r"  (?:发现于 detected|发现于|detected) ([-0-9: ]{16})  #(\d+)(?:@(\d+))?$", line
        ):
            found.append((kind, int(foot[2]), int(foot[3]) if foot[3] else None, foot[1]))
    return found


def counts_of(subject: str) -> Counter[str]:
    """Kind → number, as the subject says."""
    zh_en = {zh: k.value for k, (zh, _) in KIND_WORDS.items()} | {
        en.lower(): k.value for k, (_, en) in KIND_WORDS.items()
    }
    said = subject.replace("公开 gongkai：", "").replace("gongkai: ", "")
    first = said.partition(" — ")[0].partition(" · ")[0]
    return Counter({zh_en[m[1]]: int(m[2]) for m in re.finditer(r"([^，,]+?) (\d+)(?:[，,] ?|$)", first)})


def wanted(db: sqlite3.Connection, wish: Mapping[str, Any], after: int, until: int) -> list[Entry]:
    """What a reader is to be told of the feed's places ``after`` < … ≤ ``until``, as the archive stands."""
    rows = db.execute(
        "SELECT c.*, t.number AS number, d.withdrawn_at AS gone, t.withdrawn_at AS gone_version, d.current_version AS current"
        " FROM changes c JOIN documents d ON d.id = c.document LEFT JOIN versions t ON t.id = c.to_version"
        " WHERE c.feed_seq > ? AND c.feed_seq <= ? ORDER BY c.feed_seq",
        [after, until],
    ).fetchall()
    found = [row for row in rows if row["dropped_at"] is None and not row["gone"] and not row["gone_version"]]
    found = [row for row in found if row["kind"] in wish.get("kinds", KINDS)]
    found = [row for row in found if wish["sites"] == "all" or row["site"] in wish["sites"]]
    if wish["significance"] == "substantive":
        found = [row for row in found if row["significance"] != "cosmetic"]
    if "keywords" in wish:
        found = [row for row in found if any(w.lower() in text_of(db, row).lower() for w in wish["keywords"])]
    removed = {
        (r["document"], r["last_present_at"], r["first_absent_at"]) for r in found if r["kind"] == "removed"
    }
    found = [
        r for r in found
        if r["kind"] != "missing" or (r["document"], r["last_present_at"], r["first_absent_at"]) not in removed
    ]  # fmt: skip
    return [
        (r["kind"], r["document"], r["number"],
         datetime.fromisoformat(r["detected_at"]).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"))
        for r in found
    ]  # fmt: skip


def text_of(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    """All that the versions say which a change is about: before it and after it."""
    said = []
    for version in {row["from_version"], row["to_version"] or row["current"]} - {None}:
        v = db.execute("SELECT * FROM versions WHERE id = ?", [version]).fetchone()
        said += [
            v["title"],
            v["document_number"],
            v["index_number"],
            v["issuing_body"],
            v["summary"],
            v["keywords"],
            texts.read(db, v["body_sha256"]),
        ]
        for file in db.execute("SELECT * FROM attachments WHERE version = ?", [version]).fetchall():
            said += [file["name"], texts.read(db, file["text_sha256"])]
    return "\n".join(filter(None, said))


def slot_between(wish: Mapping[str, Any], since: datetime, now: datetime) -> bool:
    """Whether a digest became due after ``since``."""
    schedule = wish["schedule"]
    if not schedule:
        return True
    hour, minute = map(int, (schedule.get("daily") or schedule["at"]).split(":"))
    at = since.astimezone(SHANGHAI).replace(hour=hour, minute=minute, second=0, microsecond=0) - timedelta(
        days=1
    )
    while at <= now:
        if since < at and schedule.get("weekly", at.strftime("%a").lower()) == at.strftime("%a").lower():
            return True
        at += timedelta(days=1)
    return False
