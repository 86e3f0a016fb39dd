"""Document numbers (发文字号) as keys: when two writings of a number mean one document. Pure."""

from __future__ import annotations

import re

_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_ORDER = re.compile(
    r"(?P<body>.*?)(?P<before>公告|通告|通报|命令|令|公示)?(?P<year>(?:19|20)\d{2}年)?第?(?P<serial>\d+|[一二三四五六七八九十百〇零○]+)号"
    r"(?P<after>公告|通告|通报|命令|令|公示)?"
)
_STATE = re.compile(r"^(?:中华人民共和国)?国务院(?=令)|^中华人民共和国")


def chinese_integer(text: str) -> int:
    """The number that 第八十号, 第二百零八号 or 第二〇八号 spell. ``text`` holds numerals only."""
    if not re.search("[十百]", text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 1
    seen = False
    for c in text:
        if c in ("百", "十"):
            total += (digit if seen else 1) * (100 if c == "百" else 10)
            seen = False
        else:
            digit, seen = _DIGITS[c], True
    return total + (digit if seen else 0)


def number_key(number: str) -> str:
    """A document number in the one form that all writings of it share.

    国务院第711号令, 中华人民共和国国务院令第711号 and 国令第711号 have one key. Numbers of the form 代字〔年〕序号号
    are expected in normal form (crawler.extract.values.numbers) and only lose white space.
    """
    text = re.sub(r"[\s（()）]+", "", number)
    if "〔" in text:
        return text
    text = text.replace("、", "")  # 财政部、税务总局公告 and 财政部 税务总局公告
    match = _ORDER.fullmatch(text)
    if match is None:
        return text
    serial = match["serial"]
    counted = int(serial) if serial.isdigit() else chinese_integer(serial)
    kind = match["before"] or match["after"] or ""
    body = _STATE.sub(lambda m: "国" if m.group().endswith("国务院") else "", match["body"] + kind)
    return f"{body}{match['year'] or ''}第{counted}号"


def same_number(one: str, other: str) -> bool:
    """Whether two numbers mean one document; the shorter may lack its 代字 (〔2031〕22号, 公告2031年第12号, 第9号)."""
    a, b = number_key(one), number_key(other)
    shorter, longer = sorted((a, b), key=len)
    if a == b:
        return True
    return longer.endswith(shorter) and ("〔" not in shorter or shorter.startswith("〔"))
