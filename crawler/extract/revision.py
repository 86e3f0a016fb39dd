"""Which extractor made a record: a hash that changes with anything that can change a record."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from archive import fingerprint
from crawler.extract.fields import FieldBook
from crawler.extract.rules import ExtractionRules

_LIBRARIES = (
    "lxml", "beautifulsoup4", "charset-normalizer", "cssselect", "pypdfium2", "xlrd", "olefile", "trafilatura",
)  # fmt: skip


def extractor_revision(book: FieldBook, rules: ExtractionRules | None = None) -> str:
    """Hash of code, fields.yml, the site's rules and the parsers' versions: 16 hex digits; cached."""
    return _revision(book.digest, (rules or ExtractionRules()).key())


@lru_cache(maxsize=1024)
def _revision(book: str, rules: tuple[object, ...]) -> str:
    digest = hashlib.sha256(_code_hash().encode())
    digest.update(repr((book, rules)).encode())
    return digest.hexdigest()[:16]


def code_files() -> list[Path]:
    """The modules by which a record is made, and by which two of them are compared."""
    here = Path(__file__).parent
    attachments = (here.parent / "attachments").glob("*.py")
    compared = Path(fingerprint.__file__)  # what counts as the same must not change between two looks either
    return sorted([*here.rglob("*.py"), *attachments, here.parent / "normalise.py", compared])


@lru_cache(maxsize=1)
def _code_hash() -> str:
    digest = hashlib.sha256()
    for path in code_files():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    for name in _LIBRARIES:
        digest.update(f"{name}={version(name)};".encode())
    digest.update(repr(etree.LIBXML_VERSION).encode())
    return digest.hexdigest()
