"""A site whose file has got another key goes on: its history, what was withdrawn of it, what waits to be told."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.batch import Outcome
from archive.captures import CaptureStore
from archive.histories.former_keys import KeyTakenError
from archive.record import SiteRow
from archive.store import open_for_reading
from archive.waits.expectations import SitePolicy
from tests.archive.harness import CATALOGUES, SITE, Office, notice, site_of, url
from tests.archive.test_withdraw import SECRET, damages, holds, take_out, with_secret

NEW = SiteRow("linjiang-zf", "临江市人民政府")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "data", SitePolicy(confirm_checks=1, confirm_days=0))


def rename(office: Office, *former: str) -> None:
    office.site = NEW
    with office.recorder() as recorder:
        recorder.take_over(NEW.key, former or (SITE.key,))


def keys(office: Office) -> dict[str, set[str]]:
    """Table → what stands in its column `site`, or in `sites.key`."""
    found: dict[str, set[str]] = {}
    for path in (office.paths.archive, office.paths.captures):
        with closing(open_for_reading(path)) as db:
            for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                columns = {row["name"] for row in db.execute(f"PRAGMA table_info({table})")}
                column = "key" if table == "sites" else "site" if "site" in columns else None
                if column:
                    found[table] = {row[0] for row in db.execute(f"SELECT {column} FROM {table}")}
    return {table: values for table, values in found.items() if values}


def test_the_history_goes_on_under_the_new_key_in_every_table(office: Office) -> None:
    office.collect(site_of(6))
    office.collect({**site_of(6), url(0): notice(0, "罚款9万元。")})
    before = keys(office)
    rename(office)
    assert keys(office) == {table: {NEW.key} for table in before}
    assert {"sites", "catalogues", "runs", "documents", "addresses", "changes", "places", "captures"} <= set(
        before
    )
    told = office.feed()
    office.collect(
        {
            **site_of(6),
            url(0): notice(0, "罚款9万元。"),
            url(1): notice(1, "罚款7万元。"),
            url(2): Outcome.GONE,
        }
    )
    assert office.feed() == [*told, ("edited", notice(1).title), ("removed", notice(2).title)]
    with office.read() as db:
        assert db.execute("SELECT former_keys FROM sites").fetchone()[0] == '["linjiang"]'
        assert not db.execute("PRAGMA foreign_key_check").fetchall()
    assert damages(office) == []


def test_nothing_is_done_twice_and_nothing_where_there_is_nothing_to_do(office: Office) -> None:
    office.site = NEW
    with office.recorder() as recorder:
        recorder.take_over(NEW.key, [SITE.key])  # nothing was collected under either
    office.site = SITE
    office.collect(site_of(3))
    for _ in range(2):
        rename(office)
    office.collect(site_of(3))
    assert office.feed() == []
    with office.read() as db:
        assert db.execute("SELECT former_keys FROM sites").fetchone()[0] == '["linjiang"]'


def test_the_second_renaming_keeps_both_former_keys(office: Office) -> None:
    office.collect(site_of(3))
    rename(office)
    with office.recorder() as recorder:
        recorder.take_over("third", [SITE.key, NEW.key])
    with office.read() as db:
        assert db.execute("SELECT key, former_keys FROM sites").fetchone()[:] == (
            "third",
            '["linjiang","linjiang-zf"]',
        )


def test_what_was_withdrawn_stays_withdrawn(office: Office) -> None:
    office.collect(with_secret())
    take_out(office, 1)
    rename(office)
    office.collect(with_secret())
    assert holds(office, SECRET) == []
    assert damages(office) == []


def test_a_run_that_died_under_the_old_key_is_taken_up(office: Office) -> None:
    office.collect(site_of(3))
    office.collect(site_of(3), die=True)
    rename(office)
    with office.recorder() as recorder:
        assert recorder.resumes_from(NEW.key) is not None
    office.collect(site_of(3))
    with office.read() as db:
        assert [row[0] for row in db.execute("SELECT outcome FROM runs")] == [
            "complete",
            "interrupted",
            "complete",
        ]


def test_a_process_that_dies_between_the_files_leaves_work_that_the_next_one_does(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.collect(site_of(3))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("archive.histories.former_keys.rename_in_archive", _die)
        rename(office)
    assert keys(office)["documents"] == {SITE.key}
    rename(office)
    assert {key for values in keys(office).values() for key in values} == {NEW.key}
    with closing(open_for_reading(office.paths.captures)) as db:
        assert CaptureStore(db).first(url(0)) is not None


def _die(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("former", [(SITE.key,), ("other", SITE.key)])
def test_two_histories_are_not_made_one(office: Office, former: tuple[str, ...]) -> None:
    office.collect(site_of(3))
    with office.recorder() as recorder:
        office.site = replace(NEW, key=NEW.key if len(former) == 1 else "other")
        recorder.finish(recorder.begin(office.site, CATALOGUES, collection="c", full=True))
    before = keys(office)
    with pytest.raises(KeyTakenError, match="linjiang"):
        rename(office, *former)
    assert keys(office) == before
