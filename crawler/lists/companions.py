"""What stands beside a document in a row of a list, and is none itself. Pure."""

from __future__ import annotations

import re

# What stands beside a document's title and belongs to it: 【政策解读】, [图解], 附件下载, PDF版, and 《…》的解读 where another is none.
_COMPANION = re.compile(
    r"[\s\[【（(]*(?:(?:政策|文字|图文|图片|视频|音频|动漫|专家|媒体|相关|文件|一图)*(?:解读|图解|读懂)(?:链接|材料|文件|稿)?"
    r"|(?:附件|文件|原文|全文|PDF|WORD|OFD)*(?:下载|预览|查看|浏览)|(?:查看|阅读)?(?:详情|详细|更多|全文|原文|附件)(?:信息|内容)?"
    r"|(?:下载)?(?:PDF|WORD|OFD|DOCX?|WPS|CEB|TXT|HTML|文字|电子|图片|打印|扫描)(?:格式|版本?|件|文件|文档)?(?:下载)?)"
    r"[\s\]】）)>»…:：\d]*",
    re.I,
)


def is_companion(words: str) -> bool:
    """Whether words on a link only accompany a document: 【政策解读】, [查看详情]."""
    return bool(_COMPANION.fullmatch(words))
