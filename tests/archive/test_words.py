"""What codes are called: for readers no code may stand without words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.words import PROBLEM_WORDS, problem_words

ROOT = Path(__file__).parents[2]
_SAID = re.compile(
    r"(?:\bProblem\(\s*code=|\b_?(?:say|problem|refusal)\(\s*|UnreadableError\(\s*)\"([a-z_]+)\""
)


def test_every_problem_has_chinese_words_and_all_words_a_problem() -> None:
    sources = [path for package in ("archive", "crawler") for path in (ROOT / package).rglob("*.py")]
    said = {code for path in sources for code in _SAID.findall(path.read_text("utf-8"))}
    assert {code for code in said if not problem_words(code)} == set()
    assert set(PROBLEM_WORDS) <= said


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("body_in_images", "正文在图片中，未读取"),
        ("conflicting_document_number", "文号有不同的值"),
        ("conflicting_dates", "日期互相矛盾"),
        ("title", ""),
        ("of_an_older_archive", ""),
    ],
)
def test_words_of_a_problem(code: str, words: str) -> None:
    assert problem_words(code) == words
