"""Bytes → text: BOM, header, meta, detection, in an order that survives wrong declarations.

Bytes that are valid UTF-8 with Chinese in them are UTF-8 whatever the header says: GBK text of more than
a few characters is practically never valid UTF-8, while GBK decoders accept much UTF-8. A declared
ISO-8859-1 is a server's default, never a Chinese page's encoding. GBK and Big5 accept each other's bytes: which
it is shows in the characters (crawler.extract.characters.mojibake). A page may be put together from parts in UTF-8 and in GBK.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from urllib.parse import quote

import charset_normalizer

from archive.model import Problem, Severity
from crawler.extract.characters.mojibake import (
    COMMON_SHARE,
    common_share,
    enough_to_tell,
    has_misread_word,
    misread,
)
from crawler.extract.text import CHINESE

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKUP_BEGINS = re.compile(rb"(?:\s\x00|\x00[\s\x00])*(?:(<\x00)|\x00<)")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_\-:]+)""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_\-]+)""")
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-:]+)""", re.IGNORECASE)
_DOUBT = 0.05  # by which another reading must be better than the declared one
_RARE = 0.2  # share of common characters in a list of fish, read in the character set that its page declares
_TOLERATED = 20  # undecodable places in an otherwise sound page: a meta description cut in mid-character


_EURO = "gongkai-euro"
_BEYOND_ASCII = re.compile("[\x80-\U0010ffff]+")
# What Python has under such names: charset=undefined comes from a script's template
_OF_NO_PAGE = frozenset({
    "undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "mbcs", "oem", "palmos",
})  # fmt: skip
_TAGS = re.compile(rb"(<[^<>]*>)")
_SURELY_UTF8 = 4  # ideographs of a part that are valid UTF-8; four in GBK never are
_OF_IDEOGRAPHS = frozenset(
    {"gb18030", "big5", "big5hkscs", "cp950", "euc_kr", "cp949", "shift_jis", "cp932", "euc_jp"}
)
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
        found = codecs.lookup(lowered).name
    except LookupError:
        return None
    return None if found in _OF_NO_PAGE else found


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


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding, errors=_EURO if encoding == "gb18030" else "strict")
    except (UnicodeDecodeError, LookupError):
        return None


def _as_euro(error: UnicodeError) -> tuple[str, int]:
    """80 is € in GBK as Windows writes it (WHATWG Encoding Standard, gb18030 decoder)."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


codecs.register_error(_EURO, _as_euro)


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
    if text is not None and (body.isascii() or CHINESE.search(text) or not _chinese_otherwise(body)):
        return _guard(text, "utf-8")  # valid UTF-8 that reads misdecoded was encoded twice by the site
    if (read := _of_two(body)) is not None:
        return read
    best: tuple[float, str, str] | None = None
    for name in dict.fromkeys([*declared, "gb18030", "big5"]):
        text = _strict(body, name) if name != "utf-8" else None
        if text is None or misread(text, rare=True):
            continue
        if name == "big5" and best is not None and name not in declared and not enough_to_tell(text):
            continue
        share = common_share(text, letters_of_other_scripts=name not in _OF_IDEOGRAPHS)
        if best is None or share > best[0] + _DOUBT:
            best = share, name, text
    if best is not None and (best[0] >= COMMON_SHARE or (best[1] in declared and best[0] > _RARE)):
        return Decoded(best[2], best[1])
    return _last_resort(body, declared)


def _of_two(body: bytes) -> Decoded | None:
    """A page with parts in UTF-8 and parts in GBK, as servers that put in a foot or a title from elsewhere send it.

    Tags and what stands between them are decoded by themselves. What is not valid UTF-8 is GBK where it is enough text to
    tell; None where that leaves too much, or where a page has no such parts.
    """
    pieces = _TAGS.split(body)
    sound = [None if piece.isascii() else _as_utf8(piece) for piece in pieces]
    if not any(text and len(CHINESE.findall(text)) >= _SURELY_UTF8 for text in sound):
        return None
    found: list[str] = []
    index, other = 0, 0
    while index < len(pieces):
        last = _last_broken(pieces, sound, index)
        if last < index:
            found.append(sound[index] or pieces[index].decode("ascii"))
            index += 1
            continue
        region = b"".join(pieces[index : last + 1])
        text = _strict(region, "gb18030")
        if text is None or not _is_sound(text):
            text = region.decode("utf-8", errors="replace")
        else:
            other += 1
        found.append(text)
        index = last + 1
    text = "".join(found)
    if not other or text.count("\ufffd") > _TOLERATED or misread(text):
        return None
    note = f"{other} parts of the page are in GBK, the others in UTF-8"
    return Decoded(text, "utf-8", (_problem("two_character_sets", note, Severity.INFO),))


def _is_sound(text: str) -> bool:
    """Whether a part of a page read as GBK is enough to tell, and holds nothing in UTF-8."""
    return (
        enough_to_tell(text)
        and common_share(text) >= COMMON_SHARE
        and not misread(text)
        and not has_misread_word(text)
    )


def _as_utf8(piece: bytes) -> str | None:
    text = _strict(piece, "utf-8")
    return text if text is not None and (CHINESE.search(text) or not _chinese_otherwise(piece)) else None


def _last_broken(pieces: list[bytes], sound: list[str | None], first: int) -> int:
    """The last of the pieces from ``first`` on that are not UTF-8, with nothing but ASCII between them."""
    last = first - 1
    for index in range(first, len(pieces)):
        if sound[index] is not None:
            break
        if not pieces[index].isascii():
            last = index
        elif last < first:
            break
    return last


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
    return text is not None and bool(CHINESE.search(text)) and common_share(text) == 1.0


def _guard(text: str, encoding: str) -> Decoded:
    wide = encoding.startswith(("utf-16", "utf-32"))  # accepts any bytes
    if misread(text, rare=not wide):
        return Decoded(
            text, None, (_problem("mojibake", f"decoded as {encoding}, the text reads misdecoded"),)
        )
    return Decoded(text, encoding)


def _last_resort(body: bytes, declared: list[str]) -> Decoded:
    best: tuple[int, str, str] | None = None
    for name in dict.fromkeys([*declared, "utf-8", "gb18030"]):
        text = body.decode(name, errors="replace")
        broken = text.count("\ufffd")
        known = common_share(text.replace("\ufffd", ""), letters_of_other_scripts=name not in _OF_IDEOGRAPHS)
        sound = not misread(text, rare=True) and known >= COMMON_SHARE
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
            and len(CHINESE.findall(text_or_none)) > 20
            and common_share(text_or_none) >= COMMON_SHARE
        ):
            return Decoded(text_or_none, guess.encoding)
    tried = ", ".join(dict.fromkeys([*declared, "utf-8", "gb18030"]))
    shown = best[2] if best else body.decode("utf-8", errors="replace")
    return Decoded(
        shown,
        None,
        (_problem("mojibake", f"no character set fits (tried {tried}); bytes kept, text not used"),),
    )
