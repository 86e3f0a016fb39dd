"""Bytes → text: BOM, header, meta, detection, in an order that survives wrong declarations.

Bytes that are valid UTF-8 with Chinese in them are UTF-8 whatever the header says: GBK text of more than
a few characters is practically never valid UTF-8, while GBK decoders accept much UTF-8. A declared
ISO-8859-1 is a server's default, never a Chinese page's encoding. GBK and Big5 accept each other's bytes: which
it is shows in the characters. Nearly all of a Chinese text are among the common ones of GB 2312 or Big5, of a
text read wrongly a third to a half.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote

import charset_normalizer

from archive.model import Problem, Severity

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKUP_BEGINS = re.compile(rb"(?:[\s\x00]\x00|\x00[\s\x00])*(?:(<\x00)|\x00<)")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_\-:]+)""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_\-]+)""")
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-:]+)""", re.IGNORECASE)
_CJK = re.compile("[\u4e00-\u9fff]")
_CJK_RUN = re.compile("[\u4e00-\u9fff]+")
# 的 了 一 。 ， … as UTF-8 bytes read by a GBK decoder, and the two great classics of double decoding.
_MISREAD = re.compile("锟斤拷|烫烫烫|屯屯屯|锘縭?|鐨勩|锛屽|銆傚|銆佸|鐨勬|鍏竷|鏀垮簻|涓浗|鍏紑")
# Runs of Latin-1 letters and signs are Chinese bytes; in Latin languages such letters stand alone between others.
_LATIN_RUN = re.compile(
    "[\u0080-\u00ff\u0152-\u0153\u0160-\u0161\u0178\u017d-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{4,}"
)
_LATIN_LETTER = re.compile("[\u00a1-\u00ff]")
_MISREAD_MARKS = "锟烫屯锘鐨锛銆鍏鏀涓"  # one of these is in every match of _MISREAD
_LATIN_MARKS = "ÃäåæçèéÖÐÄÊ¡£µ¹Ó"
_NOT_LETTERS = re.compile(r"[\x00-\x7f\u3000-\u303f\uff00-\uffef\u2000-\u206f\u00a0-\u00bf]+")
_SAMPLE = 4000  # letters beyond ASCII that are looked at
_COMMON_SHARE = 0.7  # of them that are common characters, where there are enough to tell
_ENOUGH_TO_TELL = 8
_STRIDE_SAMPLE = 1500  # characters of a text, evenly taken, that are looked at first
_SURE = 20
_MISREAD_COMMON_SURE = 0.72
_MISREAD_COMMON = 0.6  # UTF-8 read as GBK has 0.3, at most 0.5 of 30 characters; Chinese text 0.95 and more
_MISREAD_SHARE = 0.002  # of characters; a page about character sets may hold one 锟斤拷
_TOLERATED = 20  # undecodable places in an otherwise sound page: a meta description cut in mid-character


_BEYOND_ASCII = re.compile("[\x80-\U0010ffff]+")
_QUERY = re.compile(
    r"""(\b(?:href|src|action)\s*=\s*(?:"[^"<>?]{0,500}|'[^'<>?]{0,500}|[^"'\s<>?]{1,500})\?)([^"'<>\s#]{0,500}?[^\x00-\x7f][^"'<>\s#]{0,500})""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a response. ``encoding`` None: not settled, the text must not be stored (see ``problems``)."""

    text: str
    encoding: str | None
    problems: tuple[Problem, ...] = ()


def _canonical(name: str) -> str | None:
    lowered = name.strip().lower().replace("_", "-")
    if lowered in {"gb2312", "gbk", "gb18030", "gb-2312", "x-gbk", "cp936", "gb2312-80", "euc-cn"}:
        return "gb18030"
    if lowered in {"iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii", "windows-1252", "cp1252"}:
        return None
    try:
        return codecs.lookup(lowered).name
    except LookupError:
        return None


def _declared(body: bytes, content_type: str | None) -> list[str]:
    names: list[str] = []
    header = _HEADER.search(content_type or "")
    if header:
        names.append(header.group(1))
    for pattern in (_META, _XML):
        found = pattern.search(body[:4096])
        if found:
            names.append(found.group(1).decode("ascii"))
    codecs_named = [c for c in map(_canonical, names) if c and not c.startswith(("utf-16", "utf-32"))]
    return list(dict.fromkeys(codecs_named))


def misread(text: str) -> bool:
    """Whether a text reads like one decoded with the wrong character set (mojibake)."""
    step = max(1, len(text) // _STRIDE_SAMPLE)
    ideographs = "".join(_CJK_RUN.findall(text[::step]))
    if len(ideographs) >= _ENOUGH_TO_TELL:
        least = _MISREAD_COMMON if len(ideographs) < _SURE else _MISREAD_COMMON_SURE
        if _share(ideographs) < least:
            return True
    hits = len(_MISREAD.findall(text)) if any(c in text for c in _MISREAD_MARKS) else 0
    if hits > 3 and hits > _MISREAD_SHARE * len(text):
        return True
    # ， and 。 of UTF-8 become 锛 and 銆 in a GBK decoder; both are all but unknown in Chinese text.
    if (odd := text.count("锛") + text.count("銆")) > 3 and odd > text.count("，") + text.count("。"):
        return True
    if not any(c in text for c in _LATIN_MARKS):
        return False
    cjk = len(_CJK.findall(text[:200_000]))
    runs = "".join(_LATIN_RUN.findall(text[:200_000]))
    return len(_LATIN_LETTER.findall(runs)) > 8 and len(runs) > cjk


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _problem(code: str, message: str, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(code=code, message=message, severity=severity)


def decode(body: bytes, content_type: str | None) -> Decoded:
    """Text of a response body; never silently wrong.

    A text that reads misdecoded, or cannot be decoded soundly, comes back with ``encoding`` None and a
    problem ``mojibake``. A few undecodable bytes in a sound page become U+FFFD with a problem
    ``undecodable_bytes``; the caller must not store a value that holds one. What stands behind the ? of a link is
    written out in the page's own character set, as browsers send it.
    """
    found = _decoded(body, content_type)
    if found.encoding is None or found.encoding.startswith("utf"):
        return found
    return replace(found, text=_with_encoded_queries(found.text, found.encoding))


def _with_encoded_queries(text: str, encoding: str) -> str:
    """``<a href="show.asp?lm=通知">`` in GBK leads to show.asp?lm=%CD%A8%D6%AA (WHATWG URL Standard, query state)."""

    def encoded(link: re.Match[str]) -> str:
        return link[1] + _BEYOND_ASCII.sub(
            lambda m: quote(m[0].encode(encoding, "xmlcharrefreplace"), safe=""), link[2]
        )

    return _QUERY.sub(encoded, text) if "?" in text else text


def _decoded(body: bytes, content_type: str | None) -> Decoded:
    for bom, name in _BOMS:
        if body.startswith(bom):
            text = _strict(body, "utf-8-sig" if name == "utf-8" else name)
            if text is not None:
                return _guard(text, name)
            body = body[len(bom) :] if name == "utf-8" else body
            break
    wide = _unmarked_utf16(body)
    if wide is not None:
        return wide
    declared = _declared(body, content_type)
    text = _strict(body, "utf-8")
    if text is not None and (body.isascii() or _CJK.search(text) or not _chinese_otherwise(body)):
        return _guard(text, "utf-8")  # valid UTF-8 that reads misdecoded was encoded twice by the site
    best: tuple[float, str, str] | None = None
    for name in dict.fromkeys([*declared, "gb18030", "big5"]):
        text = _strict(body, name) if name != "utf-8" else None
        if text is not None and not misread(text):
            share = common_share(text)
            if best is None or share > best[0]:
                best = share, name, text
    if best is not None and best[0] >= _COMMON_SHARE:
        return Decoded(best[2], best[1])
    return _last_resort(body, declared)


def _unmarked_utf16(body: bytes) -> Decoded | None:
    """UTF-16 without a byte order mark: every other byte of the markup at the page's head is NUL."""
    head = body[:256]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) < 16 or max(even, odd) * 2 < len(head) // 2:
        return None
    first = _MARKUP_BEGINS.match(head)  # 一 is U+4E00: its zeros stand where those of the markup do not
    name = "utf-16-le" if (odd > even if first is None else first[1]) else "utf-16-be"
    text = _strict(body, name)
    return _guard(text, name) if text is not None else None


def _chinese_otherwise(body: bytes) -> bool:
    """Whether bytes that happen to be valid UTF-8 without Chinese are Chinese in GBK (联通 is one such)."""
    text = _strict(body, "gb18030")
    return text is not None and bool(_CJK.search(text)) and common_share(text) == 1.0


def common_share(text: str) -> float:
    """Share of common Chinese characters among a text's letters beyond ASCII; 1.0 where there are too few to tell."""
    letters = _NOT_LETTERS.sub("", text[: _SAMPLE * 20])[:_SAMPLE]
    if not letters:
        return 1.0
    share = _share(letters)
    return share if len(letters) >= _ENOUGH_TO_TELL else max(share, _COMMON_SHARE)


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


def _guard(text: str, encoding: str) -> Decoded:
    if misread(text):
        return Decoded(
            text, None, (_problem("mojibake", f"decoded as {encoding}, the text reads misdecoded"),)
        )
    return Decoded(text, encoding)


def _last_resort(body: bytes, declared: list[str]) -> Decoded:
    best: tuple[int, str, str] | None = None
    for name in dict.fromkeys([*declared, "utf-8", "gb18030"]):
        text = body.decode(name, errors="replace")
        broken = text.count("\ufffd")
        sound = not misread(text) and common_share(text.replace("\ufffd", "")) >= _COMMON_SHARE
        if sound and (best is None or broken < best[0]):
            best = (broken, name, text)
    if best and best[0] <= _TOLERATED and best[0] * 200 <= len(best[2]):
        note = f"{best[0]} places are not valid {best[1]}"
        return Decoded(best[2], best[1], (_problem("undecodable_bytes", note, Severity.INFO),))
    guess = charset_normalizer.from_bytes(body[:100_000]).best()
    if guess is not None:
        text_or_none = _strict(body, guess.encoding)
        if (
            text_or_none is not None
            and not misread(text_or_none)
            and len(_CJK.findall(text_or_none)) > 20
            and common_share(text_or_none) >= _COMMON_SHARE
        ):
            return Decoded(text_or_none, guess.encoding)
    tried = ", ".join(dict.fromkeys([*declared, "utf-8", "gb18030"]))
    shown = best[2] if best else body.decode("utf-8", errors="replace")
    return Decoded(
        shown,
        None,
        (_problem("mojibake", f"no character set fits (tried {tried}); bytes kept, text not used"),),
    )
