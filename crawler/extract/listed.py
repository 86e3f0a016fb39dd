"""Lists of documents under words that say what becomes of them: 决定废止下列文件：, 附件2 废止的规范性文件目录.

The words stand once, in front of the list or as an annex's heading; the rows name titles and numbers only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from archive.model import Relation

_LEAD = re.compile(
    r"(?:(?:废止|宣布失效|停止执行)(?:以下|下列|如下)?[^，。；]{0,24}"
    r"|(?:以下|下列)[^，。；]{0,24}(?:予以|宣布|同时|决定)?(?:废止|失效|停止执行))\s*[:：]$"
)
_HEADING = re.compile(r"^[^，。；：]{2,40}(?:目录|清单|一览表|名单)(?:[（(][^（）()]{1,12}[）)])?$")
_ENDS_THEM = re.compile(r"废止|失效|停止执行")
_KEEPS_THEM = re.compile(r"保留|继续有效|修改|修订|现行有效|拟")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十\d]{1,4}[）)]|\d{1,3}\s*[.、．\t])"
)
_NAMES = re.compile(r"[《〔\t]|^(?:关于|附件\s*\d*$)")


def ruled(text: str) -> Callable[[int], Relation | None]:
    """A question for a place in the text: what the list in which it stands says of its rows; None outside of such a list."""
    if not _ENDS_THEM.search(text):
        return lambda _: None
    starts: list[int] = []
    relations: list[Relation | None] = []
    at, current = 0, None
    for line in text.split("\n"):
        told = current
        if _HEADING.match(line):
            current = Relation.REPEALS if _ENDS_THEM.search(line) and not _KEEPS_THEM.search(line) else None
            told = None
        elif _LEAD.search(line):
            told, current = None, Relation.REPEALS
        elif current is not None and not (
            _NUMBERED.match(line) or ("。" not in line and _NAMES.search(line))
        ):
            told = current = None
        starts.append(at)
        relations.append(told)
        at += len(line) + 1
    return lambda place: relations[bisect_right(starts, place) - 1]
