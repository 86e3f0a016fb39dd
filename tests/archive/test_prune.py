"""What is let go of proves no version; everything else can still be read, checked and proved, and the disk gets its room."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import prune
from archive.batch import Outcome
from archive.captures import CaptureStore
from archive.prune import Plan, Pruning
from archive.store import open_alerts, open_archive, open_captures, open_for_reading
from archive.times import iso
from archive.verify import verify
from archive.waits.expectations import SitePolicy
from archive.withdrawal import withdraw
from scheduler.alerts import outbox
from tests.archive.harness import Office, notice, url
from tests.archive.test_proof import prove, script


class CountingOffice(Office):
    """Its pages count their visitors: the bytes differ every day, what they say does not."""

    def __init__(self, data: Path, policy: SitePolicy) -> None:
        super().__init__(data, policy)
        self.visitors = iter(range(10**9))

    def _page(self, *arguments):
        fetch, found = super()._page(*arguments)
        if found is None:
            return fetch, found
        body = fetch.capture.body + f"<p>浏览次数：{next(self.visitors)}</p>".encode()
        sha256 = hashlib.sha256(body).hexdigest()
        capture = replace(fetch.capture, body=body, sha256=sha256, wire_sha256=sha256)
        sources = (replace(found.sources[0], sha256=sha256),)
        return replace(fetch, capture=capture), replace(found, sources=sources)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> CountingOffice:
    """Forty days of three pages; the text of the first changes on the twentieth."""
    office = CountingOffice(tmp_path_factory.mktemp("collected") / "data", SitePolicy())
    for day in range(40):
        office.collect(
            {url(n): notice(n, "新。" * 300 if day >= 20 and n == 0 else "旧。" * 300) for n in range(3)}
        )
    return office


@pytest.fixture
def office(collected: CountingOffice, tmp_path: Path) -> CountingOffice:
    """Those forty days, of a test's own."""
    office = CountingOffice(shutil.copytree(collected.paths.data, tmp_path / "data"), SitePolicy())
    office.now, office.visitors = collected.now, iter(range(1000, 10**9))
    return office


def pruned(office: Office, days: int = 10, *, write: bool = True, site: str | None = None) -> Plan:
    with closing(open_archive(office.paths).conn) as archive, closing(open_captures(office.paths).conn) as db:
        pruning = Pruning(archive, db, None, now=office.now, older_than=timedelta(days=days), site=site)
        plan = pruning.plan(lambda *_: None)
        if write:
            pruning.apply(lambda *_: None)
    return plan


def damages(office: Office) -> list[str]:
    found: list[str] = []
    verify(office.paths, tell=lambda damage: found.append(str(damage)))
    return found


def bodies(office: Office) -> dict[str, bytes]:
    with closing(open_for_reading(office.paths.captures)) as db:
        store = CaptureStore(db)
        rows = db.execute("SELECT sha256 FROM blobs WHERE length(stored) > 0").fetchall()
        return {row[0]: store.body(row[0]) for row in rows}


def sources(office: Office) -> set[str]:
    with office.read() as db:
        return {row[0] for row in db.execute("SELECT sha256 FROM version_sources")}


def test_a_plan_writes_nothing_and_needs_no_lock(office: Office) -> None:
    before = office.paths.captures.read_bytes()
    with office.read() as archive, closing(open_for_reading(office.paths.captures)) as db:
        archive.isolation_level = db.isolation_level = None
        plan = Pruning(archive, db, None, now=office.now, older_than=timedelta(days=10)).plan(lambda *_: None)
    assert plan == pruned(office, write=False)
    assert plan.answers == plan.bodies == 3 * 29 - 4  # four versions' own answers stay
    assert plan.stored > 0
    assert office.paths.captures.read_bytes() == before


def test_what_versions_rest_on_and_what_is_recent_stays(office: Office, tmp_path: Path) -> None:
    before = bodies(office)
    pruned(office)
    after = bodies(office)
    assert after.items() <= before.items()
    assert sources(office) <= after.keys()
    assert len(after) == 4 + 3 * 11
    assert damages(office) == []
    for number in (1, 2):
        prove(office, tmp_path / f"proof{number}", number)
        assert script(tmp_path / f"proof{number}").returncode == 0
    assert pruned(office).answers == 0
    office.collect({url(n): notice(n, "旧。" * 300) for n in range(3)})
    assert damages(office) == []


def test_the_newest_answer_of_an_address_stays_however_old_it_is(office: Office) -> None:
    office.now += timedelta(days=400)
    pruned(office)
    assert len(bodies(office)) == 4 + 3
    office.collect({url(n): Outcome.NOT_MODIFIED for n in range(3)})
    assert damages(office) == []


def test_an_answer_that_comes_again_after_it_was_let_go_is_kept_again(office: CountingOffice) -> None:
    office.now += timedelta(days=400)
    pruned(office)
    before = len(bodies(office))
    office.visitors = iter(range(3, 10**9))  # the bytes of the second day
    office.collect({url(n): notice(n, "旧。" * 300) for n in range(3)})
    assert len(bodies(office)) == before + 3
    assert damages(office) == []


class Killed(BaseException):
    """The process ends here."""


def test_a_kill_at_any_transaction_loses_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {sha256: body for sha256, body in bodies(office).items() if sha256 in sources(office)}
    left = 0

    class Transaction(prune.Transaction):
        def __exit__(self, *error):
            nonlocal left
            left -= 1
            if left < 0:
                super().__exit__(Killed, Killed(), None)
                raise Killed
            super().__exit__(*error)

    monkeypatch.setattr(prune, "Transaction", Transaction)
    for allowed in (0, 1, 0, 2, 0):
        left = allowed
        with pytest.raises(Killed):
            pruned(office)
        assert kept.items() <= bodies(office).items()
        assert damages(office) == []
    left = 10**9
    pruned(office)
    assert damages(office) == []
    assert len(bodies(office)) == 4 + 3 * 11


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(prune, "_AT_ONCE", 20)
    yield


def test_orphans_and_texts_of_no_version_go(office: Office) -> None:
    with closing(open_captures(office.paths).conn) as db:
        store = CaptureStore(db)
        newest = db.execute(
            "SELECT sha256 FROM captures WHERE url = ? ORDER BY at DESC", [url(1)]
        ).fetchone()[0]
        body = store.body(newest)
        db.execute("DELETE FROM captures WHERE sha256 = ?", [newest])  # as forget_orphans does
    with closing(open_archive(office.paths).conn) as db:
        db.execute(
            "INSERT INTO bodies (sha256, text, length) VALUES (?, 'x', 1)", [hashlib.sha256(b"x").hexdigest()]
        )
    plan = pruned(office, days=1000)
    assert (plan.answers, plan.bodies, plan.texts) == (0, 1, 1)
    assert newest not in bodies(office)
    assert body
    assert damages(office) == []


def test_a_body_that_a_version_rests_on_is_no_orphan(office: Office) -> None:
    with closing(open_captures(office.paths).conn) as db:
        store = CaptureStore(db)
        first = min(sources(office))
        body = store.body(first)
        db.execute("DELETE FROM captures WHERE sha256 = ?", [first])  # lost, as by a damage to the file
    pruned(office)
    assert bodies(office)[first] == body


def test_what_is_damaged_stops_nothing_and_keeps_what_it_stands_on(office: Office) -> None:
    def named() -> set[str]:
        found: set[str] = set()
        verify(office.paths, tell=lambda damage: found.add(damage.row))
        return found

    with closing(open_captures(office.paths).conn) as db:
        broken, below = db.execute(  # of the last days, on one that is to go
            "SELECT b.sha256, b.base_sha256 FROM blobs b JOIN captures c ON c.sha256 = b.sha256"
            " JOIN captures d ON d.sha256 = b.base_sha256 WHERE c.at >= :day AND d.at < :day",
            {"day": iso(office.now - timedelta(days=5))},
        ).fetchone()
        db.execute("UPDATE blobs SET stored = X'00' WHERE sha256 = ?", [broken])
    before = named()
    assert broken in before
    assert pruned(office, days=5).bodies
    assert named() <= before
    assert below in _stored(office)


def _stored(office: Office) -> list[str]:
    with closing(open_for_reading(office.paths.captures)) as db:
        return [row[0] for row in db.execute("SELECT sha256 FROM blobs")]


def test_only_messages_that_were_sent_long_ago_go(office: Office) -> None:
    with closing(open_alerts(office.paths).conn) as alerts:
        for name, days in (("old", 30), ("new", 3), ("waits", 30)):
            at = office.now - timedelta(days=days)
            outbox.enqueue(
                alerts, message_id=name, subscription="editors", recipient="a@b.example", subject=name, message=b"x",
                from_seq=days, to_seq=days, now=at,
            )  # fmt: skip
            if name != "waits":
                outbox.mark_sent(alerts, outbox.all_in(alerts, outbox.State.QUEUED)[-1], at)
        for site, left in (("linjiang", ["old", "new", "waits"]), (None, ["new", "waits"])):
            with (
                closing(open_archive(office.paths).conn) as archive,
                closing(open_captures(office.paths).conn) as db,
            ):
                pruning = Pruning(
                    archive, db, alerts, now=office.now, older_than=timedelta(days=10), site=site
                )
                assert pruning.plan(lambda *_: None).messages == 3 - len(left)
                pruning.apply(lambda *_: None)
            assert [row[0] for row in alerts.execute("SELECT message_id FROM outbox ORDER BY id")] == left


def test_a_site_alone(office: Office) -> None:
    assert pruned(office, site="elsewhere", write=False).answers == 0
    assert pruned(office, site="linjiang").answers > 0
    assert damages(office) == []


def test_a_body_that_another_address_still_holds_stays_readable(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    for day in range(6):
        office.collect({url(0): notice(0, f"甲。第{day}天。"), url(1): notice(1)})
    same = notice(0, "甲。第3天。")
    office.collect({url(0): notice(0, "末。"), url(1): same})  # stored as a delta of url(0)'s chain
    office.collect({url(0): notice(0, "终。"), url(1): notice(1)})
    with closing(open_captures(office.paths).conn) as db, closing(open_archive(office.paths).conn) as archive:
        key = db.execute(
            "SELECT key FROM captures c WHERE url = ? AND sha256 IN (SELECT sha256 FROM captures WHERE url = ?)",
            [url(0), url(1)],
        ).fetchone()[0]
        CaptureStore(db).forget([key])
        first = archive.execute("SELECT sha256 FROM version_sources WHERE version = 1").fetchone()[0]
        CaptureStore(db).erase(first)  # what it rested on
    assert len(bodies(office)) == 9 - 1


def test_withdrawn_bodies_stay_empty_rows(office: Office) -> None:
    with closing(open_archive(office.paths).conn) as archive, closing(open_captures(office.paths).conn) as db:
        withdraw.withdraw(archive, db, 1, 1, "法院裁定", now=office.now)
        erased = db.execute("SELECT count(*) FROM blobs WHERE encoding = 'withdrawn'").fetchone()[0]
    assert erased == 20
    pruned(office)
    assert damages(office) == []
    with closing(open_for_reading(office.paths.captures)) as db:
        assert db.execute("SELECT count(*) FROM blobs WHERE encoding = 'withdrawn'").fetchone()[0] == erased


def test_the_disk_gets_its_room_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    pruned(office)
    before = office.paths.captures.stat().st_size
    with monkeypatch.context() as patch:
        patch.setattr(prune.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000}))
        refused = prune.give_back(office.paths)[0]
    assert refused.after == before
    assert "the disk has 1,000" in str(refused.why)
    assert refused.free > 0
    room = prune.give_back(office.paths)[0]
    assert (room.why, room.free) == (None, 0)
    assert office.paths.captures.stat().st_size == room.after < before
    assert damages(office) == []
