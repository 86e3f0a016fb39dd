"""Bytes → text: BOM, header, meta, detection, in an order that survives wrong declarations.

Bytes that are valid UTF-8 with Chinese in them are UTF-8 whatever the header says: GBK text of more than
a few characters is practically never valid UTF-8, while GBK decoders accept much UTF-8. A declared
ISO-8859-1 is a server's default, never a Chinese page's encoding.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import charset_normalizer

from archive.model import Problem, Severity

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_\-:]+)""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_\-]+)""")
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-:]+)""", re.IGNORECASE)
_CJK = re.compile("[\u4e00-\u9fff]")
# 的 了 一 。 ， … as UTF-8 bytes read by a GBK decoder, and the two great classics of double decoding.
_MISREAD = re.compile("锟斤拷|烫烫烫|屯屯屯|锘縭?|鐨勩|锛屽|銆傚|銆佸|鐨勬|鍏竷|鏀垮簻|涓浗|鍏紑")
_LATIN_MISREAD = re.compile(
    "[ÂÃäåæçèé][\u0080-\u00bf\u0152-\u0153\u0160-\u0161\u0178\u017d-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_GBK_AS_LATIN = re.compile("[\u00b0-\u00f7][\u00a1-\u00fe]{1}(?:[\u00b0-\u00f7][\u00a1-\u00fe]){3,}")
_MISREAD_MARKS = "锟烫屯锘鐨锛銆鍏鏀涓"  # one of these is in every match of _MISREAD
_LATIN_MARKS = "ÃäåæçèéÖÐÄÊ"
_MISREAD_SHARE = 0.002  # of characters; a page about character sets may hold one 锟斤拷
_TOLERATED = 20  # undecodable places in an otherwise sound page: a meta description cut in mid-character


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
    hits = len(_MISREAD.findall(text)) if any(c in text for c in _MISREAD_MARKS) else 0
    if hits > 3 and hits > _MISREAD_SHARE * len(text):
        return True
    # ， and 。 of UTF-8 become 锛 and 銆 in a GBK decoder; both are all but unknown in Chinese text.
    if (odd := text.count("锛") + text.count("銆")) > 3 and odd > text.count("，") + text.count("。"):
        return True
    if not any(c in text for c in _LATIN_MARKS):
        return False
    cjk = len(_CJK.findall(text[:200_000]))
    latin = len(_LATIN_MISREAD.findall(text[:200_000])) + len(_GBK_AS_LATIN.findall(text[:200_000]))
    return latin > 8 and latin > cjk


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
    ``undecodable_bytes``; the caller must not store a value that holds one.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            text = _strict(body, "utf-8-sig" if name == "utf-8" else name)
            if text is not None:
                return _guard(text, name)
            body = body[len(bom) :] if name == "utf-8" else body
            break
    declared = _declared(body, content_type)
    candidates = list(dict.fromkeys(["utf-8", *declared, "gb18030"]))
    for name in candidates:
        text = _strict(body, name)
        if text is not None and name == "utf-8":
            return _guard(text, name)  # valid UTF-8 that reads misdecoded was encoded twice by the site
        if text is not None and not misread(text):
            return Decoded(text, name)
    return _last_resort(body, declared)


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
        if not misread(text) and (best is None or broken < best[0]):
            best = (broken, name, text)
    if best and best[0] <= _TOLERATED and best[0] * 200 <= len(best[2]):
        note = f"{best[0]} places are not valid {best[1]}"
        return Decoded(best[2], best[1], (_problem("undecodable_bytes", note, Severity.INFO),))
    guess = charset_normalizer.from_bytes(body[:100_000]).best()
    if guess is not None:
        text_or_none = _strict(body, guess.encoding)
        if text_or_none is not None and not misread(text_or_none) and len(_CJK.findall(text_or_none)) > 20:
            return Decoded(text_or_none, guess.encoding)
    tried = ", ".join(dict.fromkeys([*declared, "utf-8", "gb18030"]))
    shown = best[2] if best else body.decode("utf-8", errors="replace")
    return Decoded(
        shown,
        None,
        (_problem("mojibake", f"no character set fits (tried {tried}); bytes kept, text not used"),),
    )
