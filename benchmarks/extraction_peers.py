"""Readers of articles beside which extraction is measured. They give a title and a body, no other field."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from typing import Any

from lxml import html as lxml_html

Read = tuple[str, str]  # title, body
Reader = Callable[[bytes], Read]


def trafilatura_reader() -> Reader:
    """trafilatura as its documentation recommends, tables kept."""
    import trafilatura  # noqa: PLC0415 — not installed everywhere

    def read(page: bytes) -> Read:
        got: Any = trafilatura.bare_extraction(
            page, include_tables=True, include_comments=False, with_metadata=True
        )
        return (got.title or "", got.text or "") if got is not None else ("", "")

    return read


def readability_reader() -> Reader:
    """readability-lxml: its summary's text. It takes text, so the page is decoded for it."""
    from readability import Document  # noqa: PLC0415
    from readability.readability import Unparseable  # noqa: PLC0415

    def read(page: bytes) -> Read:
        document = Document(page.decode("utf-8", errors="replace"))
        try:
            summary = document.summary(html_partial=True)
        except Unparseable:
            return "", ""
        text = lxml_html.fromstring(summary).text_content() if summary.strip() else ""
        return str(document.short_title() or ""), str(text)

    return read


def gne_reader() -> Reader:
    """gne (GeneralNewsExtractor) with its defaults; it takes text, so the page is decoded for it."""
    from gne import GeneralNewsExtractor  # noqa: PLC0415
    from gne.exceptions import NoContentException  # noqa: PLC0415

    extractor = GeneralNewsExtractor()

    def read(page: bytes) -> Read:
        try:
            got = extractor.extract(page.decode("utf-8", errors="replace"))
        except NoContentException:
            return "", ""
        return str(got.get("title") or ""), str(got.get("content") or "")

    return read


_FACTORIES: tuple[tuple[str, Callable[[], Reader]], ...] = (
    ("trafilatura", trafilatura_reader),
    ("readability-lxml", readability_reader),
    ("gne", gne_reader),
)


def installed() -> tuple[dict[str, Reader], list[str]]:
    """Readers that can be run, named with their versions, and a line for each that cannot."""
    readers: dict[str, Reader] = {}
    skipped: list[str] = []
    for name, factory in _FACTORIES:
        try:
            readers[f"{name} {importlib.metadata.version(name)}"] = factory()
        except ImportError as error:
            skipped.append(f"SKIPPED {name}: {error}; pip install -c constraints.txt -e '.[bench]'")
    return readers, skipped
