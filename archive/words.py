"""What the archive's codes are called in Chinese and in English, in mails, on pages and on a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from archive.model import ChangeKind, Significance

# The gravest first: the order in which a digest tells of them.
KIND_WORDS: Mapping[ChangeKind, tuple[str, str]] = {
    ChangeKind.REMOVED: ("已移除", "Removed"),
    ChangeKind.MISSING: ("暂不可见", "Missing"),
    ChangeKind.EDITED: ("内容修改", "Edited"),
    ChangeKind.ATTACHMENT: ("附件变更", "Attachment changed"),
    ChangeKind.ADDED: ("新增", "Added"),
    ChangeKind.UNLISTED: ("移出目录", "Unlisted"),
    ChangeKind.MOVED: ("地址变更", "Moved"),
    ChangeKind.RESTORED: ("恢复", "Restored"),
    ChangeKind.BASELINE: ("首次收录", "Baseline"),
}
# What a kind means, where its name does not tell a reader.
KIND_NOTES: Mapping[ChangeKind, tuple[str, str]] = {
    ChangeKind.UNLISTED: ("已不在任何目录中，网页仍在", "in no catalogue any more, its page is still there"),
}
SIGNIFICANCE_WORDS: Mapping[Significance, str] = {
    Significance.SUBSTANTIVE: "实质",
    Significance.COSMETIC: "形式",
}
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "present": ("在网", "present"),
    "unlisted": ("不在目录中", "unlisted"),
    "missing": ("暂不可见", "missing"),
    "removed": ("已移除", "removed"),
}
OUTCOME_WORDS: Mapping[str, tuple[str, str]] = {
    "complete": ("完整", "complete"),
    "partial": ("不完整", "partial"),
    "failed": ("失败", "failed"),
    "held": ("存疑待定", "held"),
    "skipped": ("未采集", "skipped"),
    "interrupted": ("中断", "interrupted"),
}
ROLE_WORDS: Mapping[str, tuple[str, str]] = {
    "current": ("现址", "current"),
    "alias": ("别址", "alias"),
    "former": ("旧址", "former"),
}
PLACE_WORDS: Mapping[str, tuple[str, str]] = {
    "api": ("接口", "API"),
    "embedded": ("页内数据", "data in the page"),
    "table": ("信息表", "label table"),
    "meta": ("meta 标签", "meta tag"),
    "line": ("题下行", "line under the title"),
    "body": ("正文", "body"),
    "heading": ("标题", "heading"),
    "list": ("目录行", "catalogue row"),
    "link": ("链接", "link"),
}
# Of which day a document is: that of publication, else the one that it was written on.
DAY_WORDS: Mapping[str, tuple[str, str]] = {
    "published_on": ("发布", "published"),
    "issued_on": ("成文", "issued"),
}
RELATION_WORDS: Mapping[str, tuple[str, str]] = {
    "cites": ("引用", "cites"),
    "repeals": ("废止", "repeals"),
    "amends": ("修改", "amends"),
    "forwards": ("转发", "forwards"),
    "implements": ("依据", "implements"),
    "attaches": ("印发", "attaches"),
}
