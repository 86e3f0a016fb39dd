"""Pages that a server answers with status 200 and nothing: said in words, no absence, and read as soon as they have text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import here
from tests.fake_sites.editable import LoopbackSite, collect, configure, content

KNOWN, NEW = "/zw/t20260101_0.html", "/zw/t20260102_1.html"


@pytest.mark.parametrize(
    ("new", "known"), [(b"", b"\r\n \n"), pytest.param(b"\r\n \n", b"", marks=pytest.mark.slow)]
)
def test_empty_answers_are_named_and_recovered_from(
    tmp_path: Path, site: Callable[..., LoopbackSite], new: bytes, known: bytes
) -> None:
    office = site(2)
    command = configure(tmp_path, office)
    kind = {"Content-Type": "text/html; charset=utf-8"}
    office.answers[NEW] = (200, kind, new)
    collect(command)
    office.answers[KNOWN] = (200, kind, known)
    status, report = collect(command)
    assert (status, report["outcome"], report["failed"], report["missing"]) == (1, "partial", 2, 0)
    shown = here.gongkai(*here.of(command), "runs", "show", "2").stdout
    for path in (KNOWN, NEW):
        assert f"{office.base}{path}  status 200 and an empty answer" in shown
    del office.answers[KNOWN], office.answers[NEW]
    office.pages[KNOWN] = "罚款9000元。"
    status, report = collect(command)
    assert (status, report["outcome"], report["edited"], report["baseline"]) == (0, "complete", 1, 1)
    # Versions × events of their documents: a baseline and an edit (2 × 2), a baseline that the first walk saw listed.
    assert len(content(tmp_path)) == 5
