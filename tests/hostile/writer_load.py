"""A writer to be killed, starved or unplugged: records batches and says after each that it is durable.

``python -m tests.hostile.writer_load DATA BATCHES [FIRST]`` prints one line per acknowledged batch, ``N addresses…``; batch N
holds three new documents, and an edit of each document of the batch before.
"""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.batch import Batch, CaptureBody, Fetch, Found, Outcome, Role, Source
from archive.model import Disclosure, Extraction, PageKind
from archive.record import Recorder, SiteRow
from archive.store import Paths

START = datetime(2026, 3, 1, tzinfo=UTC)
_PER_BATCH = 3
SITE = SiteRow("linjiang", "临江市人民政府")
CATALOGUES = [("zw", None, "http://linjiang.example/zw/")]


def address(batch: int, place: int) -> str:
    return f"http://linjiang.example/zw/t20260301_{batch}_{place}.html"


def text(batch: int, place: int, edition: int) -> str:
    return (
        f"第{batch}批第{place}号，第{edition}稿。罚款{batch * 7 + edition}万元。"
        + "各单位应当认真贯彻执行，不得延误。" * 40
    )


def _page(url: str, body: str, at: datetime) -> tuple[Fetch, Found]:
    markup = f"<html><body><div id='zoom'>{body}</div></body></html>".encode()
    sha = hashlib.sha256(markup).hexdigest()
    capture = CaptureBody(
        sha256=sha, body=markup, wire_sha256=sha, wire_length=len(markup), status=200, headers=()
    )
    disclosure = Disclosure(title=f"通知 {url[-12:]}", body_text=body)
    found = Found(
        url=url, extraction=Extraction(url=url, kind=PageKind.DOCUMENT, disclosure=disclosure), extractor_revision="r1",
        sources=(Source(url=url, sha256=sha, role=Role.PAGE),), at=at,
    )  # fmt: skip
    return Fetch(url=url, role=Role.PAGE, outcome=Outcome.OK, at=at, status=200, capture=capture), found


def batch(number: int, seq: int, last: bool) -> Batch:
    at = START + timedelta(minutes=number)
    pages = [_page(address(number, place), text(number, place, 1), at) for place in range(_PER_BATCH)]
    if number > 1:
        pages += [
            _page(address(number - 1, place), text(number - 1, place, 2), at) for place in range(_PER_BATCH)
        ]
    return Batch(seq=seq, fetches=tuple(p[0] for p in pages), found=tuple(p[1] for p in pages), finished=last)


def expected(acknowledged: int) -> set[tuple[str, int, str]]:
    """(address, version number, SHA-256 of its text) of everything that was acknowledged up to a batch."""
    known = set()
    for number in range(1, acknowledged + 1):
        for place in range(_PER_BATCH):
            for edition in (1, 2) if number < acknowledged else (1,):
                digest = hashlib.sha256(text(number, place, edition).encode()).hexdigest()
                known.add((address(number, place), edition, digest))
    return known


def main() -> None:
    data, count = Path(sys.argv[1]), int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    clock = lambda: START + timedelta(days=1)  # noqa: E731
    with Recorder(Paths(data), clock=clock) as recorder:
        run = recorder.begin(
            SiteRow("linjiang", "临江市人民政府"),
            [("zw", None, "http://linjiang.example/zw/")],
            collection="c",
            full=False,
        )
        for seq, number in enumerate(range(first, count + 1), start=1):
            recorder.record(run, batch(number, seq, number == count))
            os.write(1, f"{number}\n".encode())
        recorder.finish(run)
        os.write(1, b"0\n")


if __name__ == "__main__":
    main()
