"""What stands in 《》 and names no document of an office: forms, licences, newspapers; and short names of documents. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.text import compare_key

# 《申请表》, 《授权委托书》, 《询问笔录》; not 《基准地价表》, which is published
_FORM = re.compile(
    r"(?:申请|审批|登记|备案|申报|汇总|推荐|评分|呈报|报名|反馈|意见|评审|测评|签到|审核|考核|调查|信息采集|审查|鉴定|核准|核定)表$"
    r"|(?:申请|申报|承诺|委托|保证|责任|投标|意向|声明|推荐|任务)书$|笔录$|回执$|回证$|清册$|台账$|登记簿$|存折$|发票$|票据$"
)
_LICENCE = re.compile(r"(?:证|证书|证件|证明|执照|户口[簿本])(?:[（(][^（()）]{1,8}[）)])?$")
_PAPER = re.compile(
    r"(?:周刊|杂志|期刊|电视台|采购网|招标网|政府网|信息网|(?<![通公简年月快申汇专预呈季举上填])报)$"
)
# 《通知》, 《实施方案》: the document itself, or one named in full before
_SHORT = re.compile(
    r"(?:实施|管理|暂行|试行|指导|若干|补充|工作|总体|行动|具体|操作|监督|处理|处罚)*"
    r"(?:办法|条例|规定|细则|规则|通知|意见|决定|方案|规划|纲要|计划|公告|通告|通报|标准|目录|清单|指南|解释|批复|复函|函|请示|报告|报告书|报告表|说明"
    r"|制度|措施|规范|导则|规程|指引|要点|预案|决议|解答|答复)(?:[（(][^（()）]{1,6}[）)])?"
)
# 《甲条例》（以下简称《条例》）
_CALLED = re.compile(r"(?:简称|下称|统称|称)(?:为|作)?[：:]?[“\"]?《([^《》]{2,40})》")
_FAR = 90  # characters between a title and its short name: its number and its date


def is_document(title: str) -> bool:
    """Whether what stands in 《》 can be a document that is not spoken of by a short name."""
    if "关于" in title:
        return True
    return not (
        _SHORT.fullmatch(title) or _FORM.search(title) or _LICENCE.search(title) or _PAPER.search(title)
    )


def is_licence(title: str) -> bool:
    """Whether it is a licence or a certificate, whose number is none of a document's: 《取水许可证》."""
    return "关于" not in title and bool(_LICENCE.search(title))


def short_names(text: str, titles: Sequence[re.Match[str]]) -> dict[str, re.Match[str] | None]:
    """Short names (by compare_key) that a text gives the documents it names, and the title each stands for; None: no title's."""
    found: dict[str, re.Match[str] | None] = {}
    if "称" not in text:
        return found
    at = 0
    for called in _CALLED.finditer(text):
        while at < len(titles) and titles[at].end(1) < called.start():
            at += 1
        named = titles[at - 1] if at else None
        if named and (
            called.start() - named.end(1) > _FAR or re.search("[。；\n]", text[named.end(1) : called.start()])
        ):
            named = None
        key = compare_key(called[1])
        if named is None or compare_key(named[1]) != key:
            found.setdefault(key, named)
    return found
