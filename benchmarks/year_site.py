"""A disclosure office in a simulated year: what it publishes, edits and takes down, and what its server answers.

All is decided by the seed, so that two runs of the benchmark fill the same archive. The shares below are on the
busy side of what published catalogues show; they are what the archive's growth depends on.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from archive.batch import CaptureBody, Fetch, Found, Listed, Outcome, Role, Row, Source
from archive.model import Disclosure, Extraction, PageKind

PER_PAGE = 20  # rows of a list page
BETWEEN_REQUESTS = timedelta(seconds=2)
OLD = 0.8  # of the addresses are there on the first day; the others are published over the year
EDITED = 0.05  # of the documents are edited in a year
TAKEN_DOWN = 0.01  # of the documents disappear in a year
REDESIGNS = 2  # times a year the template changes: every page has other bytes and says the same
HONEST = 0.6  # of the sites answer 304
STAMPED = 0.03  # of the sites write the time into every page: no two answers are equal
TIMED_OUT = 0.002  # of the requests
OUTAGE = 0.01  # of the days a site does not answer at all, or answers with its firewall's page
_SENTENCES = (
    "各单位应当建立健全工作机制，明确责任人员，按季度报送落实情况。", "对不履行职责的，依照有关规定追究责任。",
    "申请人应当提交身份证明、场所使用证明和安全管理制度。", "罚款数额较大的，应当经负责人集体讨论决定。",
    "本办法所称重点行业，是指建筑施工、危险化学品、交通运输等行业。", "自受理之日起二十个工作日内作出决定并书面告知申请人。",
    "县级以上地方人民政府有关部门按照职责分工，做好本行政区域内的监督管理工作。", "本通知自印发之日起施行，有效期五年。",
)  # fmt: skip
_PROSE = "".join(random.Random(1).choice(_SENTENCES) for _ in range(4000))
_TEXT = 900  # characters of a notice


@dataclass(slots=True)
class Notice:
    """One document of the office: its number and how often it was edited."""

    number: int
    edition: int = 1
    there: bool = True


@dataclass
class Office:
    """One site on its way through the year."""

    number: int
    addresses: int
    days: int
    template: int = 1
    notices: list[Notice] = field(default_factory=list)
    # As the archive knows them, the longest unconfirmed first.
    known: list[Notice] = field(default_factory=list)
    # Number → edition and template last fetched.
    seen: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.number)
        self.key = f"site{self.number:03}"
        self.base = f"http://www.{self.key}.example"
        self.honest = self._chance.random() < HONEST
        self.stamped = self._chance.random() < STAMPED
        self.notices = [Notice(n) for n in range(int(self.addresses * OLD))]
        later = self.addresses - len(self.notices)
        self._published = sorted(self._chance.randrange(1, max(2, self.days)) for _ in range(later))
        self._redesigned = {self._chance.randrange(365) for _ in range(REDESIGNS)}

    def work(self, day: int) -> None:
        """What the office does on a day."""
        self.notices += [
            Notice(len(self.notices) + n) for n in range(sum(one == day for one in self._published))
        ]
        for share in (EDITED, TAKEN_DOWN):
            if self._chance.random() < self.addresses * share / 365:
                notice = self._chance.choice(self.notices)
                if share is EDITED:
                    notice.edition += 1
                else:
                    notice.there = False
        self.template += day in self._redesigned

    def outage(self) -> Outcome | None:
        """Why no request of the day is answered, on the days on which none is."""
        if self._chance.random() >= OUTAGE:
            return None
        return self._chance.choice((Outcome.FAILED, Outcome.BLOCKED))

    def listed(self) -> list[Notice]:
        """The catalogue, newest first."""
        return [notice for notice in reversed(self.notices) if notice.there]

    def url(self, notice: Notice) -> str:
        """Address of a notice, as long as those of real sites."""
        month = notice.number % 12 + 1
        return f"{self.base}/zwgk/fdzdgknr/gfxwj/2026{month:02}/t2026{month:02}05_{7_000_000 + notice.number}.html"

    def list_page(self, page: int, at: datetime) -> tuple[Fetch, Listed]:
        """A page of the catalogue and its rows."""
        shown = self.listed()[page * PER_PAGE : (page + 1) * PER_PAGE]
        rows = tuple(Row(url=self.url(n), title=f"关于第{n.number}号事项的通知") for n in shown)
        markup = f"<ul data-template='{self.template}'>" + "".join(
            f"<li><a href='{row.url}'>{row.title}</a><span>2026-01-05</span></li>" for row in rows
        )
        url = f"{self.base}/zwgk/fdzdgknr/gfxwj/index{f'_{page}' if page else ''}.html"
        return _answer(url, Role.LIST, markup, at), Listed(catalogue="gfxwj", rows=rows, at=at)

    def page(self, notice: Notice, at: datetime, *, conditional: bool) -> tuple[Fetch, Found | None]:
        """What the server answers for a notice, and the record that is made of it.

        ``conditional``: the archive has the present bytes, so a server that knows 304 sends none.
        """
        url = self.url(notice)
        if self._chance.random() < TIMED_OUT:
            detail = "the server did not answer within 30 seconds"
            return Fetch(url=url, role=Role.PAGE, outcome=Outcome.FAILED, at=at, detail=detail), None
        if not notice.there:
            return Fetch(url=url, role=Role.PAGE, outcome=Outcome.GONE, at=at, status=404), None
        etag = f'"{notice.number:x}-{notice.edition}-{self.template}"' if self.honest else None
        if conditional and self.honest and not self.stamped:
            fetch = Fetch(
                url=url, role=Role.PAGE, outcome=Outcome.NOT_MODIFIED, at=at, status=304, unconditional=False, etag=etag
            )  # fmt: skip
            return fetch, None
        record = _record(self.key, notice.number, notice.edition)
        stamp = f"<!-- {at.isoformat()} -->" if self.stamped else ""
        fetch = _answer(
            url, Role.PAGE, f"<body class='t{self.template}'>{record.body_text}</body>{stamp}", at, etag
        )
        assert fetch.capture is not None
        return fetch, Found(
            url=url, extraction=Extraction(url=url, kind=PageKind.DOCUMENT, disclosure=record), extractor_revision="r1",
            sources=(Source(url=url, sha256=fetch.capture.sha256, role=Role.PAGE),), at=at,
        )  # fmt: skip


@lru_cache(maxsize=1024)
def _record(site: str, number: int, edition: int) -> Disclosure:
    start = int.from_bytes(hashlib.blake2b(f"{site}{number}".encode(), digest_size=4).digest()) % (
        len(_PROSE) - _TEXT
    )
    return Disclosure(
        title=f"关于第{number}号事项的通知", index_number=f"{site}/2026-{number:05}", issuing_body="临江市人民政府",
        document_number=f"临政发〔2026〕{number}号",
        body_text=f"{site}第{number}号：罚款{number * 7 + edition}万元。{_PROSE[start : start + _TEXT]}",
    )  # fmt: skip


def _answer(url: str, role: Role, markup: str, at: datetime, etag: str | None = None) -> Fetch:
    body = markup.encode()
    sha = hashlib.sha256(body).hexdigest()
    headers = (
        ("Content-Type", "text/html; charset=utf-8"), ("Server", "nginx"), ("Date", at.isoformat()), ("Connection", "keep-alive"),
    )  # fmt: skip
    capture = CaptureBody(
        sha256=sha, body=body, wire_sha256=sha, wire_length=len(body), status=200, headers=headers
    )
    return Fetch(url=url, role=role, outcome=Outcome.OK, at=at, status=200, etag=etag, capture=capture)
