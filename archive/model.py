"""THE definition of a disclosure record and of everything the archive keeps about it.

Every other place (tables, fixtures, e-mails, JSON output) derives its list of fields from here.
Instants are timezone-aware UTC; dates of documents are Asia/Shanghai calendar dates. What does not
stand in the page is ``None`` or empty: no value is invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Kind(StrEnum):
    """How a field of :class:`Disclosure` is compared, stored and shown."""

    TEXT = "text"
    DATE = "date"
    INSTANT = "instant"
    CODE = "code"
    LIST = "list"
    BODY = "body"
    PARTS = "parts"  # rows of a table of their own: attachments, citations


def _labelled(kind: Kind, zh: str, en: str, *, fingerprint: bool = True, parts: bool = False) -> Any:
    metadata = {"kind": kind, "zh": zh, "en": en, "fingerprint": fingerprint}
    if parts or kind is Kind.LIST:
        return field(default=(), metadata=metadata)
    return field(default=None, metadata=metadata)


class AttachmentState(StrEnum):
    """What is known of an attachment's bytes."""

    FETCHED = "fetched"
    NOT_FETCHED = "not_fetched"  # listed on the page, not asked for (yet), or said to be as it was (304)
    FAILED = "failed"  # asked for, not obtained: keeps its last known hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """附件: a file that the document's page links to."""

    name: str  # as shown on the page, else the file name of the URL
    url: str
    media_type: str | None = None
    sha256: str | None = None  # of the content-decoded bytes; None while not fetched
    size: int | None = None  # bytes
    text: str | None = None  # extracted text, None where none can be had
    state: AttachmentState = AttachmentState.NOT_FETCHED


class Relation(StrEnum):
    """How a document refers to another one."""

    CITES = "cites"  # 引用
    REPEALS = "repeals"  # 同时废止 / 予以废止
    AMENDS = "amends"  # 修改
    FORWARDS = "forwards"  # 转发
    IMPLEMENTS = "implements"  # 根据 / 按照
    ATTACHES = "attaches"  # 印发: what the document prints behind its signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A document number or 《title》 that the body refers to; never the document's own."""

    relation: Relation = Relation.CITES
    document_number: str | None = None
    title: str | None = None
    quote: str = ""  # the words around it, as evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """政府信息: one disclosed document as its publisher describes it.

    Field labels are those of the disclosure catalogues (政府信息公开目录); see docs/schema.md.
    """

    index_number: str | None = _labelled(Kind.TEXT, "索引号", "Index number")
    title: str | None = _labelled(Kind.TEXT, "名称", "Title")
    issuing_body: str | None = _labelled(Kind.TEXT, "发布机构", "Issuing body")
    issuing_bodies: tuple[str, ...] = _labelled(
        Kind.LIST, "发布机构（逐一）", "Issuing bodies", fingerprint=False
    )
    document_number: str | None = _labelled(Kind.TEXT, "文号", "Document number")
    document_number_raw: str | None = _labelled(
        Kind.TEXT, "文号原文", "Document number as shown", fingerprint=False
    )
    issued_on: date | None = _labelled(Kind.DATE, "成文日期", "Issued on")
    published_on: date | None = _labelled(Kind.DATE, "发布日期", "Published on")
    published_at: datetime | None = _labelled(Kind.INSTANT, "发布时间", "Published at")
    effective_on: date | None = _labelled(Kind.DATE, "实施日期", "Effective on")
    expires_on: date | None = _labelled(Kind.DATE, "废止日期", "Expires on")
    validity: str | None = _labelled(Kind.CODE, "有效性", "Validity")
    validity_raw: str | None = _labelled(Kind.TEXT, "有效性原文", "Validity as shown", fingerprint=False)
    disclosure_type: str | None = _labelled(Kind.CODE, "公开类别", "Disclosure type")
    disclosure_type_raw: str | None = _labelled(
        Kind.TEXT, "公开类别原文", "Disclosure type as shown", fingerprint=False
    )
    subject_category: str | None = _labelled(Kind.TEXT, "主题分类", "Subject category")
    genre: str | None = _labelled(Kind.TEXT, "体裁分类", "Genre")
    keywords: tuple[str, ...] = _labelled(Kind.LIST, "主题词", "Keywords")
    summary: str | None = _labelled(Kind.TEXT, "内容概述", "Summary")
    record_form: str | None = _labelled(Kind.TEXT, "记录形式", "Record form")
    medium: str | None = _labelled(Kind.TEXT, "载体类型", "Medium")
    content_source: str | None = _labelled(Kind.TEXT, "来源", "Source")
    body_text: str | None = _labelled(Kind.BODY, "信息内容", "Body")
    attachments: tuple[Attachment, ...] = _labelled(Kind.PARTS, "附件", "Attachments", parts=True)
    citations: tuple[Citation, ...] = _labelled(
        Kind.PARTS, "引用", "Citations", fingerprint=False, parts=True
    )


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of :class:`Disclosure`: its name, kind, labels, and whether a difference in it is a change."""

    name: str
    kind: Kind
    zh: str
    en: str
    fingerprint: bool


FIELDS: tuple[FieldSpec, ...] = tuple(
    FieldSpec(f.name, f.metadata["kind"], f.metadata["zh"], f.metadata["en"], f.metadata["fingerprint"])
    for f in fields(Disclosure)
)
FIELD: Mapping[str, FieldSpec] = {spec.name: spec for spec in FIELDS}
# What the codes of Kind.CODE are called: config/fields.yml names what sites write for each.
CODE_WORDS: Mapping[str, str] = {
    "valid": "有效", "partly_valid": "部分有效", "amended": "已修改", "repealed": "已废止", "not_yet_effective": "尚未生效",
    "proactive": "主动公开", "on_request": "依申请公开", "partial": "部分公开", "withheld": "不予公开",
}  # fmt: skip
# Stored as one column each in `documents` and `versions`; the rest has tables of its own.
COLUMN_FIELDS: tuple[FieldSpec, ...] = tuple(s for s in FIELDS if s.kind not in (Kind.BODY, Kind.PARTS))


class Place(StrEnum):
    """Where on a page (or in an answer) a value stood."""

    API = "api"  # a key of a JSON answer of the site
    EMBEDDED = "embedded"  # JSON inside the page: window._CONFIG, ld+json
    TABLE = "table"  # label table, dl or li
    META = "meta"  # <meta name="ArticleTitle">
    LINE = "line"  # the line under the title: 来源 / 发布时间 / 字号
    BODY = "body"  # the document's own head or foot
    HEADING = "heading"  # h1, title element
    LIST = "list"  # the catalogue's row


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a value was found. Every candidate is kept; ``chosen`` marks the one that the record holds."""

    field: str
    label: str  # the raw label, meta name or JSON key
    raw: str  # the raw string
    place: Place
    chosen: bool = False


class Severity(StrEnum):
    """How loud a :class:`Problem` is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something a person should look at: conflicting dates, an unknown label, a breached expectation."""

    code: str  # stable, snake_case: conflicting_dates, impossible_date, mojibake, below_minimum …
    message: str
    severity: Severity = Severity.WARNING
    field: str | None = None
    value: str | None = None
    url: str | None = None


class PageKind(StrEnum):
    """What a fetched page turned out to be."""

    DOCUMENT = "document"
    LIST = "list"
    BLOCKED = "blocked"  # anti-bot page, WAF text
    SOFT_404 = "soft_404"  # "页面不存在" with status 200
    EMPTY_SHELL = "empty_shell"  # nothing without JavaScript
    UNREADABLE = "unreadable"  # character set could not be settled
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What the extractor made of one page. ``disclosure`` is None unless ``kind`` is DOCUMENT."""

    url: str
    kind: PageKind
    platform: str | None = None
    disclosure: Disclosure | None = None
    evidence: tuple[Evidence, ...] = ()
    problems: tuple[Problem, ...] = ()
    further: tuple[str, ...] = ()  # addresses of all further pages of the same text, in order
    leads_to: str | None = None  # the page that holds the document, where this one only leads there


class ChangeKind(StrEnum):
    """Kinds of events in the feed."""

    BASELINE = "baseline"
    ADDED = "added"
    EDITED = "edited"
    ATTACHMENT = "attachment"
    MOVED = "moved"
    UNLISTED = "unlisted"
    MISSING = "missing"
    REMOVED = "removed"
    RESTORED = "restored"


class Significance(StrEnum):
    """Whether a change alters what the document says."""

    SUBSTANTIVE = "substantive"
    COSMETIC = "cosmetic"


class DocumentStatus(StrEnum):
    """Where a document stands today."""

    PRESENT = "present"
    UNLISTED = "unlisted"
    MISSING = "missing"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """Outcome of one site in one collection. scheduled = fetched + blocked + failed + skipped, always."""

    site: str
    outcome: str  # complete | partial | failed | held | skipped
    run: int | None = None
    scheduled: int = 0
    fetched: int = 0  # an answer was had: 200, 304, 404, 410 and recognised soft 404
    blocked: int = 0
    failed: int = 0
    skipped: int = 0  # robots.txt, budget
    not_modified: int = 0
    unchanged: int = 0
    baseline: int = 0
    new: int = 0
    edited: int = 0
    attachment: int = 0
    moved: int = 0
    unlisted: int = 0
    missing: int = 0
    removed: int = 0
    restored: int = 0
    seconds: float = 0.0
    reasons: tuple[str, ...] = ()  # why it is not complete, in words
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """Outcome of one ``gongkai collect``."""

    run: str  # identifier of the collection, shared by the rows of its sites in `runs`
    started_at: datetime
    ended_at: datetime
    sites: tuple[SiteReport, ...] = ()

    @property
    def fully_done(self) -> bool:
        """True when every site asked for was collected completely (exit status 0)."""
        return all(site.outcome == "complete" for site in self.sites)
