"""How a text refers to a document that it names: the words beside the title or the number. Pure.

Read on a text in which every title and every number is blotted out (``Blotted``): what a title says of others
(《关于废止部分规章的决定》) is not what this text says of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from archive.model import Relation

_INSIDE = re.compile(r"《(?:[^《》]|《[^《》]*》){0,200}》")
_SENTENCE_END = re.compile(r"[。；\n]")
_BEFORE, _AFTER = 200, 120  # characters of a sentence that are looked at
_SOME = "(?:《一》、)?"  # what a list names before the document that is asked for

_ENDS = (
    r"(?:废止|作废|自动终止|(?:停止|终止)(?:执行|施行|实施|使用|试行)|不再(?:执行|施行|实施|有效|使用|适用(?!于)|作为[^，。；]{0,12}依据)"
    r"|宣布失效|自行失效|自动失效|自然失效|失去效力|予以(?:撤销|取消)|失效)"
)
# Not where what is repealed comes only behind it: 根据《甲》，决定废止以下文件：
_REPEALS = re.compile(
    rf"{_ENDS}(?![^\W\d并且和或及同外请其此特另了])(?!的|[、和或及与]者?(?:修改|修订|失效|废止|保留|撤销|宣布)|了?(?:以下|下列|如下|《)|[^，。；、]{{0,12}}[：:]\s*$)"
)
_REPEALS_BEFORE = re.compile(
    r"(?:(?:废止|作废|宣布失效|停止(?:执行|施行|实施)|终止(?:执行|施行|实施))(?:了|的)?[^，。；]{0,30}"
    r"|失效的?[一-鿿]{0,6}\d+[件个份部][^，。；]{0,6}"
    r"|本(?:办法|规定|细则|规则|通知|意见|公告|标准|决定)(?:[^，。；]{0,12}，)?(?:代替|替代|取代))$"
)
_REVOKES_BEFORE = re.compile(r"(?:^|[，：:；、]|决定|现)\s*(?:\d[.、．])?(?:依法)?撤销[^，。；]{0,40}$")
_ASKED = re.compile(r"请求|诉请|(?<!被)申请(?!人)|要求|不服")
_DECLARED = re.compile(r"宣布[^，。；]{0,12}$")
# 不予废止, 未宣布失效; 可以修改, 制定或者修改, 由市住建局修订, 拟废止, 已废止: no act of the document that says so
_NOT_BY_IT = re.compile(
    r"(?:不予?|不再|不宜|不应|不得|暂不|没有|未予|未被|尚未|并未|未|可以?|应当|应予|(?<![相对])应|必须|须|需要?|能够|有权|无权|拟|建议|提请|申请|要求"
    r"|请求|(?<!经)研究|适时|及时|抓紧|尽快|负责|组织|参与|配合|协助|推动|推进|加快|提出|程序|定期|逐步|启动|开展|禁止|严禁|擅自|自行|制定|制订|起草"
    r"|编制|拟订|拟定|已经?|曾|即将|任何[^，。；]{0,20}|由(?![本“\"])[^，。；日]{2,20})"
    r"(?:依法|被|予以?|宣布|同时|进行|及时|适时|(?:修改|修订|制定|完善|解释|变更|废止)(?=和|或|、|及|与|并))*"
    r"(?:和|或者?|、|及|与|并)?(?P<of>对|将)?$"
)
# Behind the title: 将于明年废止, 已于2008年废止, 被《乙》废止
_ANOTHER_TIME = re.compile(
    r"(?:将(?:于[^，。；]{1,16})?|已经?(?:于[^，。；]{1,16})?)(?:予以|同时|自动|依法|被|相应|全文)*$"
)
_BY_ANOTHER = re.compile(
    r"(?:(?:被|由(?![本“\"]))(?:[^，。；（()）]|[（(][^，。；（()）]{0,40}[)）]){1,60}|被)$"
)
# 五年来，…废止《甲》等5部法规; 拟制定《甲》，废止《乙》: told of, or planned
_TOLD_OF = re.compile(r"(?:年来|近年|全年|先后|累计|计划|(?<![虚模])拟|建议)(?!.*(?:决定|同意|批准|现))")
_PLANNED = re.compile(r"^[^。；]{0,30}(?:列入|纳入|列为)[^。；]{0,24}(?:计划|项目|规划|任务)")
# …是修改、废止《甲》的依据; 关于废止《甲》的议案
_THE_ACT_AS_SUCH = re.compile(
    r"^[^，。；《》]{0,10}的(?:重要|主要|必要)?(?:依据|参考|前提|程序|条件|建议|议案|说明|报告|过程|请示|草案|工作|情况|决定|通知)"
)
_IF = re.compile(r"^[^，。；]{0,16}的[，,]")  # 停止执行《甲》的，责令改正
_EXCEPT = re.compile(r"除[^，。；《》]{0,8}(?:《一》、)?$")  # 除《甲》继续有效外，其他一律废止
_BREAKING = re.compile(r"(?:违反|违背|不符合|未按照?)[^，。；]{0,6}$")  # 违反《甲》的，予以撤销
# 《甲》与本办法不一致的，停止执行: what differs, not the document
_WHERE_IT_DIFFERS = re.compile(r"^(?![、和]|以?及|等)[^。；]*(?:不一致|不相?符|抵触|冲突|矛盾|相悖)的")
_NTH = r"第?[一二三四五六七八九十百零〇\d]{1,6}"
_ARTICLE = rf"第{_NTH[2:]}(?:[、和至－—-]{_NTH}){{0,12}}(?:条|款|项|目|章|节|点|部分)(?:之[一二三四五六])?"
# 《甲》第三条规定的合同予以撤销: the word is not said of the document
_REVOKED = re.compile(
    rf"(?>(?>等[^，。；（(]{{1,16}}|因[^，。；]{{2,40}}(?=，)|(?:行政)?(?:处罚|许可|复议|处理)?决定书?(?=，)|文件|文|同时|一并|一律|即行|即|现|均|全部|全文|也|相应|随之|依法|决定|到期|期满|届满|有效期已?|后|不再(?:续期|延续|延期)"
    rf"|[的中]?(?:{_ARTICLE}|附件\d*)|[的中]?(?:部分|有关|相关|个别)?(?:条款|条文)|[（(][^（()）]{{0,40}}[)）]|自[^，。；]{{1,24}}起|[，、及和])*)$"
)
# 《甲》第二条同时废止, 某发〔2020〕3号中有关标准的规定停止执行: the document itself stays in force
_PART = re.compile(
    rf"^[）)]?(?:文件?|通知)?(?:[中的]*(?:{_ARTICLE}|附件|附表|附录)|中(?:的|有关|关于|涉及|相关|[“‘\"])|规定的|的?(?:部分|有关|相关|个别)?(?:条款|条文|内容|规定))"
)
_CHANGED = r"(?:修改|修订|调整|更正|更改|变更|改|修正|勘误)为"
_AMENDS_AFTER = re.compile(
    r"^(?P<gap>[^。；]{0,20}?)(?:作如下修改|作出修改|修改如下|补充(?:通知|规定|公告)?如下|予以修改|修改为|修订为|进行(?:打包|集中|相应)?(?:修改|修订)|作出如下修改|作以下修改|修订如下"
    r"|予以修订|予以更正|更正如下|更正为|作(?:出)?(?:如下|以下|部分|适当|相应)(?:修订|修改|调整|补充|更正))"
)
_CHANGES_TO = re.compile(r"^(?P<gap>)的(?:修改|修订)[：:。]?$")  # 一、对《甲》的修改
_ADJUSTED = re.compile(
    r"^(?P<gap>等?(?:[一-鿿\d]{0,8}(?:文件|规章))?[的中]?(?:部分|有关|相关|个别)?(?:内容|条款|条文)?)(?:进行|予以|作出)(?:了)?(?:调整|补充|完善)"
)
# 《甲》第八条“五年”调整为“三年”, 《甲》第五条增加一款
_ARTICLE_CHANGED = re.compile(
    rf"^(?P<gap>(?:[）)])?(?:文件?)?[中的]*(?:{_ARTICLE}|附件[一二三四五六七八九十\d]*)[^。；]{{0,60}}?)(?:{_CHANGED}|增加[一二三四五六七八九十]+[条款项章节句目]|删[去除])"
)
_WORDS_CHANGED = re.compile(
    rf"^(?P<gap>[的中]*[“\"「][^”\"」。]{{1,60}}[”\"」](?:统一|一并|相应)?){_CHANGED}"
)
_AMENDS_BEFORE = re.compile(rf"(?:修改|修订|修正)(?:了|后的)?\s*{_SOME}$")
# 将“《甲条例》”修改为“《乙法》”
_WORDING = re.compile(r"[”\"](?:统一|一并|均)?(?:修改|更改|变更|调整|改|删)")
_STRIKES = re.compile(r"删[去除](?:了)?\s*$")
# （2023年1月2日公布 根据2025年3月4日《关于修改〈甲〉的决定》第一次修正）: what has changed the document, not its ground
_AMENDED_BY = re.compile(r"^\s*(?:第[一二三四五六七八九]次)?(?:修正|修订|修改)(?:[。，、；）)\s]|并|后)")
# 依据《甲》，本文废止: a note of those who keep the text
_ENDED_BY = re.compile(
    r"[^。；，\n]{0,16}，本(?:文|法规|规定|通知|公告|办法|件)[^。；，\n]{0,6}(?:废止|失效)"
)
_FORWARDS = re.compile(rf"(?:转发|批转)(?!了|的)[^，。；《》（(]{{0,40}}{_SOME}$")
_BY_NUMBER = re.compile(r"》(?:文件?)?[^，。；《》]{0,6}(?:转发|批转)")  # 省政府以某发〔2020〕1号转发《甲》
_FORWARDED = re.compile(r"^[^。；]{0,40}现(?:予|将其|将该[^，。；]{0,6})?(?:转发|批转)")
_NOW = re.compile(rf"现将[^，。；《》]{{0,20}}{_SOME}$")  # 现将《甲》印发, 现将省政府《甲》转发
_FORWARDED_NOW = re.compile(r"^[^。；]{0,60}(?:转发|批转)")
# 现将《甲》印发; not 现将《甲》评审结果公布
_PRINTED_NOW = re.compile(
    r"^(?:(?!结果|情况|名单|问题|事项|有关|进展)[^。；]){0,60}(?:印发|印送|下发|下达|发布|公布|公告|颁布|颁发|刊发)"
)
_ATTACHES = re.compile(
    r"现(?:予(?:以)?|公开)?(?:印发|发布|公布|颁布|批准(?:发布)?)(?:修订后的|新修订的)?\s*$"
)
# Up to the word no other document is named, save as the ground: 《甲》已根据《乙》修订，现印发给你们
_ITS_OWN = (
    r"(?:[（(]《[^《》]*》[）)]|(?!根据|按照|依据|依照)[^。；《》]"
    r"|(?:根据|按照|依据|依照)(?>(?:[^，。；《》]{0,20}(?:《[^《》]*》[^，。；《》]{0,8}){1,4})?))*?"
)
_ATTACHED = re.compile(
    rf"^{_ITS_OWN}(?:现(?:予(?:以)?)?(?:印发|发布|公布|颁布)|(?:印发|印送|下发|下达|颁发|(?<!转)发)给你们|予以(?:印发|发布|公布))"
)
# 根据《甲》《乙》（某发〔2020〕1号）、《丙》和《丁》: the words before the first, and nothing but more of the list since.
_OFFICE = (  # 和省政府, 、教育部等八部门联合印发的
    r"[府委局厅部院办会署行](?:等[一二三四五六七八九十\d]{1,3}(?:个?部门|部委|单位))?(?:联合)?(?:印发|发布|下发|制定|颁布)?的?"
)
_LIST = (
    rf"(?>(?>(?<=[、和及与以])[一-鿿\d、 ]{{1,30}}?{_OFFICE}(?=《|$)|《[^《》]*》|[（(][^（()）]*[)）]"
    r"|第[一二三四五六七八九十百零〇\d]{1,6}[条款项目]|文件?|[、及和与以或者·/]|[，,](?=《)|(?<=[条款项目])，$|\s)*)"
)
# 未按照《甲》, 停止执行《甲》, 拒绝执行《甲》 rest on nothing
_FOLLOWS = r"(?<![未不])(?<!未严格)(?<!未完全)(?<!未及时)"
_GROUNDS = (
    rf"(?:(?<!所)根据|(?<![所的其])(?<!相关)(?<!有关)依据|参照|比照|对标|为了?(?:更好地|全面|有效|正确)?(?:实施|施行)|{_FOLLOWS}(?:按照|依照|遵照|贯彻|落实)"
    rf"|{_FOLLOWS}(?<![停终]止)(?<!暂停)(?<!暂缓)(?<!继续)(?<!不再)(?<!拒绝)(?<!拒不)执行(?!的))"
)
# …按照上级的要求编制《甲》: what the ground is has been said
_SAID = r"(?!(?:要求|规定|精神|部署)(?![和、及与以或，])|(?:编制(?!委)|制定|起草|呈请|报送|提交|出台)(?!的))"
_IMPLEMENTS = re.compile(
    # The class says no at once where each branch would be tried, at every character of a sentence
    rf"(?=[根依参比对为按遵贯落执据])(?:{_GROUNDS}(?:{_SAID}[^，。；：《》]){{0,40}}|(?<!失效)(?<!废止)(?:根据|依据)\s*[：:]\s*(?:\d[.、])?"
    rf"|(?:(?<![一-鿿])据|{_FOLLOWS}[按依](?:[一-鿿]{{2,12}}[部委局厅院府办会署])?)){_LIST}[（(]?$"
)
# Between it and the word another document stands, and a clause ends: 《甲》自1月1日起施行，《乙》同时废止
_CLAUSE = re.compile(
    rf"^(?:文件?)?(?>(?:{_ARTICLE}|[（(][^（()）]*[）)]|[、和与及至])*)[^，、（(和与及][^，]*+，"
)
_BY = re.compile(r"[被由](?!申请人|告)[^，。；《》]{0,6}$")  # 《甲》被《乙》废止, 已由某发〔2020〕3号修改
_BRACKET = r"[（(](?>(?:[^（()）]|[（(][^（()）]*[）)])*)[）)]"
_TITLED = rf"《[^《》]*+》(?>(?:\s?{_BRACKET})?)"
# A list of titles and numbers: what is said before its first is said of all
_RUN = re.compile(
    rf"{_TITLED}(?>(?:(?:文件?)?(?>(?:[、和及与或 ]|以及){{1,3}})(?:[一-鿿\d]{{1,24}}?{_OFFICE}(?=《))?{_TITLED})+)"
)
# The rest of a list of titles and numbers
_MORE = re.compile(
    rf"(?>(?:[）)]?(?:文件?)?[、，和及与以 \u3000]{{0,3}}《[^《》]*+》(?:\s?{_BRACKET})?){{0,40}})"
)
_MARKS = tuple(zip("\x01\x02\x03,;:", "一《》，；：", strict=True))


def _blot(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with titles and the numbers at ``spans`` as 《一一一》 and with Chinese commas; each place stays where it is."""
    parts, at = [], 0
    for start, end in spans:
        if start >= at and end - start > 2:
            parts.append(text[at:start])
            parts.append("\x02" + "\x01" * (end - start - 2) + "\x03")
            at = end
    parts.append(text[at:])
    marked = _INSIDE.sub(_filler, "".join(parts))
    for mark, character in _MARKS:
        marked = marked.replace(mark, character)
    return marked


def _filler(title: re.Match[str]) -> str:
    return "《" + "一" * (len(title.group()) - 2) + "》"


class Blotted:
    """A text whose titles and numbers are blotted out, to be asked what it says of the documents that they name."""

    def __init__(self, text: str, numbers: Iterable[tuple[int, int]]) -> None:
        """``numbers``: where document numbers stand."""
        self._text = _blot(text, numbers)
        runs = list(_RUN.finditer(self._text)) if "》" in self._text else []
        self._runs, self._ends = [run.start() for run in runs], [run.end() for run in runs]

    def list_end(self, end: int) -> int:
        """Where the list of documents ends that goes on behind a place."""
        more = _MORE.match(self._text, end)
        return more.end() if more else end

    def _clause(self, start: int) -> str:
        """What follows a place up to the end of the sentence."""
        stop = _SENTENCE_END.search(self._text, start, start + _AFTER)
        return self._text[start : stop.start() if stop else start + _AFTER]

    def _before(self, start: int) -> str:
        """The sentence up to a place; of a list that stands there, no more than that it is one."""
        run = bisect_right(self._runs, start - 1) - 1
        joined = run >= 0 and start < self._ends[run]
        first = self._runs[run] if joined else start
        left = max(0, first - _BEFORE)
        left = max((m.end() for m in _SENTENCE_END.finditer(self._text, left, first)), default=left)
        return self._text[left:first] + ("《一》、" if joined else "")

    def relation(self, start: int, end: int, following: int, listed: Relation | None = None) -> Relation:
        """How the text refers to the document that is named from ``start`` to ``end``.

        ``following``: where the next document behind its list is named. ``listed``: what the heading of the list in which
        it stands says (决定废止下列文件：).
        """
        if _WORDING.match(self._text, end) and self._text[start - 1 : start] in ("“", '"'):
            return Relation.CITES
        behind = self.list_end(end)
        before, after, told = self._before(start), self._clause(end), self._clause(behind)
        grounds = _IMPLEMENTS.search(before)
        if grounds:  # 根据《甲》，《乙》同时废止: what follows the lead-in's clause is of another
            after, told = after.partition("，")[0], told.partition("，")[0]
        by_another = bool(_BY.search(before))
        repeals = _REPEALS.search(told)
        if repeals and following < behind + repeals.start() and _CLAUSE.match(self._text[behind:following]):
            repeals, after = None, after[: following - behind]
        if repeals and not _is_said_of_it(before, told[: repeals.start()], repeals.group()):
            repeals = None
        if not by_another and (repeals or _ended_before(before, after)):
            # 废止《甲》，修改《乙》: what stands directly before decides
            partly = _done(_AMENDS_BEFORE.search(before), after) or _PART.match(after)
            return Relation.AMENDS if partly else Relation.REPEALS
        now = _NOW.search(before)
        if now and _PRINTED_NOW.match(after) and re.search("(?:修订|修改)后的$", before):
            return Relation.ATTACHES  # 现将修订后的《甲》印发给你们
        if not by_another and _amended(before, after):
            return Relation.AMENDS
        if listed is not None and not grounds:
            return listed
        if (
            (_FORWARDS.search(before) and not _BY_NUMBER.search(before))
            or _FORWARDED.match(told)
            or (now and _FORWARDED_NOW.match(after))
        ):
            return Relation.FORWARDS
        if grounds:
            changed = _AMENDED_BY.match(self._text[end : end + 12]) or _ENDED_BY.match(self._text, end)
            return Relation.CITES if changed else Relation.IMPLEMENTS
        bracketed = self._text[start - 1 : start] in ("（", "(")
        if (
            _ATTACHES.search(before)
            or (_ATTACHED.match(told) and not bracketed)
            or (now and _PRINTED_NOW.match(after))
        ):
            return Relation.ATTACHES
        return Relation.CITES


def _ended_before(before: str, after: str) -> bool:
    """Whether words before a title end it: 决定废止《甲》, 宣布《甲》失效, 决定撤销《甲决定书》."""
    if _done(_REPEALS_BEFORE.search(before), after):
        return True
    if _DECLARED.search(before) and re.match(r"[^，。；]{0,40}(?:失效|废止|作废)", after):
        return _done(_DECLARED.search(before), after)
    revokes = _REVOKES_BEFORE.search(before)
    return revokes is not None and not _ASKED.search(before) and _done(revokes, after)


def _amended(before: str, after: str) -> bool:
    if _done(_AMENDS_BEFORE.search(before), after):
        return True
    if _PART.match(after) and _done(_STRIKES.search(before), after):
        return True
    for pattern in (_AMENDS_AFTER, _ARTICLE_CHANGED, _WORDS_CHANGED):
        changes = pattern.search(after)
        if changes and _is_said_of_it(before, changes["gap"], ""):
            return True
    to = before.endswith(("对", "将"))
    adjusted = (_ADJUSTED.match(after) or _CHANGES_TO.match(after)) if to else None
    return adjusted is not None and _is_said_of_it(before, adjusted["gap"], "")


def _done(verb: re.Match[str] | None, after: str) -> bool:
    """Whether a verb before a title is the document's own act: 决定修改《甲》, not 可以修改《甲》."""
    if verb is None or verb.string.endswith("与"):  # 废止与《甲》不符的规定
        return False
    before = verb.string[: verb.start()]
    return not (
        _NOT_BY_IT.search(before)
        or _TOLD_OF.search(before)
        or _PLANNED.match(after)
        or _IF.match(after)
        or _THE_ACT_AS_SUCH.match(after)
    )


def _is_said_of_it(before: str, between: str, verb: str) -> bool:
    """Whether a verb behind a title is said of it, and is the document's own act."""
    undone = _NOT_BY_IT.search(before)
    if (undone and undone["of"]) or _EXCEPT.search(before) or before.endswith("与"):
        return False  # 《甲》因与《乙》不符，予以废止
    if _NOT_BY_IT.search(between) and not between.endswith("自行"):
        return False
    if _ANOTHER_TIME.search(between) or _BY_ANOTHER.search(between) or _WHERE_IT_DIFFERS.search(between):
        return False
    if "的，" in between or _BREAKING.search(before):
        return False
    return verb not in ("失效", "予以撤销", "予以取消") or _REVOKED.match(between) is not None
