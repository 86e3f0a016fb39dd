"""Pages with expected values, as ``benchmarks.extraction`` takes them from a directory.

Three shapes: the repository's own ``<site>/<case>/{page.*, meta.json, expected.json}``; saved pages beside an
``INDEX.tsv`` and ``expected_*.tsv``; answers of APIs (JSON), of which every record is an input. Gold bodies come
from where the publisher marks them (``#UCAP-CONTENT``, a record's own content), read here with BeautifulSoup
and nothing of the extractor, or from ``FILE.txt`` in the directory of gold files, written by hand.
"""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup

SHANGHAI = ZoneInfo("Asia/Shanghai")
NO_RECORD = "(no record)"  # expected of lists, block pages, empty shells
# Where a publisher marks the text itself: the State Council's and every UCAP page.
MARKED_BODIES = ("#UCAP-CONTENT",)
_COLUMNS = {"doc_number": "document_number", "disclosure_type": "disclosure_type_raw"}
_TSV_FIELDS = frozenset(
    {
        "index_number",
        "title",
        "issuing_body",
        "document_number",
        "disclosure_type_raw",
        "issued_on",
        "published_on",
        "subject_category",
        "content_source",
        "keywords",
    }
)
_JUNK = frozenset({"", "null", "NULL", "无", "-"})
# Keys of the records of known APIs, by a key that tells the API. Written from the answers, not from fields.yml.
RECORD_SHAPES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("isgkml", {"index_number": "identifier", "title": "title", "document_number": "document_number",
                "issuing_body": "publisher", "issued_on": "date", "published_on": "pub_time",
                "genre": "classify_genre_name", "body_text": "content"}),
    ("xxgkindexcode", {"index_number": "xxgkindexcode", "title": "title", "document_number": "filenumber",
                       "issuing_body": "fbjg", "issued_on": "compaltedate", "disclosure_type_raw": "opentype",
                       "published_on": "deploytime", "body_text": "content_h"}),
    ("FWJG_name", {"index_number": "IDXID", "title": "BT", "document_number": "FWZH", "issuing_body": "FWJG_name",
                   "issued_on": "CWRQ", "published_on": "FBRQ", "subject_category": "ZTFL_name", "body_text": "ZW"}),
    ("IdxID", {"index_number": "IdxID", "title": "FileName", "document_number": "fileNum",
               "issuing_body": "publisher", "published_on": "PUBDATE", "body_text": "DOCCONTENT"}),
    ("pcode", {"index_number": "index", "title": "title", "document_number": "pcode", "issuing_body": "puborg",
               "issued_on": "ptime", "published_on": "pubtime", "subject_category": "childtype"}),
    ("索引号", {"index_number": "索引号", "title": "title", "document_number": "文号", "issued_on": "发文日期",
               "published_on": "publishedTimeStr", "body_text": "content"}),
    ("f_202121273539", {"index_number": "f_202121273539", "title": "f_202121500898", "document_number": "f_202121837479",
                        "issuing_body": "f_202121437464", "issued_on": "f_202121607647", "published_on": "save_time",
                        "body_text": "f_202142777829"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One input. ``expected``: field → value, None where it must be empty; fields left out are not judged."""

    name: str
    page: bytes
    url: str = "https://page.example/a/b.html"
    given: Mapping[str, Any] = field(default_factory=dict)  # content_type, status, hints, api_record, rules
    expected: Mapping[str, str | None] = field(default_factory=dict)
    body: str | None = None  # gold; None: not judged
    record: bool = True  # whether a document is expected
    html: bool = True  # a page that readers of articles can be given

    @property
    def shown(self) -> str:
        """The page's text without white space, to tell what cannot be read from it."""
        text = self.page.decode("utf-8", errors="replace")
        return re.sub(r"\s+", "", BeautifulSoup(text, "lxml").get_text() if self.html else text)


def load(directory: Path, gold: Path | None) -> list[Case]:
    """Cases of a directory. Raises SystemExit where it holds none."""
    cases = [*_own(directory), *_saved(directory, gold)]
    if not cases:
        raise SystemExit(
            f"{directory}: neither <site>/<case>/expected.json nor INDEX.tsv with pages was found"
        )
    return cases


def plain_text(markup: str) -> str:
    """Text of HTML by BeautifulSoup alone, block by block."""
    soup = BeautifulSoup(markup, "lxml")
    for element in soup(["script", "style"]):
        element.decompose()
    return soup.get_text("\n")


def _own(directory: Path) -> Iterator[Case]:
    for path in sorted(directory.glob("*/*/expected.json")):
        meta = json.loads((path.parent / "meta.json").read_text("utf-8"))
        expected = json.loads(path.read_text("utf-8"))
        record = expected["record"]
        body = record.pop("body_text", None)
        page = next(path.parent.glob("page.*"))
        yield Case(
            name=f"{path.parent.parent.name}/{path.parent.name}",
            page=page.read_bytes(),
            url=meta["url"],
            given={key: meta[key] for key in ("content_type", "status", "hints", "api_record", "rules") if key in meta},
            expected=_judged(record),
            body="\n".join(body) if body else None,
            record=expected["kind"] == "document",
            html=page.suffix != ".json" and "api_record" not in meta,
        )  # fmt: skip


def _judged(record: Mapping[str, Any]) -> dict[str, str | None]:
    """Every field of the record, those that it leaves out as empty. Parts and what is derived are not judged."""
    from archive.model import FIELDS, Kind  # noqa: PLC0415 — the only use of the package here

    names = [
        f.name
        for f in FIELDS
        if f.kind not in (Kind.BODY, Kind.PARTS, Kind.INSTANT) and not f.name.endswith("_raw")
    ]
    return {n: _joined(record[n]) if n in record else None for n in names if n != "issuing_bodies"}  # fmt: skip


def _joined(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _saved(directory: Path, gold: Path | None) -> Iterator[Case]:
    if not (directory / "INDEX.tsv").exists():
        return
    expected: dict[str, dict[str, str | None]] = {}
    tables = [*sorted(directory.glob("expected_*.tsv")), *(sorted(gold.glob("*.tsv")) if gold else ())]
    for row in (row for table in tables for row in _rows(table)):
        named = {_COLUMNS.get(key, key): value.strip() or None for key, value in row.items()}
        values = expected.setdefault(row["file"], {})
        values.update({key: value for key, value in named.items() if key in _TSV_FIELDS})
    for row in _rows(directory / "INDEX.tsv"):
        path = directory / row["file"]
        if path.suffix == ".json":
            yield from _records(path)
        elif path.suffix == ".html":
            yield _page(path, row, expected.get(path.name, {}), gold)


def _page(path: Path, row: Mapping[str, str], expected: Mapping[str, str | None], gold: Path | None) -> Case:
    page = path.read_bytes()
    written = gold / f"{path.name}.txt" if gold else None
    body: str | None = None
    if written is not None and written.exists():
        body = written.read_text("utf-8")
    elif row["kind"] == "body-fragment":
        body = plain_text(page.decode("utf-8"))
    else:
        soup = BeautifulSoup(page, "lxml")
        marked = next((m for selector in MARKED_BODIES for m in soup.select(selector)), None)
        body = plain_text(str(marked)) if marked is not None else None
    return Case(
        name=path.name, page=page, url=row["url"] or "https://page.example/a/b.html", expected=expected, body=body,
        record=row["kind"] not in ("list", "error"),
    )  # fmt: skip


def _records(path: Path) -> Iterator[Case]:
    for number, record in enumerate(_record_lists(json.loads(path.read_text("utf-8")))):
        shape = next(shape for mark, shape in RECORD_SHAPES if mark in record)
        values = {name: record.get(key) for name, key in shape.items()}
        content = values.pop("body_text", None)
        # Keys that mean nothing (f_2021…) are named by the site's file; here as there.
        opaque = all(key.startswith("f_") for key in (shape["index_number"], shape["title"]))
        given = {name: record.get(key) for name, key in shape.items()} if opaque else record
        yield Case(
            name=f"{path.name}#{number}",
            page=json.dumps(record, ensure_ascii=False).encode(),
            given={"api_record": given},
            expected={name: _expected(name, value) for name, value in values.items()},
            body=plain_text(str(content)) if content else None,
            html=False,
        )


def _record_lists(value: Any) -> Iterator[Mapping[str, Any]]:
    """Records of known shapes, wherever they lie in an answer."""
    if isinstance(value, dict):
        if any(mark in value for mark, _ in RECORD_SHAPES):
            yield value
            return
        for inner in value.values():
            yield from _record_lists(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _record_lists(inner)


def _expected(name: str, value: Any) -> str | None:
    if name in ("issued_on", "published_on") and value:
        return _day(str(value))
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", "", str(value if value is not None else ""))).split())
    return None if text in _JUNK else text


def _day(value: str) -> str | None:
    """The Shanghai date of an epoch or an ISO date with or without a zone."""
    if re.fullmatch(r"\d{9,13}", value):
        seconds = int(value) / (1000 if len(value) > 10 else 1)
        return datetime.fromtimestamp(seconds, SHANGHAI).date().isoformat()
    moment = datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", value))
    return (moment.astimezone(SHANGHAI) if moment.tzinfo else moment).date().isoformat()
