"""Labels of tables and columns for Datasette, derived from the model."""

from __future__ import annotations

from typing import Any

from archive.model import COLUMN_FIELDS
from archive.search import FTS_TABLE
from archive.words import column_words

TABLES: dict[str, str] = {
    "sites": "网站 Sites",
    "catalogues": "目录 Catalogues of a site",
    "documents": "文件 Documents: one row per history, with its current values",
    "addresses": "地址 Addresses of a document: current, alias or former",
    "listings": "列入 When a catalogue listed a document",
    "versions": "版本 Versions of a document",
    "bodies": "正文 Distinct texts, by SHA-256; those of superseded versions are packed (text is empty)",
    "version_sources": "来源 The captures a version was read from",
    "changes": "变更 The feed: what was added, edited, moved or taken down",
    "attachments": "附件 Attachments of a version",
    "files": "附件地址 Addresses of attachments, and what their servers say of the files",
    "citations": "引用 Documents that a version refers to",
    "problems": "问题 What a person should look at",
    "runs": "采集 Collections of a site",
    "observations": "观察 What an address answered, in unbroken stretches",
    "ledger": "账本 Chained Merkle roots of the observations",
    "merges": "合并 Documents that were taken for one history, and what was where before",
    "epochs": "纪元 Beginnings of this archive: its making, and each restoring from a backup",
}
HIDDEN = (
    "search_state", "search_attachments", "archive", "run_outcomes", "seals", "unsealed", "names", "stretches", "places", "unread",
    "_sqlite_migrations",
)  # fmt: skip


_FIELDS = tuple(spec.name for spec in COLUMN_FIELDS)
# What readers look for in them; of the other columns docs/schema.md tells.
COLUMNS: dict[str, tuple[str, ...]] = {
    "documents": (
        "site", "url", "status", *_FIELDS, "first_present_at", "last_present_at", "first_absent_at", "versions", "merged_into",
        "withdrawn_at", "withdrawn_reason",
    ),
    "versions": (
        "document", "number", "first_seen_at", "last_seen_at", *_FIELDS, "significance", "reasons", "withdrawn_at", "withdrawn_reason",
    ),
    "changes": (
        "feed_seq", "document", "site", "kind", "significance", "reasons", "from_url", "to_url", "last_present_at", "first_absent_at",
        "detected_at",
    ),
}  # fmt: skip


def table_labels() -> dict[str, Any]:
    """Datasette's metadata per table."""
    tables: dict[str, Any] = {name: {"description": text} for name, text in TABLES.items()}
    for name, columns in COLUMNS.items():
        tables[name]["columns"] = {column: column_words(column) for column in columns}
    tables["documents"].update(
        fts_table=FTS_TABLE, fts_pk="id", sort_desc="last_present_at", label_column="title"
    )
    tables["versions"]["label_column"] = "title"
    tables["changes"]["sort_desc"] = "feed_seq"
    tables.update({name: {"hidden": True} for name in HIDDEN})
    return tables
