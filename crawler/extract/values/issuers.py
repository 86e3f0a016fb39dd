"""Cells that name who issued a document: one office, or several that issued it together."""

from __future__ import annotations

import re

from crawler.extract.text import clean, compare_key
from crawler.extract.values.headfoot import apart, is_office, is_organisation

_SEPARATORS = re.compile(r"\s*[;；、,，|｜]\s*(?![^（()）]{0,60}[）)])")  # none of 发改委（粮食局、物价局）
_LONGEST_ISSUERS = 400  # characters of a cell that names offices without 、 between them
_SLASHES = re.compile(r"\s*[/／\\]\s*")
# 和 between two whole offices, not within a name: 住房和城乡建设局, 公安局和平分局, 黄石港区和平街道办事处
_AND = re.compile(
    r"(?<=[府会委室厅局部署院行关队心办处])\s*(?:以及|[和与及])\s*(?!平[^阴])(?!.{0,4}[分支]局$)"
)
# 临江市社会和劳动保障局
_WEAK_END = re.compile(r"(?<!委员)(?<!员)(?<!合)(?<!协)(?<!总)(?<!工)(?<!监)(?<!常)会$")
# 临江市水利局 of 临江市水利局转发省水利厅关于…的通知, not of 对临江市水利局关于…的答复
_NAMED = re.compile(
    r"(?![对就致给])(?P<by>(?:(?!关于|转发|印发|批转)[^《》“”（()）]){3,60})(?:关于|转发|印发|批转)"
)
_PLACES = tuple("省市县区州镇乡盟旗")  # 临江市关于…: who of it?
_AND_OTHERS = re.compile(r"(?<=[一-鿿])等(?:[一二三四五六七八九十\d]{1,3}个?)?(?:有关)?(?:部门|单位)?$")


def issuers(raw: str) -> tuple[str, ...]:
    """Joint issuers of a cell in order: set apart by 、 ; or, where each is an office, by white space, / or 和."""
    parts: list[str] = []
    cells = [cell for cell in _SEPARATORS.split(raw) if cell]
    for cell in cells:
        named = _AND_OTHERS.sub("", cell) if cell is cells[-1] else cell
        if offices := _offices(named):
            parts.extend(offices)
        else:  # 教育部等九部门 alone says that there are others
            parts.append(re.sub(r"(?<=[一-鿿])\s+(?=[一-鿿])", "", named if len(cells) > 1 else cell))
    return tuple(dict.fromkeys(parts))


def _offices(named: str) -> list[str]:
    """The offices that a cell names, two or more, each of them whole; else nothing."""
    if len(named) > _LONGEST_ISSUERS:
        return []
    words: list[str] = []
    for piece in _SLASHES.split(named):
        words += apart(piece.split()) or ("".join(piece.split()),)
    offices = [office for word in words for office in _joined(word)]
    return offices if len(offices) > 1 and all(is_office(o) and is_organisation(o) for o in offices) else []


def _joined(word: str) -> list[str]:
    """甲局和乙局 as two; a name with 和 in it as one."""
    for found in _AND.finditer(word):
        left, right = word[: found.start()], word[found.end() :]
        if is_office(left) and is_organisation(left) and not _WEAK_END.search(left):
            others = _joined(right)
            if all(is_office(other) and is_organisation(other) for other in others):
                return [left, *others]
    return [word]


def same_issuers(one: str, other: str) -> bool:
    """Whether each office of the shorter list is in the longer one, a longer name of it or not."""
    shorter, longer = sorted((issuers(clean(one)), issuers(clean(other))), key=len)
    keys = [_key(body) for body in longer]
    return all(any(_key(b) in k or k in _key(b) for k in keys) for b in shorter)


def _key(body: str) -> str:
    key = compare_key(body).replace("人民政府", "政府")
    return key.replace("人民代表大会常务委员会", "人大常委会")


def named_in(title: str) -> tuple[str, ...]:
    """The offices that a title begins with, as it calls them: 临江市卫健委关于…; none where anything else stands there."""
    found = _NAMED.match(title)
    named = issuers(found["by"].strip()) if found else ()
    offices = all(is_organisation(n) and is_office(n) and not n.endswith(_PLACES) for n in named)
    return named if offices else ()


def is_called(office: str, name: str) -> bool:
    """Whether one is the other, a longer name of it or a shorter one: 临江市卫健委, 临江市卫生健康委员会."""
    if same_issuers(office, name):
        return True
    shorter, longer = sorted((_key(office), _key(name)), key=len)
    rest = iter(longer)
    return all(character in rest for character in shorter)
