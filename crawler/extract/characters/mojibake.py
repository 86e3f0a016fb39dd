"""Whether a text reads like one decoded with the wrong character set. Pure.

It shows in the characters: nearly all of a Chinese text are among the common ones of GB 2312 or Big5, of a text read
wrongly a third to a half. Lists of names, fish and pesticides hold as few. A text read wrongly can be told from them:
written back in the wrong character set and read in the right one, it is common Chinese.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.extract.text import CHINESE

_CJK_RUN = re.compile("[\u4e00-\u9fff]+")
# 的 了 一 。 ， … as UTF-8 bytes read by a GBK decoder, and the two great classics of double decoding.
_MISREAD = re.compile("锟斤拷|烫烫烫|屯屯屯|锘縭?|鐨勩|锛屽|銆傚|銆佸|鐨勬|鍏竷|鏀垮簻|涓浗|鍏紑")
# Runs of Latin-1 letters and signs are Chinese bytes; in Latin languages such letters stand alone between others.
_LATIN_RUN = re.compile(
    "[\u0080-\u00ff\u0152-\u0153\u0160-\u0161\u0178\u017d-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{4,}"
)
_LATIN_LETTER = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]")
_KINDS, _SEVERAL = 4, 8  # different characters of such a run, and characters of them that are no accident
_MISREAD_MARKS = "锟烫屯锘鐨锛銆鍏鏀涓"  # one of these is in every match of _MISREAD, and in what is odd
_LATIN_MARKS = "ÃäåæçèéÖÐÄÊ¡£µ¹Ó"
# What stands between ideographs in any Chinese text, and the letters that GBK and its kin have beside them: ①, √, ─, か, é.
_SIGNS = "\x00-\x7f\u3000-\u303f\uff00-\uffef\u2000-\u2bff\u00a0-\u00bf"
_NOT_LETTERS = re.compile(f"[{_SIGNS}]+")
_NOT_IDEOGRAPHS = re.compile(
    f"[{_SIGNS}\u00c0-\u024f\u0370-\u052f\u1100-\u11ff\u3040-\u318f\u3200-\u33ff\uac00-\ud7a3]+"
)
_SAMPLE = 4000  # letters beyond ASCII that are looked at
COMMON_SHARE = 0.7  # of them that are common characters, where there are enough to tell
ENOUGH_TO_TELL = 8
_STRIDE_SAMPLE = 1500  # characters of a text, evenly taken, that are looked at first
_SURE = 20
_MISREAD_COMMON_SURE = 0.72
_MISREAD_COMMON = 0.6  # UTF-8 read as GBK has 0.3, at most 0.5 of 30 characters; Chinese text 0.95 and more
_MISREAD_SHARE = 0.002  # of characters; a page about character sets may hold one 锟斤拷
# Two characters of UTF-8, which are three of GBK: in other text all but never, and those three are not common ones
_UTF8_WORD = re.compile(
    rb"((?:(?:[\xe4-\xe9][\x80-\xbf]|\xe3\x80|\xef\xbc)[\x80-\xbf]){2,})(?:[\xe4-\xe9][\x80-\xbf])?"
)
_UTF8_SIGN = re.compile(rb"\xe3\x80[\x80-\xbf]|\xef\xbc[\x81-\xaf]")  # 、 ， and their like
_LONGEST_WORD = 40  # characters of a word that are looked at
# What a text is that was read in a wrong character set: (read as, was, bytes of a character in it, share of the bytes that
# must read as Chinese when they are written back: of other text in UTF-8 a tenth does)
_WRONGLY = (("gb18030", "utf-8", 3, 0.3), ("big5", "gb18030", 2, 0.5), ("big5", "utf-8", 3, 0.3))
_BETTER = 0.15  # by which the share of common characters must grow


def misread(text: str, *, rare: bool = False) -> bool:
    """Whether a text reads like one decoded with the wrong character set (mojibake).

    ``rare``: uncommon characters are none by themselves; they must be common ones when they are written back.
    """
    step = max(1, len(text) // _STRIDE_SAMPLE)
    ideographs = "".join(_CJK_RUN.findall(text[::step]))
    if len(ideographs) >= ENOUGH_TO_TELL:
        least = _MISREAD_COMMON if len(ideographs) < _SURE else _MISREAD_COMMON_SURE
        if _share(ideographs) < least and not (rare and not _reads_back("".join(_CJK_RUN.findall(text)))):
            return True
    if any(c in text for c in _MISREAD_MARKS):
        hits = len(_MISREAD.findall(text))
        if hits > 3 and hits > _MISREAD_SHARE * len(text):
            return True
        # ， and 。 of UTF-8 become 锛 and 銆 in a GBK decoder; both are all but unknown in Chinese text.
        if (odd := text.count("锛") + text.count("銆")) > 3 and odd > text.count("，") + text.count("。"):
            return True
    runs = _latin_words(text[:200_000])
    return len(runs) > _SEVERAL and len(runs) > len(CHINESE.findall(text[:200_000]))


def has_misread_word(text: str) -> bool:
    """Whether words of a text are in UTF-8 and were read as GBK (鏁欒偛灞€ is 教育局), or in either and were read as Latin-1."""
    for found in _word_begins().finditer(text):
        # € was the single byte 80.
        run = f"{found[0]}{found[1]}".split("€")
        raw = b"\x80".join(part.encode("gb18030", errors="ignore") for part in run)
        word = _UTF8_WORD.match(raw)
        if _UTF8_SIGN.match(raw) or (word is not None and _is_misread(word[1], word[0])):
            return True
    return len(_latin_words(text)) > _SEVERAL


@lru_cache(maxsize=1)
def _word_begins() -> re.Pattern[str]:
    """What UTF-8 read as GBK begins with, and what follows: few of these characters are in common use."""
    pairs = [bytes((row, cell)) for row in range(0xE4, 0xEA) for cell in range(0x80, 0xC0) if cell != 0x7F]
    begins = "".join(pair.decode("gb18030") for pair in (*pairs, b"\xe3\x80", b"\xef\xbc"))
    return re.compile(f"[{begins}](?=([^\\x00-\\x7f]{{1,{_LONGEST_WORD}}}))")


def _latin_words(text: str) -> str:
    """Runs of Latin-1 letters and signs of several kinds, as no language has them. ×××× and °°°° are none."""
    if not any(c in text for c in _LATIN_MARKS):
        return ""
    runs = _LATIN_RUN.findall(text)
    return "".join(run for run in runs if len(set(run)) >= _KINDS and len(_LATIN_LETTER.findall(run)) >= 2)


def _is_misread(whole: bytes, shown: bytes) -> bool:
    right, wrong = whole.decode(errors="ignore"), shown.decode("gb18030", errors="ignore")
    return _share(right) > _MISREAD_COMMON > _share(wrong)


def _reads_back(ideographs: str) -> bool:
    """Whether ideographs, written back in the character set in which they may have been read, are common Chinese."""
    before = _share(ideographs)
    for wrong, right, width, least in _WRONGLY:
        raw = ideographs[:_SAMPLE].encode(wrong, errors="ignore")
        read = "".join(_CJK_RUN.findall(raw.decode(right, errors="ignore")))
        if len(read) < ENOUGH_TO_TELL // 2 or len(read) * width < len(raw) * least:
            continue
        if right == "utf-8" or _share(read) >= max(before + _BETTER, _MISREAD_COMMON):
            return True
    return False


def common_share(text: str, *, letters_of_other_scripts: bool = True) -> float:
    """Share of common Chinese characters among a text's letters beyond ASCII; 1.0 where there are too few to tell.

    Without ``letters_of_other_scripts`` those are left out that GBK and its kin have beside ideographs: kana, Greek, é.
    """
    signs = _NOT_LETTERS if letters_of_other_scripts else _NOT_IDEOGRAPHS
    letters = signs.sub("", text[: _SAMPLE * 20])[:_SAMPLE]
    if not letters:
        return 1.0
    share = _share(letters)
    return share if len(letters) >= ENOUGH_TO_TELL else max(share, COMMON_SHARE)


def enough_to_tell(text: str) -> bool:
    """Whether a text has so many letters that their share of common ones says something."""
    return len(_NOT_IDEOGRAPHS.sub("", text[: _SAMPLE * 20])) >= ENOUGH_TO_TELL


def _share(letters: str) -> float:
    uncommon = len(_common_characters().sub("", letters))
    return (len(letters) - uncommon) / len(letters)


@lru_cache(maxsize=1)
def _common_characters() -> re.Pattern[str]:
    """Runs of characters of the first planes of GB 2312 and Big5, which hold those in common use."""
    found: list[str] = []
    for codec, rows, cells in (
        ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
        ("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
    ):
        found.extend(bytes((row, cell)).decode(codec, errors="ignore") for row in rows for cell in cells)
    characters = sorted(c for c in set("".join(found)) if c > "\x7f")
    return re.compile(f"[{''.join(characters)}]+")
