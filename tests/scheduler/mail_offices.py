"""Two offices whose documents change in every way, and the person who looks after their archive."""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from archive import feed, search
from archive.batch import Outcome
from archive.histories.split import SplitError, split
from archive.model import Attachment, AttachmentState, Disclosure
from archive.record import SiteRow
from archive.storage import texts
from archive.store import Paths, Transaction, exclusive, open_archive, open_captures, open_for_reading
from archive.waits.expectations import SitePolicy
from archive.withdrawal import withdraw as withdrawals
from tests.archive.harness import START, Office, notice

SITES = ("linjiang", "beihe")
WORDS = ("罚款", "许可", "招标", "Notice", "〔2026〕")


class Offices:
    """What they publish, and an archive of it."""

    def __init__(self, data: Path, seed: int) -> None:
        self.chance, self.paths = random.Random(seed), Paths(data)
        rule = SitePolicy(confirm_checks=2, confirm_days=1, minimum=4)
        self.offices = {key: Office(data, rule, site=SiteRow(key, f"{key}人民政府")) for key in SITES}
        self.pages: dict[str, dict[str, Disclosure]] = {key: {} for key in SITES}
        self.hidden: dict[str, set[str]] = {key: set() for key in SITES}  # in no list
        self.gone: dict[str, dict[str, Disclosure]] = {key: {} for key in SITES}
        self.now, self.number = START, 0
        self.forbidden: set[str] = set()  # words of what was withdrawn

    def begin(self) -> None:
        """Eight documents each, collected for the first time."""
        for site in SITES:
            self.pages[site] = {self.address(site): self.new_page() for _ in range(8)}
            self.collect(site)

    def work(self) -> None:
        """A day: each office works and is collected, then a person looks at it."""
        self.now = START + timedelta(days=(self.now - START).days + 1, minutes=self.chance.randrange(600))
        for site in SITES:
            self.office_works(site)
            self.collect(site)
        self.person_works()

    def new_page(self) -> Disclosure:
        self.number += 1
        n = self.number
        word = self.chance.choice((*WORDS, "公告", "通知"))
        files = (self.attachment(n),) if self.chance.random() < 0.4 else ()
        return notice(
            n,
            f"密{n}码，{word}{self.chance.randrange(10**6)}元。",
            title=f"关于{n}号{word}的通知",
            attachments=files,
        )

    def attachment(self, n: int) -> Attachment:
        value = f"{self.chance.randrange(10**9):064x}"
        return Attachment(
            name=f"附件{n}.docx", url=f"http://x.example/{n}.docx", sha256=value, size=9,
            text=f"附件{n}的第{value[-9:]}行", state=AttachmentState.FETCHED,
        )  # fmt: skip

    def office_works(self, site: str) -> None:
        pages, hidden, gone, chance = self.pages[site], self.hidden[site], self.gone[site], self.chance
        for _ in range(chance.randrange(5)):
            act = chance.choice(
                (
                    "add",
                    "edit",
                    "edit",
                    "cosmetic",
                    "file",
                    "move",
                    "unlist",
                    "relist",
                    "take",
                    "take",
                    "bring",
                )
            )
            some = chance.choice(sorted(pages)) if pages else None
            if act == "add" or some is None:
                pages[self.address(site)] = self.new_page()
            elif act == "edit":
                self.number += 1
                text = f"密{self.number}码，{chance.choice(WORDS)}{chance.randrange(10**6)}元。"
                pages[some] = replace(pages[some], body_text=text + "各单位应当认真贯彻执行。" * 10)
                if chance.random() < 0.3:
                    pages[some] = replace(
                        pages[some], title=f"关于{self.number}号{chance.choice(WORDS)}的通知"
                    )
            elif act == "cosmetic":
                pages[some] = replace(
                    pages[some], body_text=(pages[some].body_text or "").replace("。", " 。", 1)
                )
            elif act == "file" and pages[some].attachments:
                pages[some] = replace(
                    pages[some], attachments=(self.attachment(int(pages[some].attachments[0].name[2:-5])),)
                )
            elif act == "move" and len(pages) > 5:
                pages[self.address(site)] = pages.pop(some)
                gone[some] = pages[max(pages)]
                hidden.discard(some)
            elif act == "unlist" and len(pages) - len(hidden) > 6:
                hidden.add(some)
            elif act == "relist":
                hidden.discard(some)
            elif act == "take" and len(pages) > 6:
                gone[some] = pages.pop(some)
                hidden.discard(some)
            elif act == "bring" and gone:
                back = chance.choice(sorted(gone))
                pages[back] = gone.pop(back)

    def address(self, site: str) -> str:
        self.number += 1
        return f"http://{site}.example/gongwen/t20260101_{self.number}.html"

    def collect(self, site: str) -> None:
        office, chance = self.offices[site], self.chance
        office.now = self.now - timedelta(days=1)  # which it adds
        listed = [u for u in self.pages[site] if u not in self.hidden[site]]
        asked: dict[str, Disclosure | Outcome] = {
            **self.pages[site],
            **dict.fromkeys(self.gone[site], Outcome.GONE),
        }
        how = chance.random()
        if how < 0.1:  # cut short
            office.collect(
                {u: p for u, p in asked.items() if chance.random() < 0.6}, listed=listed[:3], complete=False
            )
        elif how < 0.2:  # a list that is broken: the run is held
            office.collect(asked, listed=listed[:2])
        elif how < 0.25:
            office.collect(asked, listed=listed, die=True)
        else:
            office.collect(asked, listed=listed)
        with closing(open_for_reading(self.paths.archive)) as db:
            self.forbidden -= words_of(db)  # what the site says anew

    def person_works(self) -> None:
        """Held runs are judged, contents withdrawn, merges undone."""
        with closing(open_for_reading(self.paths.archive)) as db:
            held = [r[0] for r in db.execute("SELECT id FROM runs WHERE held = 1 AND resolved IS NULL")]
            merged = [r[0] for r in db.execute("SELECT id FROM documents WHERE merged_into IS NOT NULL")]
        if held and self.chance.random() < 0.4:
            decide = self.chance.choice((feed.accept_run, feed.drop_run))
            with exclusive(self.paths), closing(open_archive(self.paths).conn) as db:
                decide(db, self.chance.choice(held), at=self.now)
        if merged and self.chance.random() < 0.3:
            with exclusive(self.paths), closing(open_archive(self.paths).conn) as db:
                search.register(db)
                try:
                    with Transaction(db):
                        split(db, self.chance.choice(merged), now=self.now)
                except SplitError:
                    pass
        if self.chance.random() < 0.15:
            with closing(open_for_reading(self.paths.archive)) as db:
                left = "SELECT document, number FROM versions WHERE withdrawn_at IS NULL ORDER BY id"
                versions = db.execute(left).fetchall()
            self.withdraw(*self.chance.choice(versions))

    def withdraw(self, document: int, number: int) -> None:
        """Withdraw a version, or now and then all of its document."""
        whole = self.chance.random() < 0.3
        with (
            exclusive(self.paths),
            closing(open_archive(self.paths).conn) as archive,
            closing(open_captures(self.paths).conn) as captures,
        ):
            search.register(archive)
            before = words_of(archive)
            row = archive.execute("SELECT merged_into FROM documents WHERE id = ?", [document]).fetchone()
            if row[0] is not None and not whole:
                return
            withdrawals.withdraw(
                archive, captures, row[0] or document, None if whole else number, "法院裁定", now=self.now
            )
            self.forbidden |= before - words_of(archive)


def words_of(db: sqlite3.Connection) -> set[str]:
    """Words that stand in one document's versions only, of all that is kept."""
    found = set()
    for row in db.execute("SELECT title, body_sha256 FROM versions"):
        found |= set(re.findall(r"密\d+码|关于\d+号", f"{row['title']} {texts.read(db, row['body_sha256'])}"))
    return found
