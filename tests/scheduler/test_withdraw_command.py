"""``withdraw`` cannot be undone: it says what would go before it asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, site_of, url

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("withdraw") / "data", SitePolicy())
    office.collect(site_of(2))
    return office


def test_what_would_be_erased_is_named_by_title_and_address(
    office: Office, command: Callable[..., Run]
) -> None:
    with office.read() as db:
        title = db.execute("SELECT title FROM documents WHERE id = 1").fetchone()[0]
    for reference in ("#1", "#1@1", url(0)):
        status, out, err = command("--data", str(office.paths.data))("withdraw", reference, "--reason", "x")
        assert (status, out) == (2, "")
        assert title in err
        assert url(0) in err
        assert "--yes says so" in err


@pytest.mark.parametrize("options", [[], ["--yes"]])
def test_a_version_that_is_not_there_is_said_before_anything_is_asked(
    office: Office, command: Callable[..., Run], options: list[str]
) -> None:
    run = command("--data", str(office.paths.data))
    status, _, err = run("withdraw", "#1@9", "--reason", "x", *options)
    assert (status, "#1 has no version 9" in err) == (2, True)
