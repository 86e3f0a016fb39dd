"""White space, control characters and label keys: the one place that says when two strings read the same."""

from __future__ import annotations

import html
import re
import unicodedata

# Zero-width and formatting characters carry nothing a reader sees; CMS editors sprinkle them into text.
_INVISIBLE = r"\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff"
_CONTROL = r"\x00-\x08\x0e-\x1f\x7f-\x9f"
_UNSEEN = re.compile(f"[{_INVISIBLE}{_CONTROL}\ud800-\udfff]")
_ZERO_WIDTH = re.compile(f"[{_INVISIBLE}]")
_ENTITY = re.compile(
    r"&(?:#(?:173|1564|820[3-7]|823[4-8]|828[89]|829\d|830[0-3]|65279"
    r"|x0*(?:ad|61c|200[b-f]|202[a-e]|206[0-9a-f]|feff))|shy|zwn?j|lrm|rlm);",
    re.IGNORECASE,
)
# Written out in a text, they were escaped twice; no text speaks of them. &lt; and &amp; stay.
_TWICE = re.compile(r"&(?:amp;)*(nbsp|ensp|emsp|[lr][ds]quo|[mn]dash|hellip|middot|bull|times|quot);")
# &#55357;&#56832;, one character in two halves as Java writes it; browsers show nothing for &#0;
_HALVES = re.compile(
    r"&#(?:(5[56]\d{3})|x(d[89ab][0-9a-f]{2}));&#(?:(5[67]\d{3})|x(d[c-f][0-9a-f]{2}));", re.IGNORECASE
)
_NOTHING = re.compile(r"&#(?:x?0+);", re.IGNORECASE)
_NUMBERED = re.compile("&(?=#)")  # three times as fast on a page as "&#" in it
CHINESE = re.compile("[一-鿿]")  # a character
_BETWEEN_WORDS = re.compile(r"[\W_]+")  # \w is what str.isalnum() says, and _
# Of them in pages; to look for each is ten times as fast as a class.
_COMMON = "\u200b\ufeff\u200d\u200c\u200e\xad\u2060\u202a\u202c\u061c"
_LABEL_DROPS = re.compile(r"[\s:：︰﹕∶*＊\[\]【】〖〗（）()•·●▪◆■]+")


def clean(text: str) -> str:
    """One line: unseen characters removed, every run of white space one space, ends stripped.

    Signs that a site escaped twice (a title with ``&amp;nbsp;`` and ``&amp;ldquo;``) are what they stand for.
    """
    if "&" in text and _TWICE.search(text):
        text = _TWICE.sub(lambda found: html.unescape(f"&{found[1]};"), text)
    line = " ".join(text.split())  # splits at U+00A0 and U+3000 too
    if line.isprintable():
        return line
    return " ".join(_UNSEEN.sub("", line).split())


def clean_lines(text: str) -> list[str]:
    """The lines of a text that say something, each cleaned."""
    return [line for line in map(clean, text.splitlines()) if line]


def label_key(text: str) -> str:
    """A label without white space, colons and brackets: ``索 引 号：`` and ``【索引号】`` are both 索引号."""
    return _LABEL_DROPS.sub("", _UNSEEN.sub("", text))


def compare_key(text: str) -> str:
    """Letters and digits only, widths folded: whether two titles or issuers are the same words."""
    folded = unicodedata.normalize("NFKC", text)
    return _BETWEEN_WORDS.sub("", folded).casefold()


def without_unseen(markup: str) -> str:
    """Markup without zero-width characters, written out or as entities: within a label they hide it.

    A character that is written as the two halves of UTF-16 becomes one.
    """
    if any(c in markup for c in _COMMON):
        markup = _ZERO_WIDTH.sub("", markup)
    if _NUMBERED.search(markup):
        markup = _HALVES.sub(_whole, _NOTHING.sub("", markup))
    return _ENTITY.sub("", markup)


def _whole(halves: re.Match[str]) -> str:
    high = int(halves[1]) if halves[1] else int(halves[2], 16)
    low = int(halves[3]) if halves[3] else int(halves[4], 16)
    if not (0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF):
        return halves[0]
    return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)


def in_common(title: str, said: str) -> float:
    """Share of the pairs of characters of a title that words have too.

    >>> in_common("关于票据业务的通知", "本网站不承担任何责任。"), in_common("关于票据业务的通知", "暂停票据业务")
    (0.0, 0.375)
    """
    key, text = compare_key(title), compare_key(said)
    pairs = {key[at : at + 2] for at in range(len(key) - 1)}
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0
