"""Sites that live, in memory: documents come, are edited, moved, taken down and brought back; pages and servers fail for a day."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

LISTS = ("jia", "yi", "bing")
_PER_PAGE = 4
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_FILL = "各单位应当认真贯彻执行，不得延误。" * 8
_SUBJECTS = ("桥梁", "道路", "学校", "医院", "公园")
_GONE = (404, _HTML, "<html><body><h1>404 页面不存在</h1></body></html>".encode())
NO_ANSWER = (0, {}, b"")
Answer = tuple[int, dict[str, str], bytes]


def secret(word: int) -> str:
    """A word that stands in one text of one document only."""
    return f"密语{word:05d}"


@dataclass
class Paper:
    """A document, the lists that have it, and what happened to it."""

    number: int
    site: str
    lists: set[str]
    word: int  # of its text
    published: date
    path: str
    keyword: str = "道路"
    file: int = 0  # the word of its attachment; 0 for none
    up: bool = True
    is_fixed: bool = False
    former: dict[str, str] = field(default_factory=dict)  # path → gone, led, copy
    happened: Counter[str] = field(default_factory=Counter)

    @property
    def title(self) -> str:
        return f"关于第{self.number:04d}号{_SUBJECTS[self.number % 5]}事项的通知"

    @property
    def url(self) -> str:
        return base(self.site) + self.path

    @property
    def says(self) -> set[int]:
        """The words that stand in it today."""
        return {self.word, self.file} - {0}


def base(site: str) -> str:
    """The front page of a site, without its slash."""
    return f"http://www.{site}.example"


class World:
    """Seeded. Called with an address it answers as the sites' servers do."""

    def __init__(self, seed: int, count: int) -> None:
        self.rng = random.Random(seed)
        self.day, self._word, self._hits = 0, 0, 0
        self.sites = ["linjiang", "hedong"][: self.rng.choice((1, 1, 2))]
        self.papers: list[Paper] = []
        self.failing, self.dead, self.walled = set[str](), set[str](), set[str]()
        self._has_validators = self.rng.random() < 0.7
        for _ in range(count):
            self._publish(self.rng.randint(1, 40))
        for site in self.sites:  # an empty list is not believed
            for name in LISTS:
                paper = self._publish(50)
                paper.site, paper.lists, paper.is_fixed = site, {name}, True
                paper.path = f"/{name}/t{paper.published:%Y%m%d}_{paper.number}.html"

    def _new_word(self) -> int:
        self._word += 1
        return self._word

    def _publish(self, days_ago: int) -> Paper:
        rng, number = self.rng, len(self.papers) + 1
        lists = set(rng.sample(LISTS, rng.choice((1, 1, 2))))
        day = date(2031, 3, 1) + timedelta(days=self.day - days_ago)
        paper = Paper(
            number, rng.choice(self.sites), lists, self._new_word(), day, f"/{min(lists)}/t{day:%Y%m%d}_{number}.html",
            file=self._new_word() if rng.random() < 0.2 else 0,
        )  # fmt: skip
        self.papers.append(paper)
        return paper

    # -- what happens ------------------------------------------------------------------------------------

    def live(self, *, failing: float) -> None:
        """A day; ``failing``: the share of pages that do not answer on it."""
        self.calm()
        rng = self.rng
        acts = (
            self._new, self._new, self._edit, self._edit, self._edit, self._edit_file, self._take_down, self._bring_back,
            self._leave_lists, self._enter_list, self._move, self._move, self._end_redirects,
        )  # fmt: skip
        for _ in range(rng.choice((1, 2, 3))):
            rng.choice(acts)(rng.choice([paper for paper in self.papers if not paper.is_fixed]))
        self.failing = {paper.path for paper in self.papers if rng.random() < failing}
        if rng.random() < 2 * failing:
            self.failing.add(f"/{rng.choice(LISTS)}/index_1.html")
        for those in (self.dead, self.walled):
            if rng.random() < failing:
                those.add(rng.choice(self.sites))

    def calm(self) -> None:
        """A day on which nothing happens and everything answers."""
        self.day += 1
        self.failing, self.dead, self.walled = set(), set(), set()

    def _new(self, _: Paper) -> None:
        self._publish(0)

    def _edit(self, paper: Paper) -> None:
        if paper.up:
            paper.word = self._new_word()
            paper.keyword = self.rng.choice(("道路", "道路", "桥梁"))
            paper.happened["edited"] += 1

    def _edit_file(self, paper: Paper) -> None:
        if paper.up:
            paper.file = self._new_word()
            paper.happened["edited"] += 1

    def _take_down(self, paper: Paper) -> None:
        if paper.up:
            paper.up = False
            paper.happened["removed"] += 1
            if self.rng.random() < 0.8:
                paper.lists.clear()

    def _bring_back(self, paper: Paper) -> None:
        paper.up = True
        self._enter_list(paper)

    def _leave_lists(self, paper: Paper) -> None:
        paper.lists.clear()

    def _enter_list(self, paper: Paper) -> None:
        if paper.up and not paper.lists:
            paper.lists = {self.rng.choice(LISTS)}

    def _move(self, paper: Paper) -> None:
        if paper.up and paper.lists:
            paper.former[paper.path] = self.rng.choice(("gone", "led"))
            paper.path = f"/{min(paper.lists)}/v{self._new_word()}.html"
            paper.happened["moved"] += 1

    def _end_redirects(self, paper: Paper) -> None:
        for path, how in paper.former.items():
            if how == "led":
                paper.former[path] = self.rng.choice(("gone", "copy"))

    # -- what is answered --------------------------------------------------------------------------------

    def __call__(self, url: str) -> Answer:
        self._hits += 1
        site = next((site for site in self.sites if url.startswith(base(site))), None)
        if site is None or site in self.dead:
            return NO_ANSWER
        path = url.removeprefix(base(site))
        if path in self.failing:
            return NO_ANSWER if len(path) % 2 else (502, _HTML, b"<h1>Bad Gateway</h1>")
        name, _, rest = path.removeprefix("/").partition("/")
        if name in LISTS and rest.startswith("index"):
            return self._list(site, name, int(rest[5:].removesuffix(".html").removeprefix("_") or 0))
        if name == "files":
            return self._file(int(rest.removesuffix(".txt")))
        paper = next((p for p in self.papers if p.site == site and path in (p.path, *p.former)), None)
        if paper is None or not paper.up:
            return _GONE
        how = paper.former.get(path)
        if how == "led":
            return 302, {"Location": paper.url}, b""
        if how == "gone":
            return _GONE
        if site in self.walled:
            return 200, _HTML, "<html><body><h1>您的访问过于频繁，请稍后再试</h1></body></html>".encode()
        etag = {"ETag": f'"{paper.word}-{paper.file}"'} if self._has_validators else {}
        return 200, {**_HTML, **etag}, self._page(paper)

    def _page(self, paper: Paper) -> bytes:
        file = f'<p><a href="/files/{paper.number}.txt">附件：名单.txt</a></p>' if paper.file else ""
        counter = "" if self._has_validators else f"<p>浏览次数：{self._hits}</p>"
        return (
            f"<html><head><title>{paper.title}-某市</title></head><body><table><tr><th>索引号：</th><td>A/2031-{paper.number:05d}</td>"
            f"<th>发布机构：</th><td>某市人民政府</td></tr><tr><th>名称：</th><td>{paper.title}</td><th>文号：</th>"
            f"<td>某政发〔2031〕{paper.number}号</td></tr><tr><th>发布日期：</th><td>{paper.published}</td><th>主题词：</th>"
            f"<td>{paper.keyword}</td></tr></table><div id='zoom'><p>现将第{paper.number}号事项通知如下：{secret(paper.word)}。</p>"
            f"<p>{_FILL}</p>{file}</div>{counter}</body></html>"
        ).encode()

    def _file(self, number: int) -> Answer:
        paper = self.papers[number - 1]
        if not (paper.file and paper.up):
            return _GONE
        kind = {"Content-Type": "text/plain; charset=utf-8"}
        return 200, kind, f"名单：{secret(paper.file)}\n{_FILL}\n".encode()

    def _list(self, site: str, name: str, page: int) -> Answer:
        rows = [p for p in self.papers if p.site == site and name in p.lists]
        rows.sort(key=lambda p: (p.published, p.number), reverse=True)
        pages = -(-len(rows) // _PER_PAGE)
        if page >= pages:
            return _GONE
        shown = "".join(
            f'<li><a href="{p.path}">{p.title}</a><span>{p.published}</span></li>'
            for p in rows[page * _PER_PAGE : (page + 1) * _PER_PAGE]
        )
        script = f'<script>createPageHTML({pages},{page},"index","html")</script>'
        return 200, _HTML, f"<html><body><ul>{shown}</ul>{script}</body></html>".encode()
