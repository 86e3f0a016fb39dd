"""Disclosure pages as offices publish them, made up: what the benchmarks of the archive store.

Each site has a template of its own (head, scripts, menus, side bars, foot: about half of a page), shared by all of
its pages. Texts are of words drawn by Zipf's law, so that they compress about twofold by themselves, like real ones,
and hold some of the stock phrases of notices. A version differs from the one before it by one or two small edits;
beside it the template shows other links, as it does on real sites. The same arguments give the same bytes.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import accumulate

from archive.batch import Batch, CaptureBody, Fetch, Found, Listed, Outcome, Role, Row, Source, WalkEnd
from archive.model import Citation, Disclosure, Evidence, Extraction, PageKind, Place, Relation

START = datetime(2026, 3, 1, tzinfo=UTC)
REVISION = "benchmark"
BATCH = 50  # pages, which are 100 events: what a collector sends at once
_STOCK = (
    "各县（市、区）人民政府，市政府各部门、各直属单位：", "现印发给你们，请结合实际认真贯彻执行。",
    "经市政府同意，现将有关事项通知如下：", "本办法自公布之日起施行。", "特此公告。",
    "对工作不力、弄虚作假的，依法依规追究责任。", "各地各部门要加强组织领导，压实工作责任，确保各项任务落到实处。",
)  # fmt: skip
_MARKS = "，，，，，。。。；、"
_NUMERALS = "一二三四五六七八九十"


class _Language:
    """Words of one to four characters, the first ones often and the last ones hardly ever."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        han = [chr(0x4E00 + n) for n in chance.sample(range(12000), 2600)]
        weights = list(accumulate(1 / (n + 8) for n in range(len(han))))
        self._words = [
            "".join(chance.choices(han, cum_weights=weights, k=chance.choice((1, 2, 2, 2, 2, 3, 4))))
            for _ in range(9000)
        ]
        self._weights = list(accumulate(1 / (n + 3) for n in range(len(self._words))))

    def words(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self._words, cum_weights=self._weights, k=count)

    def sentence(self, chance: random.Random) -> str:
        if chance.random() < 0.04:
            return chance.choice(_STOCK)
        parts = []
        for word in self.words(chance, chance.randrange(12, 40)):
            parts.append(word)
            if chance.random() < 0.12:
                parts.append(chance.choice(_MARKS[:5]))
            elif chance.random() < 0.05:
                parts.append(f"{chance.randrange(1, 5000)}{chance.choice(('万元', '%', '个', '日', '亩'))}")
        return "".join(parts).rstrip("，") + "。"


LANGUAGE = _Language(11)


@dataclass(frozen=True)
class Page:
    """One version of one document: what the server sends, and what the extractor reads in it."""

    url: str
    title: str
    at: datetime
    body: bytes
    disclosure: Disclosure
    evidence: tuple[Evidence, ...]


class Office:
    """One site: its template, and its documents in every version."""

    def __init__(self, number: int, documents: int, versions: int) -> None:
        self.key, self.documents, self.versions = f"office{number:02d}", documents, versions
        self.home = f"http://www.{self.key}.example/"
        self._number = number
        self._chance = random.Random(number)
        self._names = ["".join(LANGUAGE.words(self._chance, 3)) for _ in range(140)]
        self._histories: dict[int, list[Page]] = {}

    @cached_property
    def _head(self) -> str:
        chance = self._chance
        styles = "".join(
            f'<link rel="stylesheet" type="text/css" href="/images/{self.key}/css/{name}.css?v={chance.randrange(10**6)}"/>'
            for name in ("base", "common", "xxgk", "detail", "share", "wza")
        )
        scripts = "".join(
            f'<script type="text/javascript" src="/images/{self.key}/js/{chance.randbytes(4).hex()}.js"></script>'
            for _ in range(9)
        )
        inline = "".join(
            f"var {chance.randbytes(3).hex()[:4]}_{n}=document.getElementById('{chance.randbytes(5).hex()}');"
            f"if($('.{chance.randbytes(3).hex()}').length>{n}){{$('#{chance.randbytes(4).hex()}').toggle();}}"
            for n in range(22)
        )
        return f"{styles}{scripts}<script>{inline}</script>"

    @cached_property
    def _menus(self) -> str:
        return "".join(
            f'<li class="nav-item"><a target="_blank" href="/{self.key}/col{n * 37}/index.html" title="{name}">{name}</a></li>\n'
            for n, name in enumerate(self._names[:70])
        )

    @cached_property
    def _side(self) -> str:
        return "".join(
            f'<dd id="t{n}"><i></i><a href="/{self.key}/xxgk/fdzdgknr/{n}/">{name}</a></dd>\n'
            for n, name in enumerate(self._names[70:110])
        )

    @cached_property
    def _foot(self) -> str:
        links = "".join(
            f'<option value="http://{n}.example/">{name}</option>' for n, name in enumerate(self._names[110:])
        )
        return (
            f'<div class="footer"><select>{links}</select><p>主办：{self._names[0]}人民政府办公室 承办：{self._names[1]}</p>'
            f"<p>备案号：北河ICP备{self._chance.randrange(10**7):08d}号 网站标识码：{self._chance.randrange(10**9):010d}</p></div>"
        )

    def _paragraphs(self, chance: random.Random) -> list[str]:
        count = max(3, min(60, int(chance.lognormvariate(2.75, 0.6))))
        lines = []
        for n in range(count):
            text = "".join(LANGUAGE.sentence(chance) for _ in range(chance.randrange(1, 4)))
            lines.append(f"{_NUMERALS[n // 3 % 10]}、{text}" if n % 3 == 0 else text)
        return lines

    def _edited(self, lines: list[str], chance: random.Random) -> list[str]:
        """A figure, a few words, a sentence added or taken out: what offices edit without saying so."""
        lines = list(lines)
        for _ in range(chance.choice((1, 1, 1, 2))):
            place = chance.randrange(len(lines))
            line, kind = lines[place], chance.randrange(4)
            middle = len(line) // 2
            if kind == 0:
                lines[place] = f"{line[:middle]}{chance.randrange(1, 900)}万元{line[middle + 3 :]}"
            elif kind == 1:
                lines[place] = (
                    line[:middle] + "".join(LANGUAGE.words(chance, 3)) + line[middle + chance.randrange(6) :]
                )
            elif kind == 2:
                lines[place] = line + LANGUAGE.sentence(chance)
            else:
                lines[place] = line[: line.rfind("。", 0, -1) + 1] or line + "特此通知。"
        return lines

    def history(self, document: int) -> list[Page]:
        """All versions of one document, the first one first; made once."""
        if document not in self._histories:
            self._histories[document] = self._history(document)
        return self._histories[document]

    def _history(self, document: int) -> list[Page]:
        chance = random.Random(self._number * 1_000_003 + document)
        title = f"{self._names[0]}人民政府关于{''.join(LANGUAGE.words(chance, 6))}的通知"
        lines = self._paragraphs(chance)
        published = date(2025, 1, 1) + timedelta(days=chance.randrange(400))
        issuer = f"{self._names[chance.randrange(20)]}局"
        counter, pages = chance.randrange(9000), []
        for version in range(self.versions):
            if version:
                lines, counter = self._edited(lines, chance), counter + chance.randrange(1, 400)
            pages.append(self._page(document, version, title, issuer, published, lines, counter, chance))
        return pages

    def _page(
        self, document: int, version: int, title: str, issuer: str, published: date, lines: list[str], counter: int,
        chance: random.Random,
    ) -> Page:  # fmt: skip
        url = f"{self.home}{self.key}/xxgk/art/{published:%Y/%m}/{document}.html"
        values = {
            "索引号": (
                "index_number",
                f"11{self._number:04d}{document:06d}-0/{published.year}-{document:05d}",
            ),
            "名称": ("title", title),
            "发布机构": ("issuing_body", issuer),
            "文号": ("document_number", f"临政发〔{published.year}〕{document}号"),
            "成文日期": ("issued_on", (published - timedelta(days=3)).isoformat()),
            "发布日期": ("published_on", published.isoformat()),
        }
        rows = "".join(
            f'<td class="xx-label">{k}：</td><td class="xx-value">{v}</td>' for k, (_, v) in values.items()
        )
        text = "\n".join(
            f'<p style="text-indent:2em;font-family:仿宋_GB2312;line-height:200%;"><span style="font-size:21px">{line}</span></p>'
            for line in lines
        )
        related = "".join(
            f'<li><a href="/{self.key}/xxgk/art/{n}.html">{"".join(LANGUAGE.words(chance, 8))}</a><span>{published}</span></li>'
            for n in chance.sample(range(100000), 5)
        )
        html = (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"/><title>{title}</title><meta name="ArticleTitle" content="{title}"/>'
            f'<meta name="PubDate" content="{published} 09:0{version % 10}"/>'
            f'<meta name="ContentSource" content="{issuer}"/>{self._head}</head>'
            f'<body><div class="header"><ul>\n{self._menus}</ul></div><div class="left"><dl>{self._side}</dl></div>'
            f'<div class="main"><table class="xxgk">{rows}</table><h1>{title}</h1><div class="info">浏览次数：{counter}</div>'
            f'<div id="zoom">{text}</div><ul class="related">{related}</ul></div>{self._foot}</body></html>'
        )
        record = Disclosure(
            index_number=values["索引号"][1], title=title, issuing_body=issuer, issuing_bodies=(issuer,),
            document_number=values["文号"][1], document_number_raw=values["文号"][1],
            issued_on=published - timedelta(days=3), published_on=published, content_source=issuer,
            body_text="\n".join(lines),
            citations=(
                Citation(relation=Relation.IMPLEMENTS, document_number=f"北政发〔2024〕{document % 90}号", quote=lines[0][:40]),
            ),
        )  # fmt: skip
        evidence = tuple(
            Evidence(field=name, label=label, raw=value, place=Place.TABLE, chosen=True)
            for label, (name, value) in values.items()
        )
        at = START + timedelta(days=version)
        return Page(url, title, at, html.encode(), record, evidence)

    def batches(self, version: int) -> Iterator[Batch]:
        """One collection: every document in the given version (the first is 0), listed on one page."""
        pages = [self.history(n)[version] for n in range(self.documents)]
        rows = tuple(Row(url=page.url, title=page.title) for page in pages)
        at = START + timedelta(days=version)
        yield Batch(seq=1, listed=(Listed(catalogue="xxgk", rows=rows, at=at),))
        for seq, start in enumerate(range(0, len(pages), BATCH), 2):
            events = [as_event(page) for page in pages[start : start + BATCH]]
            yield Batch(seq=seq, fetches=tuple(e[0] for e in events), found=tuple(e[1] for e in events))
        walk = WalkEnd(catalogue="xxgk", full=True, complete=True, pages=1, rows=len(rows), at=at)
        yield Batch(seq=2 + -(-len(pages) // BATCH), walks=(walk,), finished=True)


def as_event(page: Page) -> tuple[Fetch, Found]:
    """A page as a collector tells it: the answer with its headers, and the document in it."""
    digest = hashlib.sha256(page.body).hexdigest()
    chance = random.Random(digest)
    headers = (
        ("Date", f"{page.at:%a, %d %b %Y} {chance.randrange(24):02d}:{chance.randrange(60):02d}:11 GMT"),
        ("Content-Type", "text/html"), ("Server", "nginx"), ("Vary", "Accept-Encoding"),
        ("Last-Modified", f"{page.at:%a, %d %b %Y %H:%M:%S} GMT"), ("Etag", f'W/"{digest[:8]}-{len(page.body):x}"'),
        ("X-Frame-Options", "SAMEORIGIN"), ("X-Content-Type-Options", "nosniff"),
        ("X-Via", f"1.1 node{chance.randrange(40)}:{chance.randrange(20)} (Cdn Cache Server V2.0)"),
        ("X-Request-Id", chance.randbytes(12).hex()),
    )  # fmt: skip
    asked = (("Accept", "text/html,application/xhtml+xml"), ("User-Agent", "gongkai/0.1 (+mailto:ops@linjiang.example)"),
             ("Accept-Encoding", "gzip, deflate, br"))  # fmt: skip
    capture = CaptureBody(
        sha256=digest, body=page.body, wire_sha256=digest, wire_length=len(page.body), status=200, headers=headers,
        request_headers=asked, ip="192.0.2.10",
    )  # fmt: skip
    fetch = Fetch(
        url=page.url, role=Role.PAGE, outcome=Outcome.OK, at=page.at, final_url=page.url, status=200, capture=capture
    )  # fmt: skip
    extraction = Extraction(
        url=page.url, kind=PageKind.DOCUMENT, platform="static_list", disclosure=page.disclosure, evidence=page.evidence
    )  # fmt: skip
    found = Found(
        url=page.url, extraction=extraction, extractor_revision=REVISION, at=page.at,
        sources=(Source(url=page.url, sha256=digest, role=Role.PAGE),),
    )  # fmt: skip
    return fetch, found
