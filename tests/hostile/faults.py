"""What sites do for a day that is no office's work: walls, lists of last week, pages of other bytes that say the same.

Each is made of the answer of a sound site. Written for the tests, in real shapes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.hostile.answers import BLOCKED, HTML, Answer

Sound = tuple[int, dict[str, str], bytes]
Fault = Callable[[str, Sound], Sound]  # path, what a sound site answers there → what comes
Which = Callable[[str], bool]

_YUN = "<title>知道创宇云防御</title><h1>您的请求存在异常，已被创宇盾拦截</h1><p>拦截时间：2027-03-05 事件ID：38f1</p>"
_STRANGE = (
    f"<title>临江概况</title><h1>魅力临江</h1><div><p>{'青山绿水，宜居宜业，临江欢迎您。' * 20}</p></div>"
)
_DATABASE = "<title>临江市人民政府</title><h1>公告</h1><p>因机房供电线路检修，本站数据库暂停服务，预计明日恢复，请稍后再来。</p>"


def is_list(path: str) -> bool:
    return path.startswith("/zw/index")


def is_page(path: str) -> bool:
    return path.startswith("/zw/") and not is_list(path)


def part(of: int, which: int) -> Which:
    """Every so-manieth page."""
    return lambda path: is_page(path) and sum(path.encode()) % of == which


def instead(answer: Sound, which: Which) -> Fault:
    return lambda path, sound: answer if which(path) else sound


def html(text: str) -> Sound:
    return 200, HTML, f"<html>{text}</html>".encode()


def written(change: Callable[[str], str], which: Which) -> Fault:
    """The same page, written otherwise."""

    def fault(path: str, sound: Sound) -> Sound:
        status, headers, body = sound
        return (
            (status, headers, change(body.decode(errors="replace")).encode())
            if status == 200 and which(path)
            else sound
        )

    return fault


def in_gbk(declared: str) -> Fault:
    def fault(path: str, sound: Sound) -> Sound:
        if sound[0] != 200 or not (is_page(path) or is_list(path)):
            return sound
        text = sound[2].decode(errors="replace").replace("<head>", "<head><meta charset='gbk'>")
        return 200, {"Content-Type": f"text/html{declared}"}, text.encode("gb18030")

    return fault


def cut(share: float, which: Which) -> Fault:
    return lambda path, sound: (*sound[:2], sound[2][: int(len(sound[2]) * share)]) if which(path) else sound


def shuffled(rng: random.Random) -> Fault:
    def change(text: str) -> str:
        rows = re.findall(r"<li>.*?</li>", text)
        begin, _, end = text.partition("".join(rows))
        rng.shuffle(rows)
        return begin + "".join(rows) + end

    return written(change, is_list)


def cached(lists: dict[str, Sound]) -> Fault:
    """Lists as they were some days ago."""
    return lists.get


def _of_wall(answer: Answer, which: Which) -> Fault:
    _, _, status, headers, body = answer
    return instead((status, headers, body), which)


def faults(rng: random.Random, lists: dict[str, Sound]) -> dict[str, Fault]:
    """One of each kind, with numbers drawn anew; ``lists``: answers of some days ago, by path."""
    of = rng.choice((2, 3, 5))
    some, every = part(of, rng.randrange(of)), lambda path: is_page(path) or is_list(path)
    before_end, top = "</body>", "<body>"
    day = rng.randint(1, 28)
    walls = {answer[0]: answer for answer in BLOCKED if not {"Location", "Content-Length"} & set(answer[3])}
    wall = rng.choice(sorted(walls))
    return {
        f"{wall} everywhere": _of_wall(walls[wall], every),
        f"{wall} at some": _of_wall(walls[wall], some),
        "创宇盾": instead(html(_YUN), some),
        "all lead home": instead((302, {**HTML, "Location": "/"}, b""), is_page),
        "no page is there": instead((404, HTML, b"<h1>404</h1>"), is_page),
        "no list is there": instead((502, HTML, b"Bad Gateway"), is_list),
        "another page everywhere": instead(html(_STRANGE), is_page),
        "another page at some": instead(html(_STRANGE), some),
        "a database that is away": instead(html(_DATABASE), some),
        "the first page alone": instead((404, HTML, b"<h1>404</h1>"), lambda p: is_list(p) and "_" in p),
        "a list of some days ago": cached(lists),
        "another order": shuffled(rng),
        "gbk": in_gbk("; charset=gbk"),
        "gbk that only the page tells": in_gbk(""),
        "utf-8 that is called gbk": lambda p, s: (s[0], {"Content-Type": "text/html; charset=gbk"}, s[2]) if is_page(p) else s,
        "mourning": written(lambda t: t.replace("<head>", "<head><style>html{filter:grayscale(1)}</style>"), every),
        "a banner": written(lambda t: t.replace(top, f"{top}<div class='gq'><p>欢度国庆</p><img src='/gq.png'></div>"), every),
        "a notice that pops up": written(
            lambda t: t.replace(before_end, f"<div class='popup'><h3>温馨提示</h3><p>本站将于{day}日检修。</p><a>关闭</a></div></body>"),
            is_page,
        ),
        "a clock": written(lambda t: t.replace(before_end, f"<div>今天是2027年3月{day}日 星期一 10:{day:02d}</div></body>"), every),
        "pages cut in the middle": cut(0.6, some),
    }  # fmt: skip
