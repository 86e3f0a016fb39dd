"""RTF files: the text as Word shows it, with notes, text boxes and headers, and without what is deleted or hidden.

Word's own RTF of a Chinese document mixes GBK escapes, Unicode escapes and raw bytes; which characters bytes are is a
matter of the font (RTF 1.9.1, "Font Table").
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from crawler.attachments.fields import has_words, is_volatile, shown_by
from crawler.attachments.numbering import gap
from crawler.attachments.result import Budget, NotWholeError, UnreadableError, damaged
from crawler.attachments.symbols import is_symbol_font, resolved, symbol
from crawler.extract.struck import Struck, joined
from crawler.extract.text import clean

_TOKEN = re.compile(
    rb"((?:\\'[0-9a-fA-F]{2})+)|\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_PICTURE = re.compile(rb"[0-9a-fA-F\r\n]{2000,}")  # hexadecimal data: megabytes that hold no text
_CHARSETS = {
    0: "cp1252", 2: "symbol", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 204: "cp1251", 238: "cp1250",
}  # fmt: skip
_CHINESE = {936: "gb18030", 54936: "gb18030", 950: "big5"}
# Groups that hold no text of the document. Where a group begins with \*, every unknown one is left out.
_LEFT_OUT = frozenset(
    b"colortbl stylesheet info pict objdata themedata colorschememapping latentstyles datastore generator xmlnstbl listtable"
    b" listoverridetable revtbl rsidtbl filetbl xe tc rxe annotation atnid atnauthor atndate atnref atrfstart atrfend template"
    b" shprslt nonshppict nonesttables upr pn pnseclvl pntxta pntxtb bkmkstart bkmkend ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn"
    b" do sp mmathPict nesttableprops falt panose ffdata fldtype".split()
)  # fmt: skip
_KEPT = frozenset(b"shpinst shptxt fldinst fontemb shppict ud listtext pntext result".split())
_MARGINS = frozenset(b"header headerl headerr headerf footer footerl footerr footerf".split())
_CHARACTERS = {
    b"par": "\n", b"line": "\n", b"page": "\n", b"sect": "\n", b"column": "\n", b"tab": " ", b"emdash": "—", b"endash": "–",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ",
    b"qmspace": " ", b"cell": "\t", b"nestcell": " ", b"row": "\n", b"nestrow": " ",
}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n"}
_DEEPEST = 5_000


@dataclass(slots=True)
class _State:
    """What holds within a group."""

    font: int = -1
    skip: int = 1  # bytes that stand for a Unicode escape
    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    in_table: bool = False
    reads: str = "text"  # text, nothing, fonts, instruction or label
    opened: bool = False  # a group whose first word has not come yet
    starred: bool = False


@dataclass(slots=True)
class _Story:
    """A stretch of text: the document, or a note, a box, a header in it."""

    kind: str
    depth: int
    parts: list[str] = field(default_factory=list)


class _Reader:
    """Reads tokens one after another."""

    def __init__(self) -> None:
        self.state = _State()
        self._stack: list[_State] = []
        self._stories = [_Story("text", 0)]
        self.notes: list[str] = []
        self.margins: list[str] = []
        self._fonts: dict[int, tuple[str, str]] = {}
        self._default = "cp1252"
        self._bytes = bytearray()
        self._waiting = 0  # bytes that are left to skip behind a Unicode escape
        self._high: str | None = None  # the first half of a character beyond U+FFFF
        self._instructions: list[list[str]] = []
        self._fields: list[int] = []  # depths at which fields began
        self._label: list[str] = []
        self.hidden = 0
        self.pictures = False

    def open(self) -> None:
        """A group begins. Raises UnreadableError for groups that are nested too deeply."""
        self._flush()
        if len(self._stack) > _DEEPEST:
            raise damaged("its groups are nested too deeply")
        self._stack.append(self.state)
        self.state = replace(self.state, opened=True, starred=False)

    def close(self) -> None:
        """A group ends, and with it what was set in it."""
        self._flush()
        depth = len(self._stack)
        if self.state.reads == "label" and self._stack and self._stack[-1].reads != "label":
            self._put_label()
        if len(self._stories) > 1 and self._stories[-1].depth == depth:
            ended = self._stories.pop()
            kept = self.margins if ended.kind == "margin" else self.notes
            kept.append(joined(ended.parts, "\n\t"))
        if self._fields and self._fields[-1] == depth:
            self._fields.pop()
            self._instructions.pop()
        if self._stack:
            self.state = self._stack.pop()

    def word(self, name: bytes, number: int | None) -> None:
        """A control word."""
        state = self.state
        if name != b"u":
            self._flush()
        if state.opened:
            state.opened = False
            if self._begins(name):
                return
        if name in _CHARACTERS:
            in_cell = name == b"par" and state.in_table
            self.text(" " if in_cell else _CHARACTERS[name])
        elif name == b"u" and number is not None:
            self._unicode(number & 0xFFFF)
        elif name in (b"deff", b"fcharset", b"ansicpg"):
            self._declare(name, number or 0)
        else:
            self._format(name, number)

    def _format(self, name: bytes, number: int | None) -> None:
        """A property of the characters or the paragraph."""
        state = self.state
        if name == b"uc":
            state.skip = min(max(number or 0, 0), 8)
        elif name == b"f":
            state.font = number if number is not None else -1
        elif name == b"v":
            state.hidden = number != 0
        elif name == b"deleted":
            state.deleted = number != 0
        elif name in (b"strike", b"striked"):
            state.struck = number != 0
        elif name == b"plain":
            state.hidden = state.deleted = state.struck = False
        elif name in (b"pard", b"intbl"):
            state.in_table = name == b"intbl"

    def _declare(self, name: bytes, number: int) -> None:
        """What the file's head says of its fonts and character sets."""
        if name == b"deff":
            self.state.font = number
        elif name == b"ansicpg":
            self._default = _CHINESE.get(number, f"cp{number}") if _known(number) else "cp1252"
        elif self.state.reads == "fonts":
            known = self._fonts.get(self.state.font, ("", ""))[1]
            self._fonts[self.state.font] = (_CHARSETS.get(number, ""), known)

    def _begins(self, name: bytes) -> bool:
        """The first word of a group, which says what the group is; whether it says nothing else."""
        state = self.state
        if state.reads == "nothing" and name not in (b"ud",):
            return True
        depth = len(self._stack)
        if name == b"fonttbl":
            state.reads = "fonts"
        elif name in (b"footnote", b"shptxt", b"dptxbxtext") or name in _MARGINS:
            self._stories.append(_Story("margin" if name in _MARGINS else "note", depth))
            state.in_table = False
            state.reads = "text"
        elif name == b"field":
            self._fields.append(depth)
            self._instructions.append([])
        elif name == b"fldinst":
            state.reads = "instruction"
        elif name == b"fldrslt" and self._instructions:
            if is_volatile("".join(self._instructions[-1])):
                state.reads = "nothing"
        elif name in (b"listtext", b"pntext"):
            state.reads = "label"
            self._label = []
        elif name == b"ud":
            state.reads = "text"
        elif name in _LEFT_OUT or (state.starred and name not in _KEPT):
            self.pictures = self.pictures or name == b"pict"
            state.reads = "nothing"
        else:
            return False
        return True

    def sign(self, sign: bytes) -> None:
        """A control symbol."""
        if sign == b"*":
            self.state.starred = self.state.opened
            return
        self._flush()
        self.state.opened = False
        self.text(_SIGNS.get(sign, sign.decode("ascii", "ignore") if sign in (b"\\", b"{", b"}") else ""))

    def raw(self, raw: bytes) -> None:
        """Bytes of text."""
        self.state.opened = False
        if self._waiting:
            skipped = min(self._waiting, len(raw))
            self._waiting -= skipped
            raw = raw[skipped:]
        self._bytes += raw

    def _unicode(self, code: int) -> None:
        self._flush()
        self._waiting = self.state.skip
        if 0xD800 <= code < 0xDC00:
            self._high = chr(code)
            return
        character = chr(code)
        if self._high is not None and 0xDC00 <= code < 0xE000:
            character = (
                (self._high + character).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            )
        self._high = None
        self.text(resolved(character, self._fonts.get(self.state.font, ("", ""))[1]))

    def _flush(self) -> None:
        if self._bytes:
            raw, self._bytes = bytes(self._bytes), bytearray()
            self.text(self._decoded(raw), plain=True)
        self._waiting = 0

    def _decoded(self, raw: bytes) -> str:
        """Bytes in the character set of the font; a Western font's are Chinese where they can only be that."""
        charset, font = self._fonts.get(self.state.font, ("", ""))
        if self.state.reads == "fonts":
            return raw.decode("latin-1")
        if charset == "symbol" or is_symbol_font(font):
            return "".join(symbol(font or "Symbol", b) for b in raw)
        tried = [charset or self._default]
        if tried[0] == "cp1252" and self._default in _CHINESE.values() and not raw.isascii():
            tried.insert(0, self._default)
        for name in tried:
            try:
                return raw.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
        return raw.decode(self._default, "replace")

    def text(self, text: str, *, plain: bool = False) -> None:
        """Characters at this place; ``plain`` are those of a run of bytes, such as a font's name."""
        state = self.state
        if state.reads == "fonts":
            if plain and (name := text.strip().rstrip(";")):
                charset, known = self._fonts.get(state.font, ("", ""))
                self._fonts[state.font] = (charset, known or name)
        elif state.reads == "instruction":
            if self._instructions:
                self._instructions[-1].append(text)
        elif state.reads == "label":
            self._label.append(text)
        elif state.reads == "text" and not state.deleted:
            if state.hidden:
                self.hidden += len(text.strip())
            else:
                self._stories[-1].parts.append(Struck(text) if state.struck else text)

    def _put_label(self) -> None:
        label = clean("".join(self._label))
        # The others are bullets.
        if any(c.isalnum() for c in label) and self._stack and not self._stack[-1].deleted:
            self._stories[-1].parts.append(label + gap(label))

    def end_of_instruction(self) -> None:
        """Show what a field's instruction shows itself."""
        if self.state.reads == "instruction" and self._instructions and self._stack[-1].reads == "text":
            self._stories[-1].parts.append(shown_by("".join(self._instructions[-1])))

    @property
    def is_whole(self) -> bool:
        """Whether every group has ended."""
        return not self._stack

    def story(self) -> str:
        """The text of the document itself."""
        self._flush()
        return joined(self._stories[0].parts, "\n\t")


def _known(codepage: int) -> bool:
    if codepage in _CHINESE:
        return True
    try:
        codecs.lookup(f"cp{codepage}")
    except LookupError:
        return False
    return True


def read_rtf(body: bytes, budget: Budget) -> Iterator[str]:
    """Paragraphs and the rows of tables with tabs between cells, then notes and text boxes, then headers and footers.

    Raises UnreadableError: nested too deeply, or pictures without text; NotWholeError: cut short.
    """
    reader = _Reader()
    source = _PICTURE.sub(b"", body)
    at = 0
    while (found := _TOKEN.match(source, at)) is not None:
        at = found.end()
        escaped, name, number, sign, brace, raw = found.groups()
        if escaped is not None:
            reader.raw(bytes.fromhex(escaped.replace(b"\\'", b"").decode()))
        elif name == b"bin":
            at += max(int(number or 0), 0)
        elif name is not None:
            reader.word(name, int(number) if number else None)
        elif sign is not None:
            reader.sign(sign)
        elif brace == b"{":
            reader.open()
        elif brace == b"}":
            reader.end_of_instruction()
            reader.close()
        elif raw is not None:
            reader.raw(raw)
    words = False
    margins = dict.fromkeys(line for part in reader.margins for line in _lines(part) if has_words(line))
    for line in (*(line for part in (reader.story(), *reader.notes) for line in _lines(part)), *margins):
        words = words or bool(line)
        yield line
    if reader.hidden:
        budget.notes.append(f"{reader.hidden} characters that the document hides are not read")
    if reader.pictures and not words:
        raise UnreadableError("attachment_is_scan", "it holds pictures without text: nothing can be read")
    if not reader.is_whole:
        raise NotWholeError("its end is missing")


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield "\t".join(clean(cell) for cell in line.split("\t")).rstrip("\t")
