"""A version as people cite it: what it is, where it was published, when it stood there, and where it is kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from archive.feed import StoredVersion
from archive.model import SHANGHAI


def cited(stored: StoredVersion, url: str, answer: Mapping[str, str] | None, base: str) -> tuple[str, str]:
    """In Chinese and in English, from what the version says of itself; what it does not say is left out.

    ``url``: of the document today; a version that was read from a page stood at that page's. ``answer``: role, url and sha256
    of what it was read from. The hash names the version for good, also where histories are merged or parted and their
    versions counted anew. ``base``: as of :func:`archive.browse.pages.document`.
    """
    record = stored.disclosure
    if answer and answer["role"] == "page":
        url = answer["url"]
    number = f"（{record.document_number}）" if record.document_number else ""
    seen, last = (
        f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        for instant in (stored.first_seen_at, stored.last_seen_at)
    )
    place = f"{base}/-/gongkai/documents/{stored.document}?version={stored.number}"
    title = f"《{record.title}》" if record.title else ""
    zh = [
        (f"{record.issuing_body}：" if record.issuing_body and title else record.issuing_body or "")
        + title
        + number,
        f"{record.published_on} 发布" if record.published_on else "",
        url,
        f"存档版本 @{stored.number}（北京时间 {seen} 至 {last} 所见）",
        f"原始响应 SHA-256 {answer['sha256']}" if answer else "",
        place,
    ]
    en = [
        record.issuing_body or "",
        f"{title}{number}",
        f"published {record.published_on}" if record.published_on else "",
        url,
        f"archived version @{stored.number}, seen {seen} to {last} (UTC+8)",
        f"SHA-256 of the answer {answer['sha256']}" if answer else "",
        place,
    ]
    return "，".join(filter(None, zh)), ", ".join(filter(None, en))
