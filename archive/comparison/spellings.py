"""Ways to write the same: what a cosmetic difference is, and by which name. Pure functions."""

from __future__ import annotations

import html
import re
import unicodedata

from archive.comparison.values import HAN_DIGIT

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u00ad]")
# Most texts are of these alone, of which without_space() takes none away.
_UNSPACED = re.compile("[\u3001-\ufdff!-~\u2010-\u2027\uff00-\uffef]*+")
_SPACE_BETWEEN_FIGURES = re.compile(r"(?<=\d)\s+(?=\d)")
_EMPTY_CELLS = re.compile(r"\t(?:[^\S\n\t]*\t)+")
# "&nbsp;" that a person or a script broke: &amp;bsp; (gov.cn content_5351598)
_BROKEN_ENTITY = re.compile(r"&(?:amp;)*bsp;?", re.IGNORECASE)
# Compatibility forms that say what their plain characters say: ligatures and radicals of printed files, ㎡, Ⅲ, ℃.
_COMPATIBLE = re.compile("[\u2100-\u214f\u2160-\u217f\u2f00-\u2fd5\u3300-\u33ff\uf900-\ufaff\ufb00-\ufb06]")
_RADICALS = str.maketrans(
    "⻚⻋⻓⻔⻅⻉⻛⻜⻢⻥⻦⻩⻬⻰⻄⻆⻘⻣⻤⻝⺠⺟", "页车长门见贝风飞马鱼鸟黄齐龙西角青骨鬼食民母"
)
_SQUARE_METRES = re.compile("(?<=m)[²³]")
_ZERO_IN_WORDS = re.compile(
    rf"(?<=[{HAN_DIGIT}])[○◯OＯo0](?![0-9A-Za-z])|(?<![0-9A-Za-z])[○◯OＯo0](?=[{HAN_DIGIT}])"
)
_DASHES = re.compile("[-－–—―−‐‑‒─]+")
_RANGE = re.compile(r"(?<=[\d%％℃])[~～〜](?=\d)")
_MEANING_MARKS = "%‰-–—/&@#_*′″\\"  # signs that are more than marks: 元/吨, zhang_san@, 张**, 20″
# Between figures and letters a mark keeps apart what it stands between: 1.5 is not 15, 第1、2项 is not 第12项.
_KEPT_APART = r"[^\w\s%‰–—－“”‘’\"'「」『』《》〈〉()〔〕【】\[\]-]+"
_SEPARATING = re.compile(rf"(?<=[0-9A-Za-z]){_KEPT_APART}(?=[0-9A-Za-z])")
_SEPARATING_WORDS = re.compile(rf"(?<=[{HAN_DIGIT}十百千万亿]){_KEPT_APART}(?=[{HAN_DIGIT}十])")


def cosmetic_reason(old: str, new: str) -> str | None:
    """The cosmetic reason that explains the whole difference, or None when something substantive is left."""
    if without_space(old) == without_space(new):
        return "whitespace"
    for code, fold in (
        ("entity_typo", _without_entities),
        ("character_width", _folded_width),
        ("character_variant", _folded_variants),
        ("punctuation", _without_marks),
    ):
        old, new = fold(old), fold(new)  # each takes what the one before it left
        if old == new:
            return code
    return None


def without_space(text: str) -> str:
    """Text without white space and invisible characters, but for what they keep apart.

    10 000 is not 10000, but 第 10 条 is 第10条; a value behind an empty cell stands in another column.
    """
    if _UNSPACED.fullmatch(text) is not None:
        return text
    text = _INVISIBLE.sub("", text)
    text = _EMPTY_CELLS.sub(lambda m: "\x03" * (m.group().count("\t") - 1), text)
    text = _SPACE_BETWEEN_FIGURES.sub("\x00", text)
    return "".join(text.split())


def _without_entities(text: str) -> str:
    text = _BROKEN_ENTITY.sub(" ", text)
    for _ in range(3):  # &amp;amp;lt; was escaped three times
        if "&" not in text:
            break
        text = html.unescape(text)
    return without_space(text)


def _folded_width(text: str) -> str:
    # Superscripts and circled figures carry meaning that NFKC would merge: 10² → 102, ① → 1.
    return "".join(
        unicodedata.normalize("NFKC", c) if unicodedata.east_asian_width(c) in "FH" else c for c in text
    )


def _folded_variants(text: str) -> str:
    text = _COMPATIBLE.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text.translate(_RADICALS))
    text = _SQUARE_METRES.sub(lambda m: "2" if m.group() == "²" else "3", text)
    return _ZERO_IN_WORDS.sub("〇", text)


def _without_marks(text: str) -> str:
    """Text with every mark replaced by its class: variants of one mark are equal, a lost decimal point is not."""
    text = _DASHES.sub("-", _RANGE.sub("-", text))
    text = _SEPARATING.sub(lambda m: "\x01" if any(c in ".．。" for c in m.group()) else "\x02", text)
    text = _SEPARATING_WORDS.sub("\x02", text)
    return "".join(
        "" if unicodedata.category(c).startswith("P") and c not in _MEANING_MARKS else c for c in text
    )
