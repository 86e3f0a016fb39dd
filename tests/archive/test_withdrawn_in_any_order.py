"""What was withdrawn stays out whatever came before, whatever is broken off, and whatever the site publishes after it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import feed, search
from archive.batch import Batch, CaptureBody, Fetch, Outcome, Role, Source
from archive.captures import CaptureStore, NewCapture
from archive.export.selection import Selection
from archive.export.warc import write_warc
from archive.model import Attachment, AttachmentState, Disclosure, Problem
from archive.proofs import write_proof
from archive.store import Transaction, open_archive, open_captures, open_for_reading
from archive.waits.expectations import SitePolicy
from tests.archive.harness import CATALOGUES, SITE, Office, notice, site_of, url
from tests.archive.test_withdraw import SECRET, TITLE, damages, holds, take_out, with_secret

FILE = "http://linjiang.example/gongwen/mingdan.txt"


class FilingOffice(Office):
    """Its notices have a file, which is asked for a second after the page."""

    def _page(self, address: str, page: Disclosure | Outcome | str, *rest: object):
        if not isinstance(page, str):
            fetch, found = super()._page(address, page, *rest)
            if found is None or not isinstance(page, Disclosure):
                return fetch, found
            files = [a for a in page.attachments if a.sha256]
            more = tuple(Source(url=a.url, sha256=a.sha256 or "", role=Role.ATTACHMENT) for a in files)
            return fetch, replace(found, sources=(*found.sources, *more))
        sha256 = hashlib.sha256(page.encode()).hexdigest()
        capture = CaptureBody(
            sha256=sha256, body=page.encode(), wire_sha256=sha256, wire_length=1, status=200, headers=()
        )
        at = self.now + timedelta(seconds=1)
        return Fetch(url=address, role=Role.ATTACHMENT, outcome=Outcome.OK, at=at, capture=capture), None


def filed(text: str | None, body: str = "罚款5万元。") -> dict:
    """A notice with a file that says ``text``; with None, one that could not be fetched."""
    kept = Attachment(name="名单.txt", url=FILE, state=AttachmentState.FAILED)
    if text is not None:
        kept = replace(
            kept, sha256=hashlib.sha256(text.encode()).hexdigest(), size=9, text=text, state=AttachmentState.FETCHED
        )  # fmt: skip
    page = {url(0): notice(0, body, attachments=(kept,))}
    return {**page, FILE: text} if text is not None else page


def exported(office: Office, place: Path) -> bytes:
    with (
        office.read() as db,
        closing(open_for_reading(office.paths.captures)) as captures,
        place.open("wb") as out,
    ):
        write_warc(
            out, db, CaptureStore(captures), Selection(), compressed=False, revisits=True, software="g", now="",
            progress=lambda *_: None,
        )  # fmt: skip
    return place.read_bytes()


def test_a_file_that_was_fetched_after_the_version_was_made_goes_with_it(tmp_path: Path) -> None:
    office = FilingOffice(tmp_path / "data", SitePolicy())
    office.collect(filed(None))
    office.collect(filed(SECRET))  # learned for the first time: no version of its own
    take_out(office, 1)
    assert holds(office, SECRET) == []
    assert damages(office) == []


@pytest.mark.parametrize("before", [None, "名单：张三丰。"])
def test_a_file_that_is_fetched_or_replaced_afterwards_does_not_stay(
    tmp_path: Path, before: str | None
) -> None:
    office = FilingOffice(tmp_path / "data", SitePolicy())
    office.collect(filed(before))
    take_out(office, 1)
    office.collect(filed(SECRET))
    assert holds(office, SECRET) == []
    assert SECRET.encode() not in exported(office, tmp_path / "a.warc")
    office.collect({url(0): Outcome.GONE}, listed=[])
    assert holds(office, SECRET) == []
    assert damages(office) == []


def test_a_file_that_a_later_version_still_lists_stays(tmp_path: Path) -> None:
    """It was not sent again (304), and is no source of that version."""
    office = FilingOffice(tmp_path / "data", SitePolicy())
    office.collect(filed("名单。"))
    office.collect(filed(None, "罚款6万元。"))
    take_out(office, 1)
    file = hashlib.sha256("名单。".encode()).hexdigest()
    with office.read() as db:
        assert [a.sha256 for a in feed.load_version(db, 1).disclosure.attachments] == [file]
    assert file in holds(office, "名单。")
    assert damages(office) == []


def test_what_attaches_a_file_that_was_withdrawn_at_an_address_of_its_own_is_another_document(
    tmp_path: Path,
) -> None:
    office = FilingOffice(tmp_path / "data", SitePolicy())
    office.collect(site_of(2))
    page = office.batches({url(0): notice(0)})[1].fetches[0].capture
    take_out(office, None)
    file = Attachment(name="通知.pdf", url=FILE, sha256=page.sha256, state=AttachmentState.FETCHED)
    office.collect({**site_of(2), url(5): notice(5, attachments=(file,)), FILE: page.body.decode()})
    assert office.feed() == [("added", notice(5).title)]
    office.collect({**site_of(2), url(6): notice(1)})  # the very page of one that is shown
    assert office.feed()[1:] == [("added", notice(1).title)]


def test_a_page_that_came_cut_before_goes_too(tmp_path: Path) -> None:
    """It is no version yet, and says in part what was withdrawn."""
    office = Office(tmp_path / "data", SitePolicy(confirm_checks=3, confirm_days=3))
    office.collect(with_secret())
    office.end = ""
    office.collect({**site_of(3), url(0): replace(with_secret()[url(0)], body_text=f"第0号。{SECRET}")})
    office.end = "</html>"
    with office.read() as db:
        assert [row[0] for row in db.execute("SELECT code FROM problems")] == ["page_cut"]
    take_out(office, 1)
    assert holds(office, SECRET) == []


def test_problems_and_rows_of_what_is_published_again_are_not_kept(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.problems = (Problem(code="attachment_is_scan", message="一份扫描件", value=f"{SECRET}.pdf"),)
    page = Office._page

    def with_row(self: Office, *arguments: object):
        fetch, found = page(self, *arguments)
        return fetch, replace(found, context=json.dumps({"hints": {"title": TITLE}}, ensure_ascii=False))

    office._page = with_row.__get__(office)  # type: ignore[method-assign]
    office.collect(with_secret())
    take_out(office, 1)
    office.problems = (Problem(code="attachment_is_scan", message="一份扫描件", value=f"{SECRET}.pdf"),)
    office.collect({url(0): with_secret()[url(0)]})
    with office.read() as db:
        kept = [*db.execute("SELECT value FROM problems WHERE document = 1").fetchall()]
        assert [tuple(row) for row in kept] == []
        assert db.execute("SELECT context FROM addresses WHERE document = 1").fetchone()[0] is None
    # What differs has its own.
    office.collect({**with_secret(), url(0): notice(0, "当事人张某，罚款5万元。")})
    with office.read() as db:
        assert db.execute("SELECT count(*) FROM problems WHERE document = 1").fetchone()[0] == 1
    assert damages(office) == []


def killed_between_the_files(office: Office, pages: dict) -> None:
    """A collection whose process dies when captures.db has its answers, and archive.db has not."""
    office.now += timedelta(days=1)
    with office.recorder() as recorder:
        run = recorder.begin(SITE, CATALOGUES, collection="c", full=True)
        fetches = tuple(office._page(u, p, "r1", ())[0] for u, p in pages.items())
        with Transaction(recorder._capture_db):
            recorder._captures.add_many(
                NewCapture(SITE.key, f.url, f.at, f.capture) for f in fetches if f.capture is not None
            )
        assert run


@pytest.mark.parametrize("collected_since", [False, True])
def test_what_a_killed_collection_left_goes_too(tmp_path: Path, collected_since: bool) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    killed_between_the_files(office, with_secret("（今日第7次浏览）"))
    if collected_since:
        office.collect(site_of(3))
    take_out(office, 1)
    assert holds(office, SECRET) == []
    assert damages(office) == []
    office.collect(site_of(3))
    assert damages(office) == []


def test_what_a_collection_leaves_that_is_killed_afterwards_goes_with_the_next(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    take_out(office, 1)
    killed_between_the_files(office, with_secret("（今日第7次浏览）"))
    assert SECRET.encode() not in exported(office, tmp_path / "a.warc")
    office.collect(site_of(3))
    assert holds(office, SECRET) == []
    assert damages(office) == []


def test_nothing_that_is_made_beside_a_collection_holds_what_is_published_again(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    take_out(office, 1)
    office.now += timedelta(days=1)
    with office.recorder() as recorder:
        run = recorder.begin(SITE, CATALOGUES, collection="c", full=True)
        same = [_counted(*office._page(u, p, "r1", ())) for u, p in with_secret().items()]
        recorder.record(run, Batch(seq=1, fetches=tuple(f for f, _ in same), found=tuple(f for _, f in same)))
        assert holds(office, SECRET) == []  # nor does a backup
        assert SECRET.encode() not in exported(office, tmp_path / "a.warc")


def _counted(fetch, found):
    body = fetch.capture.body + b"<!-- 7 -->"
    sha256 = hashlib.sha256(body).hexdigest()
    capture = replace(fetch.capture, body=body, sha256=sha256, wire_sha256=sha256)
    return (
        replace(fetch, capture=capture),
        replace(found, sources=(replace(found.sources[0], sha256=sha256),)),
    )


def words_in(office: Office, terms: Iterable[str]) -> list[str]:
    """Those of the terms that stand in the search index's own pages, whatever it finds."""
    with closing(open_archive(office.paths).conn) as db:
        pieces = b"".join(row[0] for row in db.execute("SELECT block FROM search_data"))
    return [term for term in terms if term.encode() in pieces]


@pytest.mark.parametrize("finish", ["again", "collect"])
def test_a_withdrawal_killed_before_the_index_was_merged_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, finish: str
) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    pages = {**site_of(3), url(0): notice(0, "证人编号zkwqxjv。")}
    office.collect(pages)
    assert words_in(office, ["zkwqxjv"])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(search, "optimize", killed)
        with pytest.raises(KeyboardInterrupt):
            take_out(office, 1)
    if finish == "again":
        assert take_out(office, 1).versions == ()
    else:
        office.collect(pages)
    assert words_in(office, ["zkwqxjv"]) == []
    assert damages(office) == []


def test_what_a_collection_erases_is_overwritten(tmp_path: Path) -> None:
    office = FilingOffice(tmp_path / "data", SitePolicy())
    office.collect(filed("名单。"))
    take_out(office, 1)
    # Somebody reads: the log is not deleted with the last connection.
    with closing(open_captures(office.paths).conn):
        office.collect(filed("证人zkwqxjvbnmpl。"))
        files = [p for p in office.paths.data.glob("captures.db*") if p.suffix != ".db-shm"]
        assert [p.name for p in files if b"zkwqxjvbnmpl" in p.read_bytes()] == []


def test_a_proof_of_another_document_leaves_out_the_file_that_both_have(tmp_path: Path) -> None:
    """It was refused as a whole, though its page has nothing to do with what was withdrawn."""
    office = FilingOffice(tmp_path / "data", SitePolicy())
    pages = filed("名单。")
    office.collect({**pages, url(1): notice(1, attachments=pages[url(0)].attachments)})
    take_out(office, 1)
    with office.read() as db, closing(open_for_reading(office.paths.captures)) as captures:
        done = write_proof(db, CaptureStore(captures), 2, 1, tmp_path / "p", now=office.now)
    assert (done.missing, done.observations) == ((FILE,), 1)
    assert f"不再出示下列附件：\n  - {FILE}" in (tmp_path / "p" / "README.md").read_text()
    assert [path.name for path in (tmp_path / "p" / "captures").glob("*attachment*")] == []


@pytest.mark.parametrize("number", [1, None])
@pytest.mark.parametrize("old", [Outcome.GONE, Outcome.FAILED, "stays"])
def test_a_site_that_moves_brings_nothing_back(
    tmp_path: Path, number: int | None, old: Outcome | str
) -> None:
    """Nothing was left by which to know it at its new address: it came back as news, with all that was withdrawn."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    take_out(office, number)
    there = url(0).replace("/gongwen/", "/zwgk/")
    page = with_secret()[url(0)]
    pages = {**site_of(3), there: page, url(0): page if old == "stays" else old}
    for _ in range(5):
        office.collect(pages, listed=[there, url(1), url(2)])
    assert holds(office, SECRET) == []
    assert holds(office, TITLE) == []
    assert [kind for kind, _ in office.feed() if kind != "moved"] == []
    assert damages(office) == []
    with office.read() as db:
        assert db.execute("SELECT count(*) FROM documents").fetchone()[0] == 3


@pytest.mark.parametrize(
    ("number", "revision", "page"),
    [
        (
            1,
            "r2",
            notice(0, f"{SECRET} ，罚款5万元；", title=TITLE),
        ),  # read otherwise, where marks and lines are
        (1, "r2", notice(0, "读出的正文不同。", title=TITLE, document_number="临罚〔2031〕3号")),
        (1, "r2", notice(0, f"{SECRET}，罚款5万元。", title=TITLE, index_number=None)),
        (None, "r1", notice(0, f"{SECRET}，又改。", title=TITLE)),
    ],
)
def test_a_site_that_moves_after_an_upgrade_brings_nothing_back(
    tmp_path: Path, number: int | None, revision: str, page: Disclosure
) -> None:
    """Its fingerprints are of another extractor, or of another text, and its bytes are other ones at another address."""
    office = Office(tmp_path / "data", SitePolicy())
    before = notice(0, f"{SECRET}，罚款5万元。", title=TITLE, document_number="临罚〔2031〕3号")
    office.collect({**site_of(3), url(0): before})
    take_out(office, number)
    there = url(0).replace("/gongwen/", "/zwgk/")
    office.end = "</HTML>"
    for _ in range(5):
        office.collect(
            {**site_of(3), there: page, url(0): Outcome.GONE},
            listed=[there, url(1), url(2)],
            revision=revision,
        )
    assert holds(office, TITLE) == holds(office, SECRET) == []
    assert [kind for kind, _ in office.feed()] == ["moved"]
    assert damages(office) == []
    # Another one of its kind is no withdrawn one.
    office.collect({**site_of(4), there: page}, revision=revision)
    assert office.feed()[-1] == ("added", "关于第3号事项的通知")


@pytest.mark.parametrize("how", ["a field is away", "marks", "half of it", "without a further page"])
@pytest.mark.parametrize("where", ["there", "elsewhere", "after it was anonymous"])
def test_what_still_says_it_in_part_or_otherwise_brings_nothing_back(
    tmp_path: Path, how: str, where: str
) -> None:
    """It is another record than the one that was withdrawn, and no version."""
    office = Office(tmp_path / "data", SitePolicy(confirm_checks=1, confirm_days=0))
    page = with_secret()[url(0)]
    office.collect({**site_of(12), url(0): page})
    take_out(office, 1)
    told: list[tuple[str, str | None]] = []
    if where == "after it was anonymous":
        office.collect({**site_of(12), url(0): notice(0, "当事人张某，罚款5万元。")})
        told = office.feed()
        assert told == [("edited", notice(0).title)]
    at = url(0).replace("/gongwen/", "/zwgk/") if where == "elsewhere" else url(0)
    text = page.body_text or ""
    if how == "half of it":
        page, office.cut = replace(page, body_text=text[:-60]), {at}
    elif how == "without a further page":
        page, office.problems = (
            replace(page, body_text=text[:-60]),
            (Problem(code="further_page_gone", message="404"),),
        )
    else:
        page = (
            replace(page, issuing_body=None)
            if how == "a field is away"
            else replace(page, body_text=text.replace("。", ". "))
        )
    for _ in range(4):
        office.collect(
            {**site_of(12), url(0): Outcome.GONE, at: page}, listed=[at, *[url(n) for n in range(1, 12)]]
        )
        assert holds(office, SECRET) == []
    with office.read() as db:
        assert not [c for c in feed.changes(db) if c.fields]
        assert db.execute("SELECT count(*) FROM documents").fetchone()[0] == 12
    assert damages(office) == []


def test_what_is_made_anonymous_at_its_new_address_is_told(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    take_out(office, 1)
    there = url(0).replace("/gongwen/", "/zwgk/")
    office.collect(
        {**site_of(3), there: notice(0, "当事人张某，罚款5万元。"), url(0): Outcome.GONE},
        listed=[there, url(1), url(2)],
    )
    assert ("added", "关于第0号事项的通知") in office.feed()


def test_the_same_at_an_address_that_it_may_have_moved_to_is_named(tmp_path: Path) -> None:
    """News of it waits for the old address; a new template's white space made it another text."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(with_secret())
    page = with_secret()[url(0)]
    there = url(0).replace("/gongwen/", "/zwgk/")
    again = replace(page, body_text=f"\u3000\u3000{page.body_text}")
    office.collect({**site_of(3), there: again, url(0): Outcome.FAILED}, listed=[there, url(1), url(2)])
    assert office.feed() == []
    assert take_out(office, 1).shared == ((4, 1),)
