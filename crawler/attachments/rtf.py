"""RTF files, by striprtf."""

from __future__ import annotations

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from crawler.attachments.result import damaged
from crawler.extract.text import clean

_RAW = re.compile(rb"[\x80-\xff]")
_CELL = re.compile(r"\\(?:nest)?cell(?![a-z])")
_PICTURE = re.compile(rb"[0-9a-fA-F\r\n]{2000,}")  # hexadecimal data: megabytes that hold no text


def read_rtf(body: bytes) -> Iterator[str]:
    """Paragraphs, and the rows of tables with tabs between cells."""
    # Chinese programs write GBK bytes as they are, where the format wants escapes.
    escaped = _RAW.sub(lambda m: b"\\'%02x" % m[0][0], _PICTURE.sub(b"", body))
    source = _CELL.sub(r"\\tab", escaped.decode("ascii"))
    try:
        text = rtf_to_text(source, errors="replace")
    except (ValueError, IndexError, KeyError, LookupError, OverflowError) as error:
        raise damaged(f"no RTF that can be read ({str(error)[:200]})") from error
    for line in text.splitlines():
        yield "\t".join(clean(cell) for cell in line.split("\t")).rstrip("\t")
