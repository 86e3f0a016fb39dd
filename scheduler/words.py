"""What kinds of change are called, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

from archive.model import ChangeKind, Significance

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
SIGNIFICANCE_WORDS: Mapping[Significance, str] = {
    Significance.SUBSTANTIVE: "实质",
    Significance.COSMETIC: "形式",
}
