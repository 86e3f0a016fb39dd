"""Characters of symbol fonts as characters that mean something: the ☑ and □ of a form are a choice, and choices are edited."""

from __future__ import annotations

# Code points of the fonts' own tables, which Word keeps as U+F000 + code.
_WINGDINGS = {
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x74: "◆", 0x75: "◆", 0x76: "❖", 0x9E: "·",
    0xA1: "○", 0xA2: "○", 0xA3: "○", 0xA4: "◉", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑",
    0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **{0x80 + n: c for n, c in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿")},
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA2: "■", 0xA3: "□", 0xA9: "◇",
    **{0x69 + n: c for n, c in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿")},
}  # fmt: skip
_WEBDINGS = {0x61: "✓", 0x63: "□", 0x67: "■", 0x72: "✗", 0x6E: "●"}
_SYMBOL = {
    **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
    0xA3: "≤", 0xA5: "∞", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB5: "∝",
    0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD6: "√", 0xE5: "∑",
}  # fmt: skip
_TABLES = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "webdings": _WEBDINGS, "symbol": _SYMBOL}
_PRIVATE = range(0xF000, 0xF100)


def is_symbol_font(font: str | None) -> bool:
    """Whether a font shows signs where others have letters."""
    return (font or "").strip().lower() in _TABLES


def symbol(font: str | None, code: int) -> str:
    """The character that a font shows at a code of its own; empty where nobody can tell.

    ``(Wingdings, F0FE)`` is ☑. A code outside the private area is a character like any other in a font like any other.
    """
    table = _TABLES.get((font or "").strip().lower())
    if table is not None and (code in _PRIVATE or code < 0x100):
        return table.get(
            code & 0xFF, chr(code & 0xFF) if table is _SYMBOL and 0x20 <= code & 0xFF < 0x7F else ""
        )
    if code in _PRIVATE:
        return ""
    return chr(code) if 0x20 <= code < 0xD800 else ""


def resolved(text: str, font: str | None) -> str:
    """Text in which characters of the private area stand for a symbol font's, as some programs write them."""
    if not any("\uf000" <= c <= "\uf0ff" for c in text):
        return text
    named = font if is_symbol_font(font) else "Wingdings"
    return "".join((symbol(named, ord(c)) or c) if "\uf000" <= c <= "\uf0ff" else c for c in text)
