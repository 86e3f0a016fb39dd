"""Which elements show no text, and which begin a line of their own."""

from __future__ import annotations

SKIPPED = frozenset({
    "title", "script", "style", "noscript", "template", "iframe", "object", "embed", "select", "option", "button",
    "input", "textarea", "svg", "canvas", "video", "audio", "map", "nav", "footer", "marquee",
    # What Word says of a document, where a CMS took the comments around it away.
    "xml", "w:worddocument", "w:latentstyles", "o:documentproperties", "o:officedocumentsettings",
})  # fmt: skip
BLOCKS = frozenset({
    "p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "table",
    "tbody", "thead", "tr", "td", "th", "section", "article", "center", "blockquote", "pre", "hr", "form",
    "figure", "caption", "ucapcontent", "main", "header", "address", "fieldset",
})  # fmt: skip
