"""Saved pages give what expected.json says: tests/pages/<site>/<case>/{page.*, meta.json, expected.json}.

A missing expected.json is written with ``"reviewed": false`` and the test fails until a person has read it
and set it to true. All pages here are invented; what kind of real page each stands for is in its meta.json.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extract.fields import FieldBook
from crawler.saved_page import REVIEW, as_expected, read_case, write_expected

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests" / "pages"
CASES = sorted(meta.parent for meta in PAGES.glob("*/*/meta.json"))
BOOK = FieldBook.load(ROOT / "config" / "fields.yml")


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.parent.name}/{c.name}")
def test_saved_page(case: Path) -> None:
    extraction = read_case(case, BOOK)
    path = case / "expected.json"
    if not path.exists():
        pytest.fail(f"wrote {write_expected(case, extraction).relative_to(ROOT)}: {REVIEW}")
    expected = json.loads(path.read_text("utf-8"))
    assert expected.pop("reviewed"), f"{path.relative_to(ROOT)}: {REVIEW}"
    assert as_expected(extraction) == expected


def test_there_are_cases() -> None:
    assert len(CASES) >= 70
