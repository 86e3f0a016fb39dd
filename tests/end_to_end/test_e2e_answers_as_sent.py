"""Answers in writings that browsers read: each was a failure, or an absence, at every collection."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.fake_sites.editable import collect, configure


def test_answers_that_browsers_read_are_read(tmp_path: Path, site) -> None:
    office = site(4)
    stray, backslash, refresh, forbidden = sorted(office.pages)
    pages = {path: office.answer(path, 20) for path in office.pages}
    kind = pages[stray][1]
    office.answers[stray] = (
        200,
        {**kind, "Content-Encoding": "gzip"},
        gzip.compress(pages[stray][2]) + b"\r\n",
    )
    office.answers[backslash] = (302, {"Location": "\\real\\a.asp"}, b"")
    office.answers["/real/a.asp"] = pages[backslash]
    office.answers[refresh] = (200, {**kind, "Refresh": "0; url=/real/b.html"}, b"")
    office.answers["/real/b.html"] = pages[refresh]
    office.answers[forbidden] = (200, {**kind, "Refresh": "0; url=\\\\10.0.0.5\\c.html"}, b"")
    report = collect(configure(tmp_path, office))[1]
    # The guard sees all of them.
    assert (report["baseline"], report["failed"], report["removed"]) == (3, 1, 0)
