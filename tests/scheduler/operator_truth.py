"""What must be true of an archive after weeks of a world's life and of operators' commands: said by the world, not by the archive."""

from __future__ import annotations

import email
import email.policy
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path

from archive.captures import CaptureStore
from archive.store import Paths, open_for_reading
from tests.scheduler.operator_world import LISTS, Paper, World, base, secret

_OF_TITLE = re.compile(r"关于第(\d{4})号")
_DOCUMENTS = """
    SELECT d.*, b.text, (SELECT group_concat(t.text) FROM attachments a JOIN bodies t ON t.sha256 = a.text_sha256
    WHERE a.version = d.current_version) AS files
    FROM documents d LEFT JOIN bodies b ON b.sha256 = d.body_sha256 WHERE merged_into IS NULL ORDER BY d.id
"""
_FEED = """
    SELECT c.kind, coalesce(d.merged_into, d.id) AS document, v.number FROM changes c JOIN documents d ON d.id = c.document
    LEFT JOIN versions v ON v.id = c.to_version WHERE feed_seq IS NOT NULL AND dropped_at IS NULL ORDER BY feed_seq
"""


def paper_of(world: World, site: str, title: str | None, url: str) -> Paper:
    """The paper that a document is; of one that was emptied its address tells."""
    if title is not None:
        return world.papers[int(_OF_TITLE.match(title)[1]) - 1]  # type: ignore[index]
    here = [paper for paper in world.papers if paper.site == site]
    return next(p for p in here if url.removeprefix(base(site)) in (p.path, *p.former))


def amiss(
    world: World, db: sqlite3.Connection, watched: Mapping[str, Collection[str]], handled: Collection[int], reads_keywords: bool
) -> list[str]:  # fmt: skip
    """What an archive that has seen all of a calm world has wrong.

    ``watched``: the lists of each site that are collected; ``handled``: papers that an operator withdrew, split or kept from
    readers, of which less can be said; ``reads_keywords``: whether the extractor of today does.
    """
    pending = "SELECT document, kind, waits_for, held_by_run FROM changes WHERE feed_seq IS NULL AND dropped_at IS NULL"
    found = [f"waits: {tuple(row)}" for row in db.execute(pending)]
    found += [f"unread: {tuple(row)}" for row in db.execute("SELECT * FROM unread")]
    told: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
    for change in db.execute(_FEED):
        told[change["document"]].append(change)
    held: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
    for document in db.execute(_DOCUMENTS):
        paper = paper_of(world, document["site"], document["title"], document["url"])
        held[paper.number].append(document)
    for paper in world.papers:
        listed = paper.lists & set(watched[paper.site])
        documents = held[paper.number]
        wrong = ["lost"] if not documents and paper.up and listed else []
        if len(documents) > 1 and paper.number not in handled:
            wrong.append(f"is {[(d['id'], d['url'], d['status']) for d in documents]}")
        if len(documents) == 1:
            (document,) = documents
            is_whole = len(watched[paper.site]) == len(LISTS)
            wrong += _wrong_status(paper, document["status"], bool(listed), is_whole)
            events = told[document["id"]]
            wrong += _wrong_events(paper, document, Counter(e["kind"] for e in events), is_whole)
            if paper.number not in handled:
                wrong += _wrong_news(document, events)
                if paper.up and listed:
                    wrong += _wrong_content(paper, document, reads_keywords)
        found += [f"{paper}: {text}" for text in wrong]
    return found


def _wrong_status(paper: Paper, status: str, is_listed: bool, is_whole: bool) -> list[str]:
    stands = {"present"} if is_listed else {"unlisted"}
    if not paper.up:
        stands = {"removed"}
    elif not is_listed and (
        not is_whole or paper.former
    ):  # in a list that nobody looks at, for all that is known
        stands |= {"present", *(["removed"] if paper.former else [])}
    return [] if status in stands else [f"status {status}, not {stands}"]


def _wrong_events(paper: Paper, document: sqlite3.Row, kinds: Counter[str], is_whole: bool) -> list[str]:
    """Events that tell of what never happened."""
    happened = paper.happened
    checks = {
        "edits": kinds["edited"] + kinds["attachment"] <= happened["edited"],
        "removals": kinds["removed"] <= happened["removed"] + happened["moved"] * (not is_whole or bool(paper.former)),
        "moves": kinds["moved"] <= 2 * happened["moved"],
        "returns": kinds["restored"] <= kinds["removed"] + kinds["missing"] + kinds["unlisted"],
    }  # fmt: skip
    return [f"{name}: {dict(kinds)}, {document['status']}" for name, right in checks.items() if not right]


def _wrong_news(document: sqlite3.Row, events: Iterable[sqlite3.Row]) -> list[str]:
    """What was not told, or told twice."""
    kinds = Counter(event["kind"] for event in events)
    newest = max((event["number"] or 0 for event in events), default=0)
    checks = {
        "told as new": kinds["added"] + kinds["baseline"] == 1,
        "told up to its version": newest == document["versions"],
        "removal told": document["status"] != "removed" or kinds["removed"] > 0,
        "unlisting told": document["status"] != "unlisted" or kinds["unlisted"] + kinds["restored"] > 0,
    }
    return [f"not {name}: {dict(kinds)}" for name, right in checks.items() if not right]


def _wrong_content(paper: Paper, document: sqlite3.Row, reads_keywords: bool) -> list[str]:
    checks = {
        "text": secret(paper.word) in (document["text"] or ""),
        "address": document["url"] == paper.url,
        "files": (secret(paper.file) if paper.file else "") in (document["files"] or ""),
        "keywords": (paper.keyword in document["keywords"])
        if reads_keywords
        else document["keywords"] is None,
    }
    return [f"not today's {name}" for name, right in checks.items() if not right]


def words_held(paths: Paths, words: Iterable[int]) -> list[str]:
    """Of words that were withdrawn those that stand in the archive, and where."""
    sought = [secret(word).encode() for word in words]
    if not sought:
        return []
    pattern = re.compile(b"|".join(sought))
    files = [path for path in paths.data.glob("*.db*") if path.suffix != ".db-shm"]
    found = [
        f"{path.name} holds {word.decode()}" for path in files for word in pattern.findall(path.read_bytes())
    ]
    with closing(open_for_reading(paths.captures)) as db:
        store = CaptureStore(db)
        kept = db.execute("SELECT sha256 FROM blobs WHERE encoding <> 'withdrawn'").fetchall()
        found += [f"an answer holds {word.decode()}" for (one,) in kept for word in pattern.findall(store.body(one))]  # fmt: skip
    return sorted(set(found))


def words_mailed(files: Iterable[Path]) -> set[str]:
    """Secret words of messages."""
    found = set[str]()
    for file in files:
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for part in message.walk():
            if part.get_content_maintype() == "text":
                found |= set(re.findall(r"密语\d{5}", part.get_content()))
    return found
