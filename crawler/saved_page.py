"""Saved pages, the extractor's test cases: ``<site>/<case>/{page.*, meta.json, expected.json}``.

``meta.json`` says where the page came from and what a collection knows beside it; ``expected.json`` what must be read, and
whether a person has reviewed that.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.batch import Fetch
from archive.model import Extraction
from archive.times import iso
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page
from crawler.extract.rules import ExtractionRules

REVIEW = "please review it and set reviewed to true"
_LONGEST_NAME = 60


def read_case(case: Path, book: FieldBook) -> Extraction:
    """What the extractor reads in a saved page. Raises OSError and ValueError where files are missing or no JSON."""
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    rules = meta.get("rules", {})
    return extract_page(
        next(case.glob("page.*")).read_bytes(),
        meta["url"],
        book=book,
        content_type=meta.get("content_type"),
        status=meta.get("status", 200),
        hints=meta.get("hints"),
        api_record=meta.get("api_record"),
        rules=ExtractionRules(
            body=tuple(rules.get("body", ())),
            remove=tuple(rules.get("remove", ())),
            labels=rules.get("labels", {}),
        ),
    )


def as_expected(extraction: Extraction) -> dict[str, Any]:
    """An extraction as ``expected.json`` states it: the body in lines, problems by code, nothing empty."""
    record = _plain(extraction.disclosure) if extraction.disclosure else {}
    if "body_text" in record:
        record["body_text"] = record["body_text"].split("\n")
    return {
        "kind": str(extraction.kind),
        "platform": extraction.platform,
        "problems": sorted(p.code for p in extraction.problems),
        "record": record,
    }


def write_expected(case: Path, extraction: Extraction) -> Path:
    """``expected.json`` as the extractor sees the page today, marked as not reviewed. Raises FileExistsError."""
    path = case / "expected.json"
    _write(path, json_text({"reviewed": False, **as_expected(extraction)}))
    return path


def write_case(case: Path, fetch: Fetch, rules: ExtractionRules, *, today: date) -> Path:
    """Save a fetched page with its ``meta.json``; the file of the page. Raises FileExistsError: no case is overwritten."""
    capture = fetch.capture
    if capture is None:
        raise ValueError(f"{fetch.url}: nothing was fetched that could be saved")
    headers = {name.lower(): value for name, value in capture.headers}
    meta: dict[str, Any] = {
        "about": f"Saved on {today}; say here what kind of page it stands for",
        "url": fetch.url,
        "content_type": headers.get("content-type"),
    }
    if capture.status != 200:
        meta["status"] = capture.status
    own = {"body": list(rules.body), "remove": list(rules.remove), "labels": dict(rules.labels)}
    if any(own.values()):
        meta["rules"] = {key: value for key, value in own.items() if value}
    case.mkdir(parents=True)
    is_json = "json" in (meta["content_type"] or "") or capture.body.lstrip()[:1] in (b"{", b"[")
    page = case / ("page.json" if is_json else "page.html")
    page.write_bytes(capture.body)
    _write(case / "meta.json", json_text({key: value for key, value in meta.items() if value is not None}))
    return page


def case_name(url: str) -> str:
    """A name for a case, from the last part of the address that says anything: t20260301_12.html → t20260301-12."""
    parts = [re.sub(r"\.\w+$", "", part) for part in urlsplit(url).path.split("/")]
    named = [part for part in parts if part and part.lower() not in ("index", "content", "c")]
    made = re.sub(r"[^a-z0-9]+", "-", (named[-1] if named else "page").lower()).strip("-")
    return made[:_LONGEST_NAME].strip("-") or "page"


def json_text(value: Any) -> str:
    """JSON as the cases are written: readable, with Chinese as it is, ending with a line break."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        named = {
            f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name not in ("quote", "state")
        }
        return {name: item for name, item in named.items() if item not in (None, [], "")}
    return value
