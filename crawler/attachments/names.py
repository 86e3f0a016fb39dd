"""Names of files: repaired where a server or a zip program garbled them, and safe wherever they are shown or saved."""

from __future__ import annotations

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote_to_bytes

from crawler.extract.characters.mojibake import misread

LONGEST_NAME = 200  # characters
_LONGEST_PATH = 400
_SEPARATORS = re.compile(r"[/\\]+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_PARAMETER = re.compile(
    r""";\s*(?P<name>filename\*?(?:\d+\*?)?)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^;]*))""",
    re.IGNORECASE,
)
_EXTENDED = re.compile(r"^(?P<charset>[\w.:-]*)'[^']*'(?P<value>.*)$", re.DOTALL)
_BLOCKS = (  # Han with its extensions, marks, full width; signs of lists; invisible marks of direction
    ("\u4e00", "\u9fff"), ("\u3400", "\u4dbf"), ("\U00020000", "\U0003ffff"), ("\u3000", "\u303f"), ("\uff00", "\uffef"),
    ("\u2000", "\u206f"), ("\u2150", "\u21ff"), ("\u2460", "\u24ff"), ("\u25a0", "\u26ff"), ("\u3200", "\u32ff"), ("\ufeff", "\ufeff"),
)  # fmt: skip
_MARKS = "·—…“”‘’×°ⅠⅡⅢⅣⅤⅥ①②③④⑤⑥⑦⑧⑨⑩"
_ACCENTED_WORD = re.compile(r"[A-Za-z][À-ž]|[À-ž][A-Za-z]")  # café
_HEX_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_WIDE_ESCAPE = re.compile(r"%u([0-9A-Fa-f]{4})")  # escape() of scripts
_ENTITY = re.compile(r"&#(\d{2,7});")
# The form of filename*, put into filename.
_DECLARED = re.compile(r"(?:utf-?8|gbk|gb2312|gb18030)'[\w-]*'", re.IGNORECASE)


def safe_name(text: str) -> str:
    """A file name without path, controls, invisible or reordering characters, at most LONGEST_NAME long.

    Empty where nothing of a name is left, as of ``../``.
    """
    name = " ".join(_SEPARATORS.split(_visible(text).strip())[-1].split())
    return _shortened(name, LONGEST_NAME) if name.strip(". ") else ""


def safe_label(text: str) -> str:
    """The words of a link as a name: a slash in them is no path (收入/支出表), and becomes a full-width one."""
    words = " ".join(_visible(text).split()).replace("/", "／").replace("\\", "＼")
    return _shortened(words, LONGEST_NAME) if words.strip(". ") else ""


def safe_path(text: str) -> str:
    """A member's path for showing: no ``..``, no drive, no leading slash; separators are /."""
    parts = [" ".join(part.split()) for part in _SEPARATORS.split(_visible(text))]
    kept = [part for part in parts if part.strip(". ") and not re.fullmatch(r"[A-Za-z]:", part)]
    return _shortened("/".join(kept), _LONGEST_PATH) or "?"


def _visible(text: str) -> str:
    return "".join(
        " " if c in "\t\r\n" else c
        for c in text
        if c in "\t\r\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )


def _shortened(name: str, longest: int) -> str:
    """The beginning of a name that is too long, with its ending."""
    if len(name) <= longest:
        return name
    end = _ENDING.search(name)
    tail = end.group() if end else ""
    return name[: longest - len(tail) - 1] + "…" + tail


def repaired(text: str) -> str:
    """A name as its giver meant it: escapes resolved, Latin-1 readings of UTF-8 and GBK undone.

    ``%E9%99%84`` and ``%B8%BD`` are 附, and so are ``é\\x99\\x84`` and ``¸½``, which is how a header of raw bytes arrives.
    """
    if _DECLARED.match(text):
        return _extended(text)
    text = _WIDE_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
    text = _ENTITY.sub(lambda m: chr(int(m[1])) if int(m[1]) < 0x110000 else m[0], text)
    for _ in range(2):  # %25E9… was escaped twice
        if _HEX_ESCAPE.search(text):
            text = decoded(unquote_to_bytes(text.encode("utf-8", "surrogatepass"))) or text
    if text.startswith("=?") or " =?" in text:
        text = _encoded_words(text)
    if not text.isascii() and all(c <= "\u00ff" for c in text):
        text = decoded(text.encode("latin-1")) or text
    return text


def decoded(raw: bytes) -> str | None:
    """Bytes of a name as text: UTF-8 or GBK, whichever reads; None where neither does.

    A short GBK name can be valid UTF-8: 图 is ``CD BC``, which UTF-8 reads as ͼ.
    """
    found: list[str] = []
    for encoding in ("utf-8", "gb18030"):
        try:
            found.append(raw.decode(encoding))
        except UnicodeDecodeError:
            found.append("")
    utf8, gbk = found
    # Encoded a second time as what it looked like.
    if utf8 and not utf8.isascii() and all(c <= "\u00ff" for c in utf8):
        once = _strict_utf8(utf8.encode("latin-1"))
        if once and not _odd(once):
            return once
    if utf8 and (not _odd(utf8) or not gbk or _odd(gbk) or _ACCENTED_WORD.search(utf8)):
        return utf8
    return gbk if gbk and not _odd(gbk) else None


def _strict_utf8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _odd(text: str) -> bool:
    """Whether a reading gave characters that names hardly have: then the bytes were something else."""
    return misread(text) or any(not _usual(c) for c in text)


def _usual(c: str) -> bool:
    return c.isascii() or c in _MARKS or any(low <= c <= high for low, high in _BLOCKS)


def _encoded_words(text: str) -> str:
    """RFC 2047: ``=?GBK?B?uL28/g==?=``."""
    try:
        pieces = decode_header(text)
        return "".join(
            part if isinstance(part, str) else _of_charset(part, charset or "latin-1")
            for part, charset in pieces
        )
    except (HeaderParseError, ValueError):  # binascii.Error is a ValueError
        return text


def _of_charset(raw: bytes, charset: str) -> str:
    """Bytes in a declared character set, which Chinese servers often declare wrongly."""
    name = "gb18030" if charset.lower().replace("_", "-") in ("gb2312", "gbk", "gb-2312") else charset
    try:
        return raw.decode(name)
    except (UnicodeDecodeError, LookupError):
        return decoded(raw) or raw.decode("latin-1")


def of_disposition(header: str | None) -> str | None:
    """The file name that a Content-Disposition header gives (as Latin-1 text), repaired and safe; None for none.

    RFC 6266: ``filename*`` before ``filename``; RFC 2231's numbered pieces are joined. Many servers send raw UTF-8 or
    GBK bytes, escapes or encoded words in ``filename``, which the standard does not foresee.
    """
    if not header:
        return None
    plain: str | None = None
    pieces: dict[int, tuple[str, bool]] = {}
    extended: str | None = None
    for found in _PARAMETER.finditer(";" + header.partition(";")[2] if ";" in header else ";" + header):
        key = found["name"].lower()
        value = found["quoted"] if found["quoted"] is not None else (found["bare"] or "").strip()
        if found["quoted"] is not None and "%5c" not in value.lower():
            value = re.sub(r"\\([\"\\])", r"\1", value)
        elif len(value) > 2 and value[0] == value[-1] == "'":
            value = value[1:-1]
        number = re.match(r"filename\*(\d{1,3})(\*?)$", key)
        if number:
            pieces[int(number[1])] = (value, bool(number[2]))
        elif key == "filename*":
            extended = extended or value
        else:
            plain = plain or value
    if extended is None and pieces:
        extended = "".join(pieces[n][0] for n in sorted(pieces))
    for name in (_extended(extended) if extended is not None else None, repaired(plain) if plain else None):
        if name and (safe := safe_name(name)):
            return safe
    return None


def _extended(value: str) -> str:
    """RFC 5987: ``UTF-8''%E9%99%84%E4%BB%B6.pdf``."""
    found = _EXTENDED.match(value.strip('"'))
    if found is None:
        return repaired(value)
    # A header arrives as Latin-1: what was not escaped are the bytes themselves.
    latin = all(c <= "\u00ff" for c in found["value"])
    raw = unquote_to_bytes(found["value"].encode("latin-1" if latin else "utf-8", "surrogatepass"))
    return _of_charset(raw, found["charset"] or "utf-8")


def of_address(path_or_value: str) -> str:
    """The file name in an address's path or in a value of its query, repaired and safe; may be empty."""
    return safe_name(repaired(path_or_value.rstrip("/")))
