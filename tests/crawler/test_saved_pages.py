"""Saved pages give what expected.json says: tests/pages/<site>/<case>/{page.*, meta.json, expected.json}.

A missing expected.json is written with ``"reviewed": false`` and the test fails until a person has read it
and set it to true. All pages here are invented; what kind of real page each stands for is in its meta.json.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.model import Extraction
from archive.times import iso
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page
from crawler.extract.rules import ExtractionRules

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests" / "pages"
CASES = sorted(meta.parent for meta in PAGES.glob("*/*/meta.json"))
BOOK = FieldBook.load(ROOT / "config" / "fields.yml")


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        named = {
            f.name: plain(getattr(value, f.name)) for f in fields(value) if f.name not in ("quote", "state")
        }
        return {name: item for name, item in named.items() if item not in (None, [], "")}
    return value


def as_expected(extraction: Extraction) -> dict[str, Any]:
    record = plain(extraction.disclosure) if extraction.disclosure else {}
    if "body_text" in record:
        record["body_text"] = record["body_text"].split("\n")
    return {
        "kind": str(extraction.kind),
        "platform": extraction.platform,
        "problems": sorted(p.code for p in extraction.problems),
        "record": record,
    }


def extract(case: Path) -> Extraction:
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    page = next(case.glob("page.*"))
    rules = meta.get("rules", {})
    return extract_page(
        page.read_bytes(),
        meta["url"],
        book=BOOK,
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


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.parent.name}/{c.name}")
def test_saved_page(case: Path) -> None:
    got = as_expected(extract(case))
    path = case / "expected.json"
    if not path.exists():
        path.write_text(json.dumps({"reviewed": False, **got}, ensure_ascii=False, indent=2) + "\n", "utf-8")
        pytest.fail(f"wrote {path.relative_to(ROOT)}: please review it and set reviewed to true")
    expected = json.loads(path.read_text("utf-8"))
    assert expected.pop("reviewed"), f"{path.relative_to(ROOT)}: please review it and set reviewed to true"
    assert got == expected


def test_there_are_cases() -> None:
    assert len(CASES) >= 70
