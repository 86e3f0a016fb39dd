"""Exports can be read by other people's tools, hold what was asked for, and appear whole or not at all."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import sqlite3
import tracemalloc
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.batch import Outcome
from archive.captures import CaptureStore
from archive.export import tables, warc, whole_file
from archive.export.selection import Selection
from archive.record import SiteRow
from archive.store import TargetError, open_for_reading
from archive.waits.expectations import SitePolicy
from tests.archive.harness import START, Office, notice, site_of, url


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Three collections: a baseline, an edit, a page that was not modified."""
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(site_of(3))
    office.collect({**site_of(3), url(0): notice(0, "罚款3万元。")})
    office.collect({url(0): notice(0, "罚款3万元。"), url(1): Outcome.NOT_MODIFIED, url(2): notice(2)})
    return office


def write(office: Office, dest: Path, chosen: Selection | None = None, **options) -> Counter[str]:
    with (
        closing(open_for_reading(office.paths.archive)) as db,
        closing(open_for_reading(office.paths.captures)) as captures,
        dest.open("wb") as out,
    ):
        return warc.write_warc(
            out, db, CaptureStore(captures), chosen or Selection(), software="gongkai/0", now="2026-03-09T00:00:00Z",
            progress=lambda *_: None, **{"compressed": True, "revisits": True, **options},
        )  # fmt: skip


def read(path: Path) -> list[tuple[str, str | None, str, bytes]]:
    with path.open("rb") as file:
        return [
            (
                r.rec_type,
                r.rec_headers.get_header("WARC-Target-URI"),
                r.rec_headers.get_header("WARC-Date"),
                r.content_stream().read(),
            )
            for r in ArchiveIterator(file)
        ]


def lines(office: Office, chosen: Selection | None = None, *, versions: bool = False) -> list[dict]:
    with closing(open_for_reading(office.paths.archive)) as db:
        return list(tables.rows(db, chosen or Selection(), versions=versions, progress=lambda *_: None))


def check(path: Path) -> int:
    """warcio's own check of every digest; 0 is good."""
    checker = Checker(type("Command", (), {"inputs": [str(path)], "verbose": False})())
    checker.process_all()
    return checker.exit_value


@pytest.mark.parametrize("compressed", [True, False])
def test_warcio_reads_every_answer_and_what_repeats_it(
    office: Office, tmp_path: Path, compressed: bool
) -> None:
    counts = write(office, tmp_path / "a.warc", compressed=compressed)
    found = read(tmp_path / "a.warc")
    # two pages again on the second day, two and a 304 on the third
    assert counts == Counter(warcinfo=1, response=4, request=4, metadata=4, revisit=5)
    assert Counter(kind for kind, *_ in found) == counts
    assert check(tmp_path / "a.warc") == 0
    bodies = {(uri, at): body for kind, uri, at, body in found if kind == "response"}
    with closing(open_for_reading(office.paths.captures)) as captures:
        rows = captures.execute("SELECT url, at, sha256 FROM captures").fetchall()
    assert {(u, t): hashlib.sha256(b).hexdigest() for (u, t), b in bodies.items()} == {
        (r[0], r[1]): r[2] for r in rows
    }
    with (tmp_path / "a.warc").open("rb") as file:
        headers = [(r.rec_headers, r.http_headers) for r in ArchiveIterator(file) if r.rec_type == "revisit"]
    for record, http in headers:
        original = (record.get_header("WARC-Refers-To-Target-URI"), record.get_header("WARC-Refers-To-Date"))
        assert original in bodies
        assert record.get_header("WARC-Date") > original[1]
        not_modified = record.get_header("WARC-Profile").endswith("server-not-modified")
        assert not_modified == (http is not None and http.get_statuscode() == "304")
    assert sum(r.get_header("WARC-Profile").endswith("server-not-modified") for r, _ in headers) == 1


def test_pywb_s_indexer_finds_every_answer(office: Office, tmp_path: Path) -> None:
    from cdxj_indexer import main as indexer

    write(office, tmp_path / "a.warc.gz")
    out = io.StringIO()
    indexer.CDXJIndexer(output=out, inputs=[str(tmp_path / "a.warc.gz")], sort=True).process_all()
    found = [json.loads(line.split(" ", 2)[2]) for line in out.getvalue().splitlines()]
    assert len(found) == 4 + 5
    assert {one["url"] for one in found} == {url(n) for n in range(3)}
    assert len({one["digest"] for one in found}) == 4


def test_the_same_body_at_another_address_is_a_revisit_with_its_own_headers(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect({url(0): notice(0), url(1): notice(0)})
    counts = write(office, tmp_path / "a.warc.gz")
    assert (counts["response"], counts["revisit"], counts["request"]) == (1, 1, 2)
    assert check(tmp_path / "a.warc.gz") == 0


def test_equal_exports_are_equal_bytes(office: Office, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(office, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_filters_choose_what_is_written_and_every_revisit_has_its_answer(
    office: Office, tmp_path: Path
) -> None:
    third = START + timedelta(days=3)
    counts = write(office, tmp_path / "late", Selection(since=third))
    # The version that was replaced before is not there.
    assert (counts["response"], counts["revisit"]) == (3, 3)
    counts = write(office, tmp_path / "one", Selection(document=1))
    assert {uri for kind, uri, *_ in read(tmp_path / "one") if kind != "warcinfo"} == {url(0)}
    assert (counts["response"], counts["revisit"]) == (2, 1)
    assert write(office, tmp_path / "none", Selection(site="elsewhere")) == Counter(warcinfo=1)
    assert "revisit" not in write(office, tmp_path / "plain", revisits=False)
    day = Selection(since=START + timedelta(days=2), until=third)
    write(office, tmp_path / "day", day)
    assert {at for kind, _, at, _ in read(tmp_path / "day") if kind == "revisit"} == {"2026-03-03T00:00:00Z"}
    assert {line["document"] for line in lines(office, day)} == {1}
    assert [line["version"] for line in lines(office, day, versions=True)] == [2]


def test_of_a_document_what_its_own_site_was_answered_is_written(tmp_path: Path) -> None:
    """Lists of two sites lead to one page."""
    for key in ("linjiang", "lanxi"):
        office = Office(tmp_path / "data", SitePolicy(), site=SiteRow(key, key))
        office.now += timedelta(days=key == "lanxi")
        office.collect({url(0): notice(0, key)})
    for document, key in ((1, "linjiang"), (2, "lanxi")):
        write(office, tmp_path / key, Selection(document=document))
        (body,) = [body for kind, _, _, body in read(tmp_path / key) if kind == "response"]
        assert key.encode() in body


def test_what_is_damaged_or_gone_is_left_out_and_counted(office: Office, tmp_path: Path) -> None:
    whole = write(office, tmp_path / "whole.warc.gz")
    with closing(sqlite3.connect(office.paths.captures, isolation_level=None)) as db:
        keys = [row[0] for row in db.execute("SELECT key FROM captures ORDER BY key")]
        db.execute("DELETE FROM captures WHERE key = ?", [keys[0]])
        db.execute("UPDATE captures SET headers = x'00' WHERE key = ?", [keys[1]])
    counts = write(office, tmp_path / "left.warc.gz")
    assert (counts["pruned"], counts["damaged"]) == (1, 1)
    assert counts["response"] == whole["response"] - 2
    assert check(tmp_path / "left.warc.gz") == 0


def test_headers_of_the_wire_do_not_make_a_reader_decode_what_is_decoded() -> None:
    capture = warc.StoredCapture(
        key="k", site="s", url="http://a.example/通知 1.html?q=%E5", at="2026-03-02T00:00:00Z", sha256="0", wire_sha256="1",
        wire_length=9, status=299, headers=(("Content-Encoding", "gzip"), ("X-A", "b\r\nSet-Cookie: c")), redirects=(),
        request_method="GET", request_headers=(), ip=None, certificate_sha256=None,
    )  # fmt: skip
    headers = warc._http_headers(capture, 40)
    assert headers.get_header("Content-Encoding") is None
    assert headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert headers.get_header("Set-Cookie") is None
    assert headers.get_header("Content-Length") == "40"
    assert warc._uri(capture.url) == "http://a.example/%E9%80%9A%E7%9F%A5%201.html?q=%E5"
    assert (
        warc._request(capture)
        .to_str()
        .startswith("GET /%E9%80%9A%E7%9F%A5%201.html?q=%E5 HTTP/1.1\r\nHost: a.example\r\n")
    )


def test_lines_hold_the_fields_as_the_archive_has_them(office: Office) -> None:
    found = lines(office)
    assert [line["version"] for line in found] == [2, 1, 1]
    assert found[0]["body_text"].startswith("第0号。罚款3万元。")
    assert found[0]["index_number"] == "LJ/2026-0000"
    versions = lines(office, versions=True)
    assert [(line["document"], line["version"]) for line in versions] == [(1, 1), (1, 2), (2, 1), (3, 1)]
    assert versions[1]["reasons"]
    out = io.BytesIO()
    assert tables.write_jsonl(out, iter(found)) == 3
    assert [json.loads(line) for line in out.getvalue().decode().splitlines()] == found


def test_a_spreadsheet_sees_no_formula(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect(
        {
            url(0): notice(0, title='=HYPERLINK("http://x")', keywords=("甲", "乙")),
            url(1): notice(1, title="＋1"),
            url(2): notice(2, title='引"号,\n换行'),
        }
    )
    out = io.BytesIO()
    assert tables.write_csv(out, iter(lines(office)), versions=False) == 3
    text = out.getvalue().decode("utf-8-sig")
    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["title"] for row in rows] == ['\'=HYPERLINK("http://x")', "'＋1", lines(office)[2]["title"]]
    assert rows[0]["keywords"] == "甲、乙"


@pytest.mark.parametrize("versions", [False, True])
def test_a_table_for_people_says_what_every_column_means(tmp_path: Path, versions: bool) -> None:
    office = Office(tmp_path / "data", SitePolicy())
    office.collect({url(0): notice(0)})
    named, said = io.BytesIO(), io.BytesIO()
    for out, in_words in ((named, False), (said, True)):
        tables.write_csv(out, iter(lines(office, versions=versions)), versions=versions, in_words=in_words)
    names, words = (next(csv.reader(io.StringIO(o.getvalue().decode("utf-8-sig")))) for o in (named, said))
    assert len(set(words)) == len(names)
    assert words[names.index("document_number")] == "文号 Document number"
    assert not [word for word in words if not re.match("[\u4e00-\u9fff].* [A-Z]", word)]
    assert said.getvalue().partition(b"\n")[2] == named.getvalue().partition(b"\n")[2]


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    dest = tmp_path / "a.jsonl"

    def fail() -> None:
        with whole_file.whole_file(dest, force=True) as out:
            out.write(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        fail()
    assert list(tmp_path.iterdir()) == []
    with whole_file.whole_file(dest, force=False) as out:
        out.write(b"whole")
    with pytest.raises(TargetError, match="--force"), whole_file.whole_file(dest, force=False):
        pass
    with pytest.raises(OSError, match="No space"):
        fail()
    assert dest.read_bytes() == b"whole"
    with whole_file.whole_file(tmp_path / "b.gz", force=False, compressed=True) as out:
        out.write(b"packed")
    assert gzip.decompress((tmp_path / "b.gz").read_bytes()) == b"packed"


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    peaks = []
    for count in (100, 800):
        office = Office(tmp_path / f"data{count}", SitePolicy())
        office.collect({url(n): notice(n, "甲乙丙丁。" * 2000) for n in range(count)}, cut=100)
        with closing(open_for_reading(office.paths.archive)) as db:
            tracemalloc.start()
            with (tmp_path / "out").open("wb") as out:
                tables.write_jsonl(out, tables.rows(db, Selection(), versions=True, progress=lambda *_: None))
            write(office, tmp_path / f"{count}.warc.gz")
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.25 * peaks[0] + (8 << 20)  # the cache of bodies holds at most 8 MB
