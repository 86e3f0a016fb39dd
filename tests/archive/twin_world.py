"""A province, its city and a ministry that publish documents of their own and each other's, seeded; and what is true of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from archive.batch import Outcome

START = datetime(2026, 3, 1, 1, tzinfo=UTC)
NAMES = {"sheng": "江北省人民政府", "shi": "临江市人民政府", "bu": "公共事务部"}
LISTS = {"sheng": ("wenjian", "zhuanfa", "caizheng"), "shi": ("gongwen", "zhaobiao"), "bu": ("zhengce",)}
BOILERPLATE = (
    "按照预算公开有关规定，现将本部门年度预算予以公开，接受社会监督。",
    "预算包括部门职责、机构设置、收支总表、财政拨款收支总表和三公经费。",
    "各项数据以财政部门批复的预算为准，如有疑问请与本部门办公室联系咨询。",
    "特此公告，公开期限为自发布之日起二十个工作日。",
)
LINE = "【字体：大 中 小】"  # of a template
FIRST_DAYS = 3  # in which no site moves: its first walks may not have ended


@dataclass(frozen=True)
class Text:
    """What a copy of a document says."""

    title: str
    number: str | None
    issuer: str
    source: str | None
    published: date
    index: str | None
    body: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()  # name, content

    @property
    def is_known_by_name(self) -> bool:
        return bool(self.number or self.index)


@dataclass
class Copy:
    """A document as a site lists it: its own, one that it posts again, or a row that leads to another site's page."""

    id: int
    site: Site
    path: str
    text: Text | None
    lists: set[str]
    paper: int  # copies of one document have one
    original: Copy | None = None
    link: str | None = None
    up: bool = True
    is_late: bool = (
        False  # it left its list after its site had moved: its new address may never have been seen
    )
    urls: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        return self.link or f"http://{self.site.host}{self.path}"

    @property
    def says(self) -> Text:
        if self.original:
            return self.original.says
        assert self.text
        return replace(self.text, body=(*self.text.body, LINE)) if self.site.has_line else self.text

    def note_url(self) -> None:
        for url in (self.url, self.original.url if self.original else self.url):
            if url not in self.urls:
                self.urls.append(url)

    def count(self, what: str) -> int:
        return self.happened[what] + (self.original.count(what) if self.original else 0)


@dataclass
class Site:
    key: str
    hosts: list[str]
    lists: tuple[str, ...]
    enabled: int = 0
    dead_until: int = -1
    frame: int = 0  # of its template, which is no part of any text
    has_line: bool = False
    had_line: bool = False
    became: dict[str, str] = field(default_factory=dict)  # former host → what it answers
    copies: list[Copy] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.hosts[-1]


class World:
    """Three sites and their days."""

    def __init__(self, seed: int, *, count: int = 6) -> None:
        self.rng, self.day, self.last, self.is_calm = random.Random(seed), 0, 0, False
        self.sites = {key: Site(key, [f"www.{key}.example"], LISTS[key]) for key in NAMES}
        self.sites[self.rng.choice(sorted(NAMES))].enabled = self.rng.choice((0, 0, 3, 6))
        self.copies: list[Copy] = []
        for site in self.sites.values():
            for _ in range(count):
                self.publish(site, self.rng.randint(1, 60))
        for _ in range(count):
            self.repost()

    @property
    def today(self) -> date:
        return (START + timedelta(days=self.day)).date()

    def any_site(self) -> Site:
        return self.rng.choice(list(self.sites.values()))

    # -- new documents -----------------------------------------------------------------------------------

    def add(
        self,
        site: Site,
        text: Text | None,
        lists: set[str] | None = None,
        original: Copy | None = None,
        paper: int = 0,
    ) -> None:
        self.last += 1
        lists = lists or {self.rng.choice(site.lists)}
        if self.rng.random() < 0.2:
            lists = lists | {self.rng.choice(site.lists)}
        path = f"/{min(lists)}/{self.today:%Y%m}/t{self.last}.html"
        link = original.url if original else None
        copy = Copy(self.last, site, path, text, set(lists), paper or self.last, original, link, paths=[path])
        copy.note_url()
        site.copies.append(copy)
        self.copies.append(copy)

    def publish(self, site: Site, days_ago: int = 0) -> None:
        self.last += 1
        n, rng, issuer = self.last, self.rng, NAMES[site.key]
        day = self.today - timedelta(days=days_ago)
        index = f"{site.key.upper()}/2026-{n:05d}" if rng.random() < 0.7 else None
        files = tuple((f"附件{i}：表{n}.docx", f"表{n}之{i}") for i in range(rng.choice((0, 0, 1, 2))))
        kind = rng.choice(("own", "own", "own", "budget", "tender", "short"))
        if kind == "own":
            clauses = (
                f"第{i}条 各单位应当认真贯彻执行，第{n}号事项的第{i}项由主管部门负责。"
                for i in range(1, rng.randint(2, 6))
            )
            body = (f"现将第{n}号事项通知如下，罚款{rng.randint(1, 999)}万元。", *clauses, "特此通知。")
            number = f"{site.key}发〔2026〕{n}号" if rng.random() < 0.7 else None
            text = Text(f"关于第{n}号事项的通知", number, issuer, None, day, index, body, files)
        elif kind == "budget":  # many under one title, with nearly one text or with none
            sums = (*BOILERPLATE, f"{rng.choice((2024, 2025))}年收支总额{rng.randint(100, 999)}万元。")
            body = sums if rng.random() < 0.7 else ("详见附件。",)
            text = Text(
                "2026年部门预算公开",
                None,
                issuer,
                None,
                day,
                index,
                body,
                files or (("预算表.docx", f"预算{n}"),),
            )
        elif kind == "tender":
            body = (
                f"受采购人委托，对下列项目进行公开招标，项目编号ZB{n}。",
                *BOILERPLATE[1:],
                f"电话：010-{n:08d}",
            )
            text = Text(f"第{n}标段公开招标公告", None, issuer, None, day, index, body)
        else:
            text = Text(
                f"关于{n}号任职的公告",
                f"{site.key}任〔2026〕{n}号",
                issuer,
                None,
                day,
                index,
                ("见附件。",),
                files,
            )
        wanted = {"budget": "caizheng", "tender": "zhaobiao"}.get(kind)
        self.add(site, text, {wanted} if wanted in site.lists else None)

    def repost(self) -> None:
        """A site posts again what another one has: with other brackets and commas, fewer files, a note; or it leads there."""
        rng, site = self.rng, self.any_site()
        had = {copy.paper for copy in site.copies}
        others = [c for c in self.copies if c.site is not site and c.up and c.text and c.paper not in had]
        if not others:
            return
        one = rng.choice(others)
        assert one.text
        if rng.random() < 0.25:
            self.add(site, None, original=one, paper=one.paper)
            return
        how = rng.choice((("，", ","), ("。", "。 "), ("现", "\u3000\u3000现"), ("", "")))
        body = tuple(line.replace(*how) for line in one.text.body)
        if rng.random() < 0.3:
            body = (*body, f"（转发自{NAMES[one.site.key]}网站）")
        files = one.text.files[:-1] if rng.random() < 0.5 else one.text.files
        index = f"{site.key.upper()}/Z-{self.last + 1:05d}" if rng.random() < 0.6 else one.text.index
        source, day = (
            rng.choice((None, NAMES[one.site.key])),
            self.today - timedelta(days=rng.choice((0, 0, 1, 3))),
        )
        text = replace(one.text, body=body, files=files, index=index, source=source, published=day)
        self.add(site, text, paper=one.paper)

    def twin(self) -> None:
        """A different document under the names of one: another part of a budget, a number given twice, a correction."""
        rng, n = self.rng, self.last + 1
        one = rng.choice([c for c in self.copies if c.text and c.up])
        text, key = one.says, one.site.key.upper()
        how = rng.choice(("title", "number", "correction"))
        if how == "title":
            body = (*text.body[:-1], f"本件为第{n}份，金额{rng.randint(1, 10**6)}元，与他件无关。")
            text = replace(
                text, number=None, index=f"{key}/T-{n:05d}", body=body, files=(("另表.docx", f"另{n}"),)
            )
        elif how == "number":
            body = (f"第{n}号工作另行安排，时间为{rng.randint(1, 12)}月。", *BOILERPLATE)
            text = replace(text, title=f"关于另行安排{n}号工作的函", index=None, body=body, files=())
        else:
            body = (f"前文有误，现更正为{rng.randint(1, 10**6)}元。", *text.body)
            text = replace(text, title=f"{text.title}（更正）", index=f"{key}/G-{n:05d}", body=body)
        self.add(one.site, replace(text, published=self.today))

    # -- what happens to them ----------------------------------------------------------------------------

    def some(self, fits: Callable[[Copy], bool]) -> Copy | None:
        found = [copy for copy in self.copies if fits(copy)]
        return self.rng.choice(found) if found else None

    def edit(self) -> None:
        """Of this copy alone; what would take its only name from it as its site moves is left out."""
        copy, rng = self.some(lambda c: c.text is not None and c.up), self.rng
        if copy is None or copy.text is None:
            return
        text, how = (
            copy.text,
            rng.choice(("figure", "figure", "line", "punctuation", "space", "file", "title", "index")),
        )
        body = list(text.body)
        if how == "file":
            text = replace(
                text,
                files=(*text.files[1:], (f"新表{rng.randint(1, 999)}.docx", f"新{rng.randint(1, 10**6)}")),
            )
        elif how == "title" and text.index and copy.id % 2:
            text = replace(text, title=f"{text.title}（修订）")
        elif how == "index" and text.number and copy.id % 2 == 0:
            text = replace(text, index=f"{copy.site.key.upper()}/X-{rng.randint(1, 99999):05d}")
        elif how == "space":
            body[0:1] = [f"\u3000{body[0]} ", ""]
        elif not text.is_known_by_name:
            return
        elif how == "figure":
            body[-1] = f"{body[-1].rstrip('0123456789万元。')}{rng.randint(1000, 99999)}万元。"
        elif how == "line":
            body.insert(rng.randrange(len(body)), f"新增一款：{rng.randint(1000, 99999)}项由办公室负责办理。")
        elif how == "punctuation":
            body = [line.replace("，", ",") if "，" in line else line.replace(",", "，") for line in body]
        copy.text = replace(text, body=tuple(body))

    def take_down(self) -> None:
        if copy := self.some(lambda c: c.original is None and c.up):
            copy.up = False
            copy.happened["removed"] += 1
            if self.rng.random() < 0.8:
                copy.lists.clear()

    def bring_back(self) -> None:
        if copy := self.some(lambda c: c.original is None and not c.up):
            copy.up, copy.lists = True, copy.lists or {self.rng.choice(copy.site.lists)}

    def unlist(self) -> None:
        if copy := self.some(lambda c: bool(c.lists)):
            copy.lists.clear()
            copy.happened["unlisted"] += 1
            copy.is_late = len(copy.site.hosts) > 1

    def relist(self) -> None:
        if copy := self.some(lambda c: not c.lists and (c.original or c).up):
            copy.lists = {self.rng.choice(copy.site.lists)}

    def move(self) -> None:
        """A site gets another host, and other paths or not; its former one answers in one way or another, or not at all."""
        site = self.any_site()
        if len(site.hosts) > 1 or self.day <= FIRST_DAYS:
            return
        how, keeps_paths = self.rng.choice(("gone", "dead", "redirect", "home")), self.rng.random() < 0.5
        site.became[site.host] = how
        site.hosts.append(f"new.{site.key}.example")
        for copy in site.copies:
            if copy.original:
                continue
            if not copy.lists and how != "redirect" and copy.up:  # nobody can find it any more
                copy.up = False
                copy.happened["removed"] += 1
            if not keeps_paths:
                copy.path = f"/art/2026/{copy.id}.html"
                copy.paths.append(copy.path)
            copy.happened["moved"] += 1
        for copy in self.copies:
            copy.note_url()

    def relink(self, chance: float) -> None:
        """Rows that lead to a page that moved lead to where it is now, sooner or later."""
        for copy in self.copies:
            if copy.original and copy.link != copy.original.url and self.rng.random() < chance:
                copy.link = copy.original.url
                copy.note_url()

    def live(self) -> None:
        self.day += 1
        for _ in range(self.rng.choice((1, 2, 3, 4))):
            act = self.rng.choice((
                lambda: self.publish(self.any_site()), self.repost, self.repost, self.twin, self.edit, self.edit, self.edit,
                self.take_down, self.bring_back, self.unlist, self.relist,
            ))  # fmt: skip
            act()
        site, chance = self.any_site(), self.rng.random()
        if chance < 0.06:
            self.move()
        elif chance < 0.12:
            site.dead_until = self.day + self.rng.choice((1, 2, 4))
        elif chance < 0.18:
            site.frame += 1
        elif chance < 0.24:
            site.has_line, site.had_line = not site.has_line, True
        self.relink(0.3)

    # -- the web -----------------------------------------------------------------------------------------

    def is_dead(self, site: Site) -> bool:
        return site.dead_until > self.day and not self.is_calm

    def answer(self, url: str) -> tuple[Outcome, str | None, Copy | None]:
        """What an address answers: outcome, where it leads if elsewhere, whose page."""
        parts = urlsplit(url)
        site = next(site for site in self.sites.values() if parts.hostname in site.hosts)
        how = site.became.get(parts.hostname or "")
        if self.is_dead(site) or how == "dead":
            return Outcome.FAILED, None, None
        if how in ("gone", "home"):
            return (Outcome.GONE if how == "gone" else Outcome.REDIRECTED_HOME), None, None
        copy = next((c for c in site.copies if c.original is None and parts.path in c.paths), None)
        if copy is None or not copy.up or (how is None and parts.path != copy.path):
            return Outcome.GONE, None, None
        return Outcome.OK, copy.url if how == "redirect" else None, copy
