"""A disclosure office that lives: notices come, are edited, moved and taken down; the site falters and is redesigned.

All by a seeded generator, so that a run can be repeated. What truly happened to each notice is kept beside it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.fake_sites.editable import LoopbackSite
from tests.hostile.answers import BLOCKED

HTML = {"Content-Type": "text/html; charset=utf-8"}
_SUBJECTS = (
    "燃气安全", "校车管理", "河道采砂", "义务教育招生", "医疗保障", "养老服务", "道路运输", "食品摊贩", "土地征收", "危房改造",
    "排污许可", "价格补贴", "防汛抗旱", "森林防火", "档案管理", "农机购置", "人才引进", "招标投标", "物业服务", "公共停车",
)  # fmt: skip
_KINDS = ("通知", "通告", "公告", "实施意见", "管理办法", "工作方案")
_SENTENCES = (
    "各单位应当建立健全{s}工作机制，明确责任人员，于{m}月{d}日前报送落实情况。", "违反本规定的，处以{a}元以上{b}元以下罚款。",
    "申请{s}补助的，应当提交身份证明、场所证明和{s}制度文本。", "{s}专项资金{a}万元，其中市级承担百分之{d}。",
    "本市{s}实行属地管理，由主管部门牵头组织实施。", "鼓励社会力量参与{s}，对成绩突出的给予表彰。",
)  # fmt: skip


@dataclass(slots=True)
class Notice:
    """One notice, and what happened to it."""

    number: int
    day: int
    title: str
    path: str
    text: list[str]
    listed: bool = True
    up: bool = True
    shown: bool = False  # its row was served in a list
    happened: list[str] = field(default_factory=list)

    @property
    def date(self) -> str:
        return f"2027-{3 + self.day // 28:02d}-{self.day % 28 + 1:02d}"

    @property
    def stands(self) -> str:
        return "present" if self.up and self.listed else "unlisted" if self.up else "removed"


class LivingSite(LoopbackSite):
    """The site. ``live`` does a day's work; the server answers as the day left it."""

    def __init__(self, seed: int, count: int, *, per_page: int = 10) -> None:
        # How often pages are asked for varies.
        self.rng, self.noise = (random.Random(seed), random.Random(-seed))
        self.notices: list[Notice] = []
        self.day, self.frame, self.trouble, self.cut, self.per_page = 0, 0, "", 1, per_page
        for _ in range(count):
            self._publish()
        super().__init__(0, per_page=per_page)

    def live(self) -> list[str]:
        """One day: what was done, in words."""
        self.day += 1
        self.quiet()
        done = [f"published {self._publish('added').number}" for _ in range(self.rng.choice((0, 0, 1, 2)))]
        for notice in self.rng.sample(self._listed(), self.rng.choice((0, 0, 1, 2))):
            self._edit(notice)
            done.append(f"edited {notice.number}")
        for share, act in (
            (0.3, self._take_down),
            (0.15, self._unlist),
            (0.2, self._move),
            (0.15, self._return),
        ):
            if self.rng.random() < share and (notice := act()) is not None:
                done.append(f"{notice.happened[-1]} {notice.number}")
        if self.rng.random() < 0.12:
            self.frame = (self.frame + 1) % 3
            done.append("redesigned")
        if self.rng.random() < 0.4:
            for notice in self.rng.sample([n for n in self.notices if n.up], 3):
                name, _, status, headers, body = self.rng.choice(BLOCKED)
                target = {"Location": notice.path} if headers.get("Location") == "" else {}
                self.answers[notice.path] = (status, {**headers, **target}, body)
                done.append(f"{name} at {notice.number}")
        if self.rng.random() < 0.25:
            self.trouble, self.cut = (
                self.rng.choice(("dead", "wall", "repair", "half")),
                self.rng.randint(1, 2),
            )
            done.append(self.trouble)
        return done

    def quiet(self) -> None:
        """All answers are those of a sound site."""
        self.trouble, self.answers = "", {}

    def publish_beyond_full_pages(self) -> None:
        """Notices until the last page of the list is not full: one that is may be the end of a list of newest rows only."""
        while len(self._listed()) % self.per_page == 0:
            self._publish("added")

    # -- what an office does -----------------------------------------------------------------------------------------

    def _publish(self, *happened: str) -> Notice:
        number, rng = len(self.notices), self.rng
        subject = _SUBJECTS[number % len(_SUBJECTS)]
        batch = f"（第{number}批）" if number >= len(_SUBJECTS) else ""
        notice = Notice(
            number, self.day, f"临江市人民政府办公室关于{subject}{batch}的{rng.choice(_KINDS)}",
            f"/zw/202703/t202703{number % 28 + 1:02d}_{number}.html",
            [self._paragraph(subject) for _ in range(rng.randint(2, 8))], happened=list(happened),
        )  # fmt: skip
        self.notices.append(notice)
        return notice

    def _paragraph(self, subject: str) -> str:
        rng = self.rng
        return "".join(
            rng.choice(_SENTENCES).format(
                s=subject, m=rng.randint(1, 12), d=rng.randint(1, 28), a=rng.randint(1, 900), b=rng.randint(1000, 9000)
            )
            for _ in range(rng.randint(1, 4))
        )  # fmt: skip

    def _listed(self) -> list[Notice]:
        return [notice for notice in self.notices if notice.up and notice.listed]

    def _edit(self, notice: Notice) -> None:
        notice.happened.append("edited")
        place, how = (
            self.rng.randrange(len(notice.text)),
            self.rng.choice(("replace", "add", "drop", "figure")),
        )
        if how == "replace":
            notice.text[place] = (
                self._paragraph(_SUBJECTS[notice.number % len(_SUBJECTS)]) + "此前规定与此不符的，以此为准。"
            )
        elif how == "add":
            notice.text.insert(place, f"此项经费{self.rng.randint(10_000, 99_999)}元。")
        elif how == "drop" and len(notice.text) > 2:
            del notice.text[place]
        else:
            notice.text[place] += f"数额为{self.rng.randint(10_000, 99_999)}元。"

    def _take_down(self) -> Notice:
        notice = self.rng.choice(self._listed())
        notice.up = notice.listed = False
        notice.happened.append("removed")
        return notice

    def _unlist(self) -> Notice:
        notice = self.rng.choice(self._listed())
        notice.listed = False
        notice.happened.append("unlisted")
        return notice

    def _move(self) -> Notice:
        notice = self.rng.choice(self._listed())
        notice.path = notice.path.replace("/zw/", "/zw/xin/")
        notice.happened.append("moved")
        return notice

    def _return(self) -> Notice | None:
        away = [notice for notice in self.notices if not notice.listed]
        if not away:
            return None
        notice = self.rng.choice(away)
        notice.up = notice.listed = True
        notice.happened.append("returned")
        return notice

    # -- what its server says ------------------------------------------------------------------------------------------

    def answer(self, path: str, per_page: int) -> tuple[int, dict[str, str], bytes]:
        if self.trouble == "dead":
            return 503, HTML, b"Service Unavailable"
        if self.trouble == "wall":
            return BLOCKED[0][2:]
        if self.trouble == "repair":
            return 200, HTML, "<title>网站维护</title>网站升级改版中，敬请期待".encode()
        if path == "/robots.txt":
            return 200, {"Content-Type": "text/plain"}, self.robots
        if path in self.answers:
            return self.answers[path]
        if path.startswith("/zw/index"):
            return self._list(path, per_page)
        found = [notice for notice in self.notices if notice.path == path and notice.up]
        return (200, HTML, self._page(found[0])) if found else (404, HTML, "<h1>页面不存在</h1>".encode())

    def _list(self, path: str, per_page: int) -> tuple[int, dict[str, str], bytes]:
        number = path.removeprefix("/zw/index").removesuffix(".html").removeprefix("_")
        page = int(number) if number else 0
        listed = sorted((n for n in self.notices if n.listed), key=lambda n: (-n.day, -n.number))
        pages = -(-len(listed) // per_page)
        if page >= pages or (self.trouble == "half" and page >= self.cut):
            return 404, HTML, b"<h1>404</h1>"
        shown = listed[page * per_page : (page + 1) * per_page]
        for notice in shown:
            notice.shown = True
        rows = "".join(
            f'<li><a href="{n.path}" title="{n.title}">{n.title[:18]}…</a><span>{n.date}</span></li>'
            for n in shown
        )
        script = f'<script>createPageHTML({pages},{page},"index","html")</script>'
        text = f"<html><head><title>政府文件-临江市</title></head><body><ul class='list'>{rows}</ul>{script}</body></html>"
        return 200, HTML, text.encode()

    def _page(self, notice: Notice) -> bytes:
        body = "".join(f"<p>　　{paragraph}</p>" for paragraph in notice.text)
        others = self.noise.sample([n for n in self.notices if n.up], 3)
        related = "".join(f'<li><a href="{n.path}">{n.title}</a></li>' for n in others)
        hits = self.noise.randint(1, 99_999)
        pairs = (
            ("索引号", f"LJ01/2027-{notice.number:05d}"), ("发布机构", "临江市人民政府办公室"), ("名称", notice.title),
            ("文号", f"临政办发〔2027〕{notice.number + 1}号"), ("发布日期", notice.date),
        )  # fmt: skip
        table = "".join(f"<tr><th>{label}：</th><td>{value}</td></tr>" for label, value in pairs)
        items = "".join(f"<li><b>{label}：</b><span>{value}</span></li>" for label, value in pairs)
        return (
            f"<html><head><title>{notice.title}-临江市人民政府</title></head><body><div class='nav'>首页 &gt; 公开</div>"
            f"<table>{table}</table><div id='zoom'>{body}</div><div class='foot'>浏览次数：{hits}</div>"
            f"<div class='related'><h3>相关链接</h3><ul>{related}</ul></div></body></html>",
            f"<html><head><meta name='ArticleTitle' content='{notice.title}'><title>{notice.title}_临江</title></head><body>"
            f"<table>{table}</table><h1>{notice.title}</h1><div class='bar'>字体：[大 中 小] 浏览次数：{hits} 打印 关闭</div>"
            f"<div class='TRS_Editor'>{body}</div><div>扫一扫在手机打开当前页</div><ul class='xg'>{related}</ul></body></html>",
            f"<html><head><title>{notice.title}</title></head><body><ul class='info'>{items}</ul><div id='UCAP-CONTENT'>{body}"
            f"</div><div class='hot'><h3>热点</h3><ul>{related}</ul></div><div class='foot'>访问量：{hits}</div></body></html>",
        )[self.frame].encode()
