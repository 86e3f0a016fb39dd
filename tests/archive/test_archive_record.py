"""The writer: versions, baseline, removal, moves, holding, idempotence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive import feed, ledger, outcomes, search
from archive.batch import Outcome
from archive.model import Attachment, AttachmentState, ChangeKind, Disclosure
from archive.store import open_for_reading
from archive.waits.expectations import SitePolicy
from tests.archive.harness import Office, notice, site_of, url


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy(confirm_checks=3, confirm_days=2))


@pytest.fixture
def hasty(tmp_path: Path) -> Office:
    return Office(tmp_path, SitePolicy(confirm_checks=1, confirm_days=0))


def test_first_look_is_baseline_then_additions_are_news(office: Office) -> None:
    first = office.collect(site_of(3))
    assert (first.outcome, first.baseline, first.new) == ("complete", 3, 0)
    second = office.collect(site_of(4))
    assert (second.new, second.unchanged) == (1, 3)
    assert office.feed() == [("added", "关于第3号事项的通知")]


def test_a_document_dated_after_the_first_run_is_news_even_in_the_first_walk(office: Office) -> None:
    pages = {**site_of(1), url(9): notice(9, published_on=date(2026, 3, 9))}
    report = office.collect(pages)
    assert (report.baseline, report.new) == (1, 1)


def test_first_walk_may_span_runs(office: Office) -> None:
    pages = site_of(3)
    office.collect({**pages, url(2): Outcome.SKIPPED}, listed=list(pages))
    assert office.collect(pages).baseline == 1
    assert office.feed() == []


def test_edit_gives_a_version_with_its_reason(office: Office) -> None:
    office.collect(site_of(2))
    report = office.collect({**site_of(2), url(1): notice(1, "罚款3万元。")})
    assert (report.edited, report.unchanged) == (1, 1)
    with office.read() as connection:
        (change,) = [c for c in feed.changes(connection) if c.kind is ChangeKind.EDITED]
        assert change.reasons == ("figures_changed: 5万 → 3万",)
        assert (change.from_version, change.to_version) == (1, 2)
        assert "3万元" in (feed.load_version(connection, change.document).disclosure.body_text or "")
        assert "5万元" in (feed.load_version(connection, change.document, 1).disclosure.body_text or "")
        assert [h.document for h in search.search(connection, "3万元")] == [change.document]


def test_going_back_says_so(office: Office) -> None:
    for text in ("甲。", "乙。", "乙。", "乙。", "乙。", "甲。"):
        office.collect({url(1): notice(1, text)})
    with office.read() as connection:
        assert "reverted: 1" in feed.changes(connection)[-1].reasons


def test_white_space_is_no_version_and_punctuation_is_cosmetic(office: Office) -> None:
    office.collect({url(1): notice(1, "甲，乙。\n")})
    assert office.collect({url(1): notice(1, "甲，乙。 \n\n ")}).unchanged == 1
    assert office.collect({url(1): notice(1, "甲,乙。\n")}).edited == 1
    with office.read() as connection:
        change = feed.changes(connection)[-1]
        assert (change.significance.value, change.reasons) == ("cosmetic", ("character_width",))


def test_sending_every_batch_twice_changes_nothing(tmp_path: Path) -> None:
    once, twice = Office(tmp_path / "1", SitePolicy()), Office(tmp_path / "2", SitePolicy())
    for office, repeat in ((once, False), (twice, True)):
        office.collect(site_of(3), repeat=repeat)
        office.collect({**site_of(4), url(0): notice(0, "修改。")}, repeat=repeat)
    for table in ("documents", "versions", "addresses", "listings", "changes", "observations"):
        rows = []
        for office in (once, twice):
            with office.read() as connection:
                rows.append([tuple(r) for r in connection.execute(f"SELECT * FROM {table}")])
        assert rows[0] == rows[1], table


def test_removal_needs_checks_and_days(office: Office) -> None:
    office.collect(site_of(3))
    gone = {**site_of(3), url(2): Outcome.GONE}
    reports = [office.collect(gone) for _ in range(4)]
    assert [r.missing for r in reports] == [1, 0, 0, 0]
    assert [r.removed for r in reports] == [0, 0, 1, 0]
    assert office.collect(site_of(3)).restored == 1


@pytest.mark.parametrize(
    "outcome", [Outcome.BLOCKED, Outcome.FAILED, Outcome.SKIPPED, Outcome.ROBOTS, Outcome.REFUSED]
)
def test_no_answer_is_no_absence(hasty: Office, outcome: Outcome) -> None:
    hasty.collect(site_of(2))
    for _ in range(5):
        report = hasty.collect({url(0): notice(0), url(1): outcome}, listed=[url(0)], complete=False)
        assert (report.missing, report.removed, report.unlisted) == (0, 0, 0)
    assert hasty.feed() == []


def test_unlisted_only_after_a_complete_full_walk(office: Office) -> None:
    office.collect(site_of(3))
    assert office.collect(site_of(3), listed=[url(0), url(1)], complete=False).unlisted == 0
    assert office.collect(site_of(3), listed=[url(0), url(1)], full=False).unlisted == 0
    assert office.collect(site_of(3), listed=[url(0), url(1)]).unlisted == 1
    assert office.collect(site_of(3)).restored == 1


def test_a_new_address_with_the_old_one_gone_is_a_move(hasty: Office) -> None:
    hasty.collect(site_of(2))
    moved = "http://linjiang.example/new/t20260301_1.html"
    report = hasty.collect(
        {url(0): notice(0), moved: notice(1), url(1): Outcome.GONE}, listed=[url(0), moved]
    )
    assert (report.moved, report.new, report.removed) == (1, 0, 0)
    with hasty.read() as connection:
        change = feed.changes(connection)[-1]
        assert (change.from_url, change.to_url) == (url(1), moved)
        assert (
            feed.resolve_document(connection, moved)
            == [change.document]
            == feed.resolve_document(connection, "LJ/2026-0001")
        )


def test_a_text_edited_on_its_way_to_a_new_address_is_an_edit_too(hasty: Office) -> None:
    hasty.collect(site_of(2))
    moved = "http://linjiang.example/new/t20260301_1.html"
    pages = {url(0): notice(0), moved: notice(1, "罚款9万元。"), url(1): Outcome.GONE}
    report = hasty.collect(pages, listed=[url(0), moved])
    assert (report.moved, report.edited, report.new, report.removed) == (1, 1, 0, 0)
    with hasty.read() as connection:
        change = feed.changes(connection)[-1]
        assert (change.kind, change.from_version, change.to_version) == ("edited", 1, 2)
        assert any(reason.startswith("figures_changed") for reason in change.reasons)


def test_a_new_import_with_other_dates_and_spaces_is_a_move_and_no_edit(hasty: Office) -> None:
    hasty.collect({url(1): notice(1, published_on=date(2026, 1, 5))})
    moved = "http://linjiang.example/new/t20260301_1.html"
    pages = {moved: notice(1, "罚款 5 万元。", published_on=date(2026, 3, 1)), url(1): Outcome.GONE}
    report = hasty.collect(pages, listed=[moved])
    assert (report.moved, report.edited, report.new, report.removed) == (1, 0, 0, 0)


def test_500_moves_are_500_moves(hasty: Office) -> None:
    old = site_of(500)
    hasty.collect(old)
    new = {u.replace("/gongwen/", "/2026/"): page for u, page in old.items()}
    report = hasty.collect({**new, **dict.fromkeys(old, Outcome.GONE)}, listed=list(new))
    assert (report.moved, report.new, report.removed, report.missing) == (500, 0, 0, 0)
    assert report.outcome == "complete"


def test_two_live_addresses_are_two_documents(office: Office) -> None:
    office.collect(site_of(1))
    copy = "http://linjiang.example/copy/t20260101_0.html"
    report = office.collect({**site_of(1), copy: notice(0)})
    assert (report.new, report.moved) == (1, 0)


def test_declared_aliases_are_one_document(office: Office) -> None:
    alias = "http://linjiang.example/zfgs/post_1.html"
    office.collect({url(1): notice(1)}, aliases={url(1): (alias,)})
    report = office.collect({alias: notice(1)}, aliases={alias: (url(1),)})
    assert (report.new, report.unchanged) == (0, 1)


def test_mass_removal_is_held_until_accepted(hasty: Office) -> None:
    hasty.collect(site_of(20))
    report = hasty.collect(dict.fromkeys(site_of(20), Outcome.GONE), listed=[])
    assert report.outcome == "held"
    assert hasty.feed() == []
    with closing(sqlite3.connect(hasty.paths.archive, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        assert feed.accept_run(connection, report.run, at=hasty.now) == 20
        with pytest.raises(LookupError, match="accepted"):
            feed.accept_run(connection, report.run, at=hasty.now)
    assert [kind for kind, _ in hasty.feed()] == ["removed"] * 20


def test_a_good_run_drops_what_healed(hasty: Office) -> None:
    hasty.collect(site_of(20))
    hasty.collect(dict.fromkeys(site_of(20), Outcome.GONE), listed=[])
    report = hasty.collect(site_of(20))
    assert (report.outcome, report.restored) == ("complete", 0)
    assert hasty.feed() == []


def test_an_emptied_field_holds_the_edits(tmp_path: Path) -> None:
    office = Office(tmp_path, SitePolicy(fill_rates={"issuing_body": 0.9}))
    office.collect(site_of(12))
    report = office.collect({url(n): notice(n, issuing_body=None) for n in range(12)})
    assert report.outcome == "held"
    assert office.feed() == []
    assert any(p.code == "below_fill_rate" for p in report.problems)


def test_a_run_that_died_is_marked_and_taken_up_again(office: Office) -> None:
    office.collect(site_of(3), die=True)
    report = office.collect(site_of(3))
    assert (report.outcome, report.baseline) == ("complete", 3)
    with office.read() as connection:
        assert [r[0] for r in connection.execute("SELECT outcome FROM runs ORDER BY id")] == [
            "interrupted",
            "complete",
        ]


def test_attachment_keeps_its_hash_when_it_cannot_be_fetched(office: Office) -> None:
    def page(sha: str | None, state: AttachmentState) -> Disclosure:
        return replace(
            notice(1),
            attachments=(Attachment(name="附件.pdf", url=url(1) + ".pdf", sha256=sha, state=state),),
        )

    office.collect({url(1): page("a" * 64, AttachmentState.FETCHED)})
    assert office.collect({url(1): page(None, AttachmentState.FAILED)}).unchanged == 1
    assert office.collect({url(1): page("b" * 64, AttachmentState.FETCHED)}).attachment == 1


def test_another_extractor_revision_is_no_change(office: Office) -> None:
    office.collect(site_of(2))
    better = {url(n): notice(n, genre="通知") for n in range(2)}
    assert office.collect(better, revision="r2").edited == 0
    assert office.feed() == []
    with office.read() as connection:
        assert {r[0] for r in connection.execute("SELECT genre FROM documents")} == {"通知"}


def test_observations_are_stretches_and_the_ledger_recomputes(office: Office) -> None:
    for _ in range(5):
        office.collect(site_of(2))
    with office.read() as connection:
        assert [r[0] for r in connection.execute("SELECT count FROM observations")] == [5, 5]
        previous = ledger.genesis(
            connection.execute("SELECT value FROM archive WHERE key = 'epoch'").fetchone()[0]
        )
        entries: list[bytes] = []
        for row in connection.execute("SELECT * FROM ledger ORDER BY seq").fetchall():
            leaves = outcomes.leaf_hashes(outcomes.lines(connection, row["run"]))
            assert (ledger.merkle_root(leaves).hex(), len(leaves)) == (row["merkle_root"], row["leaves"])
            entries.append(ledger.entry_hash(row["seq"], row["at"], row["leaves"], row["merkle_root"]))
            assert row["previous_head"] == previous
            previous = ledger.next_head(previous, ledger.merkle_root(entries))
            assert row["head"] == previous
        assert len(entries) == 5
        assert search.integrity_check(sqlite3.connect(":memory:")) is not None  # no index there: it does look


def test_feed_positions_rise_and_are_never_reused(office: Office) -> None:
    office.collect(site_of(2))
    office.collect(site_of(4))
    with office.read() as connection:
        places = [c.feed_seq for c in feed.changes(connection)]
        assert places == list(range(1, 5))
        assert feed.end_of_feed(connection) == 4


def test_hostile_text_is_stored(office: Office) -> None:
    office.collect({url(1): notice(1, "\x00\ud800\u202e坏字", title="<script>alert(1)</script>\x00")})
    with office.read() as connection:
        assert "坏字" in (feed.load_version(connection, 1).disclosure.body_text or "")
        assert (
            connection.execute("SELECT count(*) FROM documents WHERE title LIKE '%script%'").fetchone()[0]
            == 1
        )


def test_what_is_known_of_attachments_is_kept_and_what_is_learned_is_no_change(office: Office) -> None:
    def page(name: str, file: str = "1.pdf", **known: object) -> Disclosure:
        return Disclosure(title="通知", attachments=(Attachment(name=name, url=url(1) + file, **known),))  # type: ignore[arg-type]

    def stored() -> Attachment:
        with closing(open_for_reading(office.paths.archive)) as db:
            return feed.load_version(db, 1, None).disclosure.attachments[0]

    read = {"sha256": "a" * 64, "text": "文字", "state": AttachmentState.FETCHED}
    office.collect({url(1): page("1.pdf")})
    steps = (
        ("the server names the file", page("决定书.pdf", **read)),
        ("it is not obtained", page("1.pdf", state=AttachmentState.FAILED)),
        ("it is known already, and was not read again", page("决定书.pdf", **{**read, "text": None})),
        ("it moved and is not obtained", page("决定书.pdf", "2.pdf")),
    )
    for what, found in steps:
        report = office.collect({url(1): found})
        assert (report.unchanged, report.attachment, report.edited) == (1, 0, 0), what
        assert (stored().name, stored().sha256, stored().text) == ("决定书.pdf", "a" * 64, "文字"), what
    office.collect({url(1): page("决定书.pdf", **{**read, "text": "读得更好的文字"})})
    assert stored().text == "读得更好的文字"
    assert (
        office.collect(
            {url(1): page("决定书.pdf", sha256="b" * 64, state=AttachmentState.FETCHED)}
        ).attachment
        == 1
    )
