"""What `gongkai collect` prints of a site."""

from __future__ import annotations

import pytest

from archive.model import Problem, Severity, SiteReport
from scheduler.commands.collect import print_site


def test_a_reason_that_is_a_problem_as_well_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    emptied, other = "published_at: 10 of 21 new documents have it", "a page of links"
    problems = tuple(
        Problem(code=code, severity=Severity.ERROR, message=text)
        for code, text in (("field_emptied", emptied), ("list", other))
    )
    print_site(SiteReport(site="linjiang", outcome="held", reasons=(emptied,), problems=problems))
    out = capsys.readouterr().out
    assert (out.count(emptied), out.count(other)) == (1, 1)
