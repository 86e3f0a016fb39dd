"""How well and how cheaply pages are read: ``python -m benchmarks.extraction DIR... [--gold DIR] [--details]``.

Per field, over all cases of the directories: right, wrong (another value), missing, spurious (a value where
there is none). The body's F1 counts characters, white space left out, that a minimal diff finds in both texts
in the same order. Peers read the same HTML pages; they know titles and bodies only. CPU is taken in the same
run, rounds alternating, beside the parsing of each whole page by BeautifulSoup (lxml) alone. What the case
files may look like, and where gold bodies come from: benchmarks/extraction_cases.py.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import fast_diff_match_patch
from bs4 import BeautifulSoup

from archive.model import Extraction
from benchmarks.extraction_cases import Case, load
from benchmarks.extraction_peers import Reader, installed
from crawler.extract.fields import FieldBook
from crawler.extract.page import extract_page
from crawler.extract.rules import ExtractionRules

ROOT = Path(__file__).parents[1]
VERDICTS = ("right", "wrong", "missing", "spurious")
_OPEN, _CLOSE = "〔[［（(【〈《‘〚﹝{", "〕]］）)】〉》’〛﹞}"
_BRACKETS = str.maketrans(dict.fromkeys(_OPEN, "(") | dict.fromkeys(_CLOSE, ")"))


def extract(case: Case, book: FieldBook) -> Extraction:
    """The extractor's reading of a case."""
    given = dict(case.given)
    rules = given.pop("rules", {})
    named = ExtractionRules(
        body=tuple(rules.get("body", ())),
        remove=tuple(rules.get("remove", ())),
        labels=rules.get("labels", {}),
    )
    return extract_page(case.page, case.url, book=book, rules=named, **given)


def body_f1(gold: str, got: str) -> float:
    """F1 of the characters that both texts have in the same order; 1.0 where both are empty."""
    one, other = re.sub(r"\s+", "", gold), re.sub(r"\s+", "", got)
    if not one or not other:
        return float(one == other)
    if one == other:
        return 1.0
    edits = fast_diff_match_patch.diff(one, other, timelimit=20, cleanup="No", counts_only=True)
    common = sum(count for sign, count in edits if sign == "=")
    return float(2 * common / (len(one) + len(other)))


def shown(value: Any) -> str:
    """A field's value as expected files write it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def same(name: str, expected: str, got: str) -> bool:
    """Whether two values are one: white space apart, and of numbers the kind of bracket and a 第."""
    one, other = (re.sub(r"\s+", "", v) for v in (expected, got))
    if name == "document_number":
        one, other = (re.sub(r"\)第?0*", ")", v.translate(_BRACKETS)) for v in (one, other))
    if name in ("issuing_body", "keywords"):
        one, other = (re.sub(r"[\s、;；,，]+", "、", v.strip()) for v in (expected, got))
    return one == other


def judge(case: Case, extraction: Extraction) -> list[tuple[str, str, str]]:
    """(field, verdict, note) of each judged field. What is expected but does not stand in the input is no miss."""
    record = extraction.disclosure
    if not case.record:
        return [("kind", "right" if record is None else "spurious", str(extraction.kind))]
    if record is None:
        return [
            ("kind", "missing", str(extraction.kind)),
            *((n, "missing", "") for n, v in case.expected.items() if v),
        ]
    verdicts = [("kind", "right", "")]
    text: str | None = None
    for name, expected in case.expected.items():
        got = shown(getattr(record, name))
        if expected is None:
            verdicts.append((name, "spurious" if got else "right", got) if got else (name, "", ""))
        elif got:
            verdicts.append(
                (name, "right" if same(name, expected, got) else "wrong", f"{expected!r}, got {got!r}")
            )
        else:
            text = case.shown if text is None else text
            on_page = not case.html or re.sub(r"\s+", "", expected) in text or expected[4:5] == "-"
            verdicts.append((name, "missing" if on_page else "", repr(expected)))
    return verdicts


def report_fields(cases: Sequence[Case], read: Mapping[str, Extraction], *, details: bool) -> None:
    """The table of verdicts, and below it each that is not right."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    notes: list[str] = []
    for case in cases:
        for name, verdict, note in judge(case, read[case.name]):
            table[name][verdict] += 1
            if verdict not in ("right", ""):
                notes.append(f"  {verdict:<9}{name:<17}{case.name}: {note}")
    print(f"{'field':<18}" + "".join(f"{v:>10}" for v in VERDICTS))
    for name in sorted(table, key=lambda n: (n != "kind", n)):
        print(f"{name:<18}" + "".join(f"{table[name][v]:>10}" for v in VERDICTS))
    total = sum(table.values(), Counter[str]())
    print(f"{'all':<18}" + "".join(f"{total[v]:>10}" for v in VERDICTS))
    if notes:
        print("not right:")
        print("\n".join(notes if details else notes[:40]))
        if len(notes) > 40 and not details:
            print(f"  … and {len(notes) - 40} more; --details shows all")


def report_bodies(
    cases: Sequence[Case], read: Mapping[str, Extraction], readers: Mapping[str, Reader], *, details: bool
) -> None:
    """Mean body F1 of the extractor on everything, and of all readers on the HTML pages."""
    judged = [c for c in cases if c.record and c.body is not None]
    scores: dict[str, dict[str, float]] = {"gongkai": {}}
    titles: dict[str, list[bool]] = defaultdict(list)
    for case in judged:
        record = read[case.name].disclosure
        assert case.body is not None
        scores["gongkai"][case.name] = body_f1(case.body, (record.body_text or "") if record else "")
    pages = [c for c in judged if c.html]
    for name, reader in readers.items():
        scores[name] = {}
        for case in pages:
            title, body = reader(case.page)
            scores[name][case.name] = body_f1(case.body or "", body)
            wanted = case.expected.get("title")
            if wanted and re.sub(r"\s+", "", wanted) in case.shown:
                titles[name].append(same("title", wanted, title))
    print(
        f"body F1 on {len(judged)} inputs: gongkai {statistics.mean(scores['gongkai'].values()):.4f}"
        if judged
        else "no gold bodies"
    )
    if not pages:
        return
    print(
        f"{'on ' + str(len(pages)) + ' HTML pages':<26}{'mean F1':>9}{'worst':>9}{'≥ 0.99':>9}{'titles right':>15}"
    )
    for name, by_case in scores.items():
        values = [by_case[c.name] for c in pages]
        known = f"{sum(titles[name])}/{len(titles[name])}" if name in titles else ""
        print(f"{name:<26}{statistics.mean(values):>9.4f}{min(values):>9.4f}{sum(v >= 0.99 for v in values):>9}{known:>15}")  # fmt: skip
    behind = [
        (n, c.name) for n in readers for c in pages if scores[n][c.name] > scores["gongkai"][c.name] + 1e-9
    ]
    for name, case_name in behind:
        print(
            f"  ahead of gongkai: {name} on {case_name}: {scores[name][case_name]:.4f} to {scores['gongkai'][case_name]:.4f}"
        )
    low = sorted((v, n) for n, v in scores["gongkai"].items() if v < 0.99 or (details and v < 1))
    for value, case_name in low:
        print(f"  body {value:.4f}  {case_name}")


def report_cpu(cases: Sequence[Case], readers: Mapping[str, Reader], book: FieldBook, rounds: int) -> None:
    """CPU per page, medians of alternating rounds, and the ratio to parsing the page with BeautifulSoup."""
    pages = [c for c in cases if c.html and c.record]
    work: dict[str, Callable[[Case], object]] = {
        "gongkai": lambda c: extract(c, book),
        "BeautifulSoup(lxml) parse": lambda c: BeautifulSoup(c.page, "lxml"),
    }
    for name, reader in readers.items():
        work[name] = lambda c, reader=reader: reader(c.page)  # type: ignore[misc]
    taken: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name, call in work.items():
            start = time.process_time()
            for case in pages:
                call(case)
            taken[name].append((time.process_time() - start) / len(pages) * 1000)
    size = sum(len(c.page) for c in pages) / len(pages) / 1000
    base = statistics.median(taken["BeautifulSoup(lxml) parse"])
    print(
        f"CPU per page, {len(pages)} pages of {size:.0f} KB on average, medians of {rounds} alternating rounds"
    )
    for name, values in taken.items():
        print(
            f"{name:<26}{statistics.median(values):>9.2f} ms{statistics.median(values) / base:>9.2f} of BeautifulSoup's parsing"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIR")
    parser.add_argument(
        "--gold", type=Path, help="directory of FILE.txt (bodies) and *.tsv (fields) for saved pages"
    )
    parser.add_argument("--details", action="store_true", help="every verdict that is not right")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    book = FieldBook.load(ROOT / "config" / "fields.yml")
    readers, skipped = installed()
    for directory in options.directories:
        cases = load(directory, options.gold)
        read = {case.name: extract(case, book) for case in cases}
        print(f"== {directory}: {len(cases)} inputs")
        report_fields(cases, read, details=options.details)
        report_bodies(cases, read, readers, details=options.details)
        if options.rounds:
            report_cpu(cases, readers, book, options.rounds)
    for line in skipped:
        print(line)


if __name__ == "__main__":
    main()
