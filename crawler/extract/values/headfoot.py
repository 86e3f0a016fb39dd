"""What a document's own text says of it: title and number at its head, signature and date at its end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extract.values import dates, numbers

_GENRES = (
    "通知|通告|公告|公示|通报|意见|办法|规定|决定|决议|批复|复函|函|报告|请示|方案|规划|计划|细则|条例|规则|制度|预案|纲要|要点|指南|目录|清单|名单|答复|年报|报表|年度报告|公报|令"
    "|命令|议案|纪要|标准|规范|章程|解读|声明|说明|情况表|信息公开表|一览|一览表|通知书|决定书|告知书|答复书|决算|预算|公示表|价格表|成绩表|职位表|岗位表|安排表|日程表|统计表|汇总表|明细表|(?:名单|结果|成绩|号码)公布|简报|提示|提醒|倡议书|公开信"
)
# 某公报[1]: with the mark of a footnote
TITLE_END = re.compile(rf"(?:{_GENRES})(?:[（(][^（）()]{{1,20}}[）)])?(?:[\[［〔【]\d{{1,2}}[\]］〕】])?$")
_OF_PICTURES = re.compile(r"(?<!地)图[集片]?$")
_SALUTATION = re.compile(r"[:：]$")
# 公示方式：网站、现场公示
_NO_TITLE = re.compile(r"[，。；！？\t]|(?:时间|日期|期限|方式|地点|电话|单位|对象|范围)\s*[:：]")
ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．]"
    r"|第[一二三四五六七八九十百]{1,4}[章条节]|附件|附\s*[:：])"
)
_ORGANISATION = re.compile(
    r"(?:政府|委员会|办公室|办公厅|局|委|厅|部|院|署|处|科|司|办|室|所|站|中心|总队|支队|大队|分局|法院"
    r"|检察院|银行|学校|大学|学院|中学|小学|高中|医院|监狱|法庭|协会|公司|集团|支行|分行|政协|妇联|残联|文联|科协|工商联|侨联"
    r"|党组|党委|党工委|工委|管委会|街道办事处|办事处|指挥部|领导小组|联席会议|组织部|宣传部|政治处"
    r"|国务院|管理局|监管局|海关|税务局|税务总局|总局|总署|社|会|组|团|镇|乡|县|区|市"
    r"|省|军区|集团军|部队|总站|总会|联合会|馆|台|校|园|队|中共中央|共青团中央)"
    r"(?:[（(](?:代章|印|章|盖章|印章|公章|[^（()）]{2,20}[局委办署])[）)])?$"
)
_EVENT = re.compile(
    r"召开|举行|举办|出席|(?:听证|论证|发布|招聘|座谈|推介|展销|运动|洽谈|博览|拍卖|说明|推进|动员|表彰)会$"
)
# Right above the office that signs, the last of those that a text lists.
_LISTED = re.compile(r"(?:公司|集团|学校|[大中小]学|高中|幼儿园|医院|合作社)$")
_SEAL = re.compile(r"[（(](?:此处|加盖)?(?:印章?|公章|盖章|章)[）)]")
# Offices that have no more to their names than an ending.
_NAMES = ("国务院", "税务总局", "中共中央", "共青团中央")
# The first names whose branch the second is: 国家税务总局 临江市税务局 is one office, 财政部 税务总局 are two.
_BRANCHES = (
    ("税务总局", "税务局"),
    ("人民银行", "分行"),
    ("人民银行", "支行"),
    ("统计局", "调查队"),
    ("统计局", "调查总队"),
)
_PROSE = re.compile(r"[，。；！？“”《》]|[:：].")
_SIGNED_TOGETHER = re.compile(
    r"^(?P<body>[^\d〇一二三四五六七八九十]{3,60}?)\s*[，,]?\s*(?P<date>(?:19|20)\d{2}\s*年.*|(?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2}"
    rf"|[一二][{dates.ZEROS}一二三四五六七八九]{{3}}年.*)$"
)
# 部长　张三, 行 长：易 某: who signs an order, over its day or beside it
_PERSON = (
    r"代?(?:(?:部|行|市|省|署|局|州|县|区|院|厅|盟|旗|检察)\s*长|主\s*席|主\s*任|总\s*理)(?:\s*[:：]\s*|\s+)"
    r"[一-鿿·](?:\s?[一-鿿·]){1,6}"
)
_BY_PERSON = re.compile(_PERSON)
_BY_PERSON_ON = re.compile(
    rf"{_PERSON}\s+(?P<date>(?:(?:19|20)\d{{2}}|[一二][{dates.ZEROS}一二三四五六七八九]{{3}})\s*年.*)"
)
_NTH = r"(?:\d{1,4}|[一二三四五六七八九十百〇零○]{1,6})"
_BARE_ORDINAL = re.compile(rf"\s*[（(]?\s*(?:(?:19|20)\d{{2}}\s*年\s*)?第?\s*{_NTH}\s*号\s*[）)]?\s*$")
_ORDER_HEAD = re.compile(r"(?P<body>[一-鿿]{3,60}?)(?P<kind>令|公告|通告)$")
_ORDER_LINE = re.compile(
    rf"(?P<body>[一-鿿]{{3,60}}?)(?:令|公告|通告)\s*(?:(?:19|20)\d{{2}}\s*年\s*)?第\s*{_NTH}\s*号"
)
_ORDERED = re.compile(r"(?:现[将予]?公布)?《([^《》]{4,60})》(?:已|业)(?:经|于)")
_LEAST_OF_BULLETIN = 4  # lines beneath the signature at its head
_LAST = 40  # lines in which a signature that cannot be read is looked for
_LONGEST_DATE = 24
# 二、面试时间, 报名截止日期：, over a day that is when something takes place
_WHEN = re.compile(r"(?<!成文)(?<!发文)(?<!印发)(?<!签发)(?<!落款)(?:时间|日期|时限|期限)\s*[:：]?$")
_AT_AN_HOUR = re.compile("[:：时点分午晚晨周]|星期")
_COUNTED = r"[\d元正腊初廿卅一二三四五六七八九十]{1,4}"
_LIKE_A_DATE = re.compile(
    rf"(?:(?:民国|农历)\s*)?(?:\d{{2,4}}|[{dates.ZEROS}元一二三四五六七八九十]{{1,4}}|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥])\s*"
    rf"(?:年\s*{_COUNTED}\s*月\s*(?:{_COUNTED}\s*[日号]?)?|(?P<by>[-./])\s*\d{{1,2}}\s*(?:(?P=by)\s*\d{{1,2}})?)"
)
# （1986年3月21日国发〔1986〕37号）
_DATED = re.compile(
    r"[（(]?\s*(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*(?P<number>[^（()）]{2,24}号)\s*[）)]?$"
)
# 等级：特急·明电　某政办明电〔2031〕2号: the head of a telegram
_TELEGRAM = re.compile(r"(?:发电单位|等\s*级|签批盖章)(?=.*(?:明电|特急|加急|特提|平急))")
_OF_TELEGRAM = re.compile(r"(?:发电单位|等\s*级|签批盖章)\s*[:：\s]")
_HEAD = 8  # lines in which a document names itself


@dataclass(frozen=True, slots=True)
class Signature:
    """Issuing bodies and date as signed; ``date_line`` as written."""

    bodies: tuple[str, ...]
    date_line: str | None
    moment: dates.Moment | None


def tells_document(text: str) -> bool:
    """Whether a heading is called like a document, or like the pictures that are one: 某县城市总体规划图."""
    return bool(TITLE_END.search(text) or _OF_PICTURES.search(text))


def red_head(line: str) -> bool:
    """Whether a line is the head of a form, as 临江市教育局文件 over the number and title of a document."""
    text = "".join(line.split())
    return text.endswith("文件") and is_organisation(text.removesuffix("文件"))


def _may_name(line: str) -> bool:
    """Whether a line can be a title, or one of the lines of it: short, no prose, no item, no salutation."""
    return not (len(line) > 60 or _SALUTATION.search(line) or ITEM.match(line) or _NO_TITLE.search(line))


def is_title(line: str) -> bool:
    """Whether a line by itself is called like a document."""
    return bool(TITLE_END.search(line)) and _may_name(line)


def own_title(lines: Sequence[str]) -> str | None:
    """The title at the head of a text: short lines without prose that together end in a genre word."""
    joined = ""
    for index, line in enumerate(lines[:5]):
        if (
            line.endswith(("令", "公告"))
            and "关于" not in line
            and index + 1 < len(lines)
            and numbers.own_line(lines[index + 1])
        ):
            return None  # 中华人民共和国国务院令 over 第9号: the order's head, its title follows in the text
        if numbers.own_line(line) or dates.whole(line):
            if joined:
                break
            continue
        if not joined and (red_head(line) or _OF_TELEGRAM.match(line)):
            continue
        if not _may_name(line):
            break
        joined += line
        if len(joined) > 150:
            return None
        if TITLE_END.search(joined):
            return joined if len(joined) >= 6 else None
    return None


def ordered_title(lines: Sequence[str]) -> str | None:
    """The rule that an order names (《某办法》已经…通过) and that follows under its own name.

    A notice names what it forwards in the same words, and has a title of its own.
    """
    if order_body(lines) is None:
        return None
    for index, line in enumerate(lines[:_HEAD]):
        if named := _ORDERED.match(line):
            return named[1] if named[1] in lines[index + 1 : index + 1 + _HEAD] else None
    return None


def order_head(lines: Sequence[str]) -> tuple[str, str] | None:
    """Who gives an order, and the word for it, of the last of the lines over its number: (某市人民政府, 令)."""
    # Its giver may take two lines (中华人民共和国 over 国务院令); the title of a rule over its order is none of it.
    over = lines[-2].strip() if len(lines) > 1 else ""
    both = not over or over.endswith(("国", "、")) or is_organisation(over)
    found = _ORDER_HEAD.match(re.sub(r"\s+", "", "".join(lines[-2:]))) if lines and both else None
    if found is None:
        found = _ORDER_HEAD.match(re.sub(r"\s+", "", lines[-1])) if lines else None
    if found is None or "关于" in found["body"]:
        return None
    if not is_organisation(found["body"]) and not found["body"].endswith("国主席"):
        return None
    return found["body"], found["kind"]


def is_ordinal(line: str) -> bool:
    """Whether a line is a number that lacks its giver: 第 300 号, 2031年第8号."""
    return bool(_BARE_ORDINAL.match(line))


def is_number(line: str) -> bool:
    """Whether a line is a document number that says whose it is, and nothing else."""
    return "号" in line and numbers.own_line(line) is not None and not is_ordinal(line)


def order_body(lines: Sequence[str]) -> str | None:
    """Who gives the order that a text begins with; of several, one to a line, all: 某市交通运输局、某市公安局."""
    for index, line in enumerate(lines[:_HEAD]):
        if numbers.own_line(line):
            alone = _ORDER_LINE.fullmatch(line.strip())  # 某市应急管理局令 第 42 号
            if alone and is_organisation(alone["body"]):
                return _joint(lines[:index], alone["body"])
            head = order_head(lines[:index])
            last = _ORDER_HEAD.fullmatch(re.sub(r"\s+", "", lines[index - 1])) if head else None
            joint = _joint(lines[: index - 1], last["body"]) if last else ""
            if head is None:
                return None
            return joint if len(joint) > len(head[0]) else head[0]
        if len(line) > 60 or "。" in line:
            break
    return None


def _joint(above: Sequence[str], body: str) -> str:
    """The giver of an order with the offices on the lines right above it, where each is one by itself."""
    offices = ["".join(line.split()) for line in above]
    start = next((i + 1 for i in range(len(offices) - 1, -1, -1) if not is_organisation(offices[i])), 0)
    return "、".join(apart([*offices[start:], body]) or ("".join([*offices[start:], body]),))


def own_number(lines: Sequence[str]) -> str | None:
    """The line among the first that is nothing but a document number. As written.

    Of an order (某市人民政府令 over 第 300 号) with the line above it.
    """
    for index, line in enumerate(lines[:_HEAD]):
        if numbers.own_line(line):
            head = order_head(lines[:index]) if is_ordinal(line) else None
            return f"{head[0]}{head[1]} {line}" if head else numbers.without_label(line)
        number, *day = line.rsplit(maxsplit=1) or [""]
        if day and is_number(number) and dates.whole(day[0]):
            return numbers.without_label(number)  # 某发〔2031〕1号　2031-03-01
        dated = _DATED.match(line)
        if dated and numbers.own_line(dated["number"]):
            return dated["number"]
        if _TELEGRAM.match(line) and len(sent := numbers.find(line)) == 1:
            return sent[0].number
        if len(line) > 120 or "。" in line or _SALUTATION.search(line):
            break  # the text has begun: a number behind it is that of a forwarded document or an annex
    return None


def number_beneath(lines: Sequence[str]) -> str | None:
    """The number that is the last line of a text, under the day of its one signature."""
    if len(lines) <= _HEAD // 2 or not is_number(lines[-1]) or dates.whole(lines[-2]) is None:
        return None
    signed = signature(lines)
    return lines[-1] if signed is not None and signed.date_line == lines[-2] else None


def is_organisation(line: str) -> bool:
    """Whether a line can be the body that signs: short, no prose, ends like an office."""
    text = "".join(line.split())
    return (
        2 < len(text) <= 60
        and not _PROSE.search(text)
        and not ITEM.match(text)
        and bool(_ORGANISATION.search(text))
        and not _EVENT.search(text)
        and not any(map(str.isdecimal, text))
    )


def signature(lines: Sequence[str]) -> Signature | None:
    """The first signature of a text: offices on lines of their own over a date on its own line.

    The first, because a forwarded report or an annex behind it has one of its own. A date alone counts
    where it is written with 年月日, not among the first lines unless it is the last, or where a person signs: 部长　张三.
    """
    noted: Signature | None = None
    for index, line in enumerate(lines):
        if len(line) > 90:
            continue
        together = _SIGNED_TOGETHER.match(line)
        if together and index and is_organisation(together["body"]):
            moment = dates.whole(together["date"])
            if moment:
                return Signature(_split(together["body"]), together["date"], moment)
        person = _BY_PERSON_ON.fullmatch(line) if index and "年" in line else None
        if person and (moment := dates.whole(person["date"])):
            return Signature((), person["date"], moment)
        # 某局→某局 over 2031年3月1日→2031年3月1日: joint issuers sign in the cells of a table without lines.
        written = _one_of_cells(line) if "\t" in line else line
        moment = dates.whole(written)
        if moment is None or (index == 0 and line[0] not in "（("):
            continue
        bodies = _above(lines, index)
        if bodies and not all(is_organisation(over) or _SEAL.fullmatch(over) for over in lines[:index]):
            return Signature(bodies, written, moment)
        if bodies:  # at the very head: an office that signs at the foot says more
            noted = noted or Signature(bodies, written, moment)
            continue
        # An order that forwards a plan may be two lines long: 各区： over 现将…印发给你们。
        late = index >= 3 or index == len(lines) - 1 or (index == 2 and _SALUTATION.search(lines[0]))
        alone = (
            (late or line[0] in "（(") and "年" in line and "\t" not in line and not _of_event(lines, index)
        )
        if alone or (index and _BY_PERSON.fullmatch(lines[index - 1])):
            if (index >= _HEAD or line[0] not in "（(") and not (noted and noted.bodies):
                return Signature((), line, moment)
            # （2031年3月1日） under a title: a signature says more
            noted = noted or Signature((), line, moment)
    return noted


def _of_event(lines: Sequence[str], index: int) -> bool:
    """Whether a day on a line of its own is when something takes place: 面试时间 over 2031年8月20日（星期六）上午8:00."""
    over = lines[index - 1] if index else ""
    return bool(_AT_AN_HOUR.search(lines[index]) or _WHEN.search(over))


def misdated(lines: Sequence[str]) -> str | None:
    """The line under a signing office that is shaped like a date and is none: 2026年13月1日, 2026年7月, 二〇二六年正月初三."""
    for index in range(len(lines) - 1, max(0, len(lines) - _LAST), -1):
        line = lines[index]
        if len(line) <= _LONGEST_DATE and _LIKE_A_DATE.fullmatch(line) and not dates.whole(line):
            return line if _above(lines, index) else None
    return None


def _above(lines: Sequence[str], index: int) -> tuple[str, ...]:
    bodies: list[str] = []
    first = index
    for line in reversed(lines[max(0, index - 6) : index]):
        if _SEAL.fullmatch(line):
            continue
        cells = [cell for cell in line.split("\t") if cell]  # empty ones move a signature to the right
        if not cells or not all(map(is_organisation, cells)):
            break
        if bodies and _LISTED.search(cells[0]) and not _LISTED.search(bodies[0]):
            break
        bodies[:0] = [body for cell in cells for body in _split(cell)]
        first -= 1
    # At the very head those of a bulletin stand (某市统计局 over 2031年3月15日); a title over a day has little beneath it.
    at_head = first == 0 and ("年" not in lines[index] or len(lines) - index <= _LEAST_OF_BULLETIN)
    return () if at_head else tuple(bodies)


def _one_of_cells(line: str) -> str:
    """What all filled cells of a row say, or nothing."""
    first, *others = [cell for cell in line.split("\t") if cell] or [""]
    return first if all(other == first for other in others) else ""


def _split(line: str) -> tuple[str, ...]:
    """Offices of a line of joint issuers, which are set apart by white space; 国 务 院 is one."""
    text = re.sub(r"[（(](?:代章|印|章|盖章|印章|公章)[）)]$", "", line.strip())
    return apart(text.split()) or ("".join(text.split()),)


def apart(words: Sequence[str]) -> tuple[str, ...] | None:
    """The offices that words set apart by white space name, where each names one; a branch joins the office before it, where
    it does not name that itself."""
    offices: list[str] = []
    for word in words:
        if offices and any(
            offices[-1].endswith(o) and word.endswith(b) and o not in word for o, b in _BRANCHES
        ):
            offices[-1] += word
        else:
            offices.append(word)
    return tuple(offices) if len(words) > 1 and all(map(is_office, offices)) else None


def is_office(word: str) -> bool:
    """Whether a word can be an office by itself: 财政部 can; 临江市 of 临江市 教育局, a lone 办公室, 院 of 国 务 院 cannot."""
    ending = _ORGANISATION.search(word)
    if word in _NAMES:
        return True
    return bool(ending and ending.start()) and (
        len(word) >= 4 or (len(word) == 3 and word[-1] not in "省市县区州镇乡")
    )
