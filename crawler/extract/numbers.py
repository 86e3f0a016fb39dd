"""Document numbers (发文字号): their grammar, their variants, and which of them a document only cites.

Three families, each written in many ways on real pages:

* 代字〔年〕序号号 (GB/T 9704): 国办发〔2019〕4号; also with [] （） 【】 〈〉 《》 ‘’ 〚〛 for the brackets, with 第 or
  spaces before the serial, with several serials (10号、11号、12号; 12号-13号; 89-93号); before the standard with a
  year of two digits (劳部发[94]503号) or the year in front: （88）国税地字第025号;
* orders: 国务院令第711号, 国务院令（第711号）, 国务院第711号令, 国令第9号;
* announcements: 某部公告2024年第5号, 2024年第5号, 2024年第44号令, 公告第5号.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPEN, _CLOSE = "〔\\[［（(【〈《‘〚﹝{", "〕\\]］）)】〉》’〛﹞}"
_YEAR = r"(?:19|20)\d{2}"
_DASHES, _COMMAS = "-—－–~～至", "、，,和及与"
_DIGITS = r"(?:\d(?: \d){1,3}(?!\d)|\d{1,6})"  # 1 5 号: digits that an editor set apart
_SERIALS = rf"[A-Za-z]?{_DIGITS}(?:\s*[{_DASHES}{_COMMAS}]\s*\d{{1,6}})*"
_OLD_YEAR = r"[5-9]\d"  # of 1950 to 1999
_CORE = re.compile(
    rf"[{_OPEN}]\s*(?P<year>{_YEAR}|{_OLD_YEAR})\s*年?\s*[{_CLOSE}]\s*(?:第\s*)?(?P<serial>{_SERIALS}\s*号"
    rf"(?:\s*[{_DASHES}{_COMMAS}]\s*(?:第\s*)?{_SERIALS}\s*号)*)"
)
# （88）国税地字第025号, （1994）财税字第10号
_YEAR_FIRST = re.compile(
    rf"[（(〔\[［]\s*(?P<year>{_YEAR}|{_OLD_YEAR})\s*[）)〕\]］]\s*(?P<code>[一-鿿]{{2,10}}?字)\s*第\s*(?P<serial>{_DIGITS})\s*号"
)
_OF_OLD_YEARS = re.compile(r"[一-鿿][字发函办税资令文]$")  # what a 代字 before a year of two digits ends in
# Numbers of the same shape that are none of documents: cases of courts, prosecutors and arbitrators, notarial deeds, titles to land
# and houses, licences.
_OTHER_REGISTERS = re.compile(
    r"(?:[初终再申监执提他辖督破催特更减假抗赔诉]字|[民刑行][初终再申]"
    r"|仲(?:裁|案|裁案)?字|仲(?:裁|案)"
    r"|检(?:[刑民行]|公诉|公益|未)[一-鿿]{0,4}[诉抗监赔]|证字|[国集]用|他项|权证?|房地[一-鿿]?字|准字|网文|[经许]证?字?许可证)$"
)
_OF_PEOPLE = re.compile(
    r"[民刑执诉仲裁鉴证审]"
)  # （2014）亲鉴字第141号: year-first as courts and experts still number
_MID_CODE = re.compile(r"[一-鿿]?[（(](?!试行|暂行|草案|修订|修正|试点|节选|摘要)[一-鿿]{1,4}[）)]$")
_URGENCY = re.compile(r"^(?:特提|特急|加急|平急|急件|急)[\s★·]+")
_KINDS = "公告|通告|通报|命令|令|公示"
_COUNT = r"(?:[0-9]{1,4}|[一二三四五六七八九十百〇零○]{1,6})"
_ORDER = re.compile(
    rf"(?P<body>[一-鿿、\s]{{0,40}}?)(?P<kind>{_KINDS})\s*[（(]?\s*(?:(?P<year>{_YEAR})\s*年)?\s*第?\s*(?P<serial>{_COUNT})\s*号\s*[）)]?"
)
# 国务院第711号令, 改革委2026年第44号令, 2026年第44号令, 2031年第37号
_ORDER_BEFORE = re.compile(
    rf"(?P<body>[一-鿿、\s]{{0,40}}?)(?:(?P<year>{_YEAR})\s*年\s*)?第\s*(?P<serial>{_COUNT})\s*号\s*(?P<kind>{_KINDS})?"
)
_KIND_AND_YEAR = re.compile(rf"(?P<kind>{_KINDS})〔(?P<year>\d{{4}})〕(?P<serial>\d+)号$")
_ORDINAL = re.compile(rf"第\s*{_COUNT}\s*号")
_KIND_BEFORE = re.compile(rf"(?:{_KINDS})\s*[（(]?\s*(?:{_YEAR}\s*年)?\s*$")
_YEAR_BEFORE = re.compile(rf"{_YEAR}\s*年\s*$")
_KIND_AFTER = re.compile(rf"\s*(?:{_KINDS})")
_BEFORE_ORDINAL = 16  # characters before 第 in which kind and year may stand
# 某部公告2031年第12号 关于某事, 某署公告2031年第61号（关于某事的公告）, 某总局令第61号《某办法》, 某行令〔2031〕第4号（某办法）
_LEADING = re.compile(
    rf"^(?!废止|修改|修订|转发|印发)(?P<number>[一-鿿、\s]{{0,40}}?(?:{_KINDS})\s*(?:[（(]?\s*(?:{_YEAR}\s*年)?\s*第\s*{_COUNT}\s*号"
    rf"|[〔\[]\s*{_YEAR}\s*[〕\]]\s*第?\s*\d{{1,6}}\s*号)"
    rf"(?:\s*[）)]|(?=\s|关于|[—:：]|$|[（(].*[）)]\s*$|《[^《》]*》\s*$)))"
)
# 2031年第1号公告：某审计结果, 【第225号令】《某办法》
_LEADING_ORDINAL = re.compile(
    rf"^[【\[]?(?P<number>(?:{_YEAR}\s*年\s*)?第\s*{_COUNT}\s*号(?:令|公告|通告))(?:[】\]]|(?=[\s:：《]))(?!.*》.)"
)
_LEADING_CORE = re.compile(
    rf"^(?P<number>[^\s《》]{{1,16}}[{_OPEN}]\s*{_YEAR}\s*[{_CLOSE}]\s*第?\s*\d{{1,6}}\s*号)\s*(?:\s|[:：]|(?=关于))(?=.*关于)"
)
_LABEL = re.compile(r"^\s*(?:发文字号|文号|字号)\s*[:：]\s*")
_GIVER = re.compile(rf"([一-鿿、\s]{{2,40}}?)(?:{_KINDS})")
_TITLE_ENDS = re.compile(
    r"(?:通知|意见|办法|规定|决定|批复|公告|通告|通报|细则|方案|计划|规划|报告|措施|函)\s*$"
)
_TRAILING = re.compile(rf"(?:\s|(?<=[》）)]))(?P<number>{_YEAR}\s*年\s*第\s*{_COUNT}\s*号\s*(?:{_KINDS})?)$")
_PREFIX_TAIL = re.compile(r"[一-鿿A-Za-z0-9（）()·]{1,24}$")
# Words of running text that stand before a 代字 and are no part of it.
_LEAD = re.compile(
    r"^.*(?:根据|按照|依据|依照|遵照|参照|适用|贯彻|落实|执行|废止|修改|修订|转发|印发|关于|通知|意见|办法|规定|决定|文件|批复|公告|复函|方案"
    r"|报告|要求|以及|或者|发布|公布|下发|文号|字号|编号|号"
    r"|人民政府|办公室|办公厅|委员会|国务院|[省市县区州]政府|[局委厅部府院办会][在以将对于按由]|作出|出具|发出|送达|撤销|维持|取得|持有|签订|收到|提交|提供|原告|被告|[按被见以的了])(?=.)"
)
# The full name of the office that numbered it, before the 代字: 国家税务总局国税发〔2009〕31号, 临江市财政局临财税〔2031〕3号;
# but 人社部发, 工信部联企业 are 代字 themselves.
_OFFICE = re.compile(
    r"^.*(?:国家[一-鿿]{1,8}?(?:局|委|办|署)|[一-鿿]{2}总[局署]|[省市县区州][一-鿿]{2,10}(?:[局厅]|委会|委(?!会|员))"
    r"|[一-鿿]{2}(?:中心|检察院|法院|大队|支队|办事处|鉴定所|监督所)"
    r"|(?:财政|教育|科技|科学技术|商务|民政|司法|公安|卫生|水利|农业|农业农村|交通|交通运输|生态环境|环境保护|自然资源|国土资源"
    r"|住房城乡建设|住房和城乡建设|工业和信息化|人力资源社会保障|人力资源和社会保障|文化和旅游|铁道|建设|劳动|人事)部)"
    r"(?=[^发函办字规令联公通局厅委室][一-鿿]|公[一-鿿]字)"
)
_ISSUER = re.compile(r"[一-鿿]{2,24}(?:部|委|委员会|局|署|会|院|办|办公室|厅|行|政府)[、 \u3000]{1,3}$")
_MOST_ISSUERS = 12
_ORDER_LEAD = re.compile(
    r"^.*(?:根据|按照|依据|依照|遵照|参照|适用|贯彻|落实|执行|废止|修改|修订|转发|印发|关于|通知|意见|办法|规定|条例|决定|文件|批复|要求|以及|或者|发布|公布|公告|通告|年度|号|作出|符合|违反|[的了])(?=.)"
)
_DAY = re.compile(r"^.*\d\s*日(?=.)")  # 2023年12月26日某府规〔2023〕9号公布; 日政发〔2020〕3号 is of 日照
_LEADS_IN = re.compile(r"(?:根据|按照|依据|依照|遵照|参照|贯彻|关于|详见|执行|转发|见)")
_CONNECTIVES = re.compile(r"^[和与及或见由按据以为对在将即原的了经](?=..)")
_NO_CODE = re.compile(
    r"(?:作出|出具|发出|送达|印发|发布)?[的了]?|[及和与或以按被见]"
)  # 原单位作出的〔1999〕3号
_THAT_IS = re.compile(r"^(?:即(?=[国财税])|原(?![政平州府办阳]))")  # 即政发 is of 即墨, 原政发 of 原平
_OF_THE_COURT = re.compile(r"法[（(][一-鿿]{1,2}[）)][发复函]?$")  # 法（民）发〔1988〕6号
_NOUNS = re.compile(r"(?:通知|意见|办法|规定|决定|文件|批复|公告|复函|方案|报告|要求|号)$")
_ENDS = ("》", "）", ")", "】", "”", "号")
# （临）应急罚〔2031〕3号: a place in brackets that belongs to the 代字 of a decision; not 意见（试行）临政发
_PLACE = re.compile(r"(?<![一-鿿])[（(][一-鿿]{1,6}[）)](?=[一-鿿]{1,6}[罚告决责强改处]$)")
_BRACKETS = str.maketrans("()", "（）")
_WIDE_DIGIT = re.compile("[０-９]")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_SPACE = re.compile(r"\s+")
_MOST_SERIALS = 60  # numbers that one range is spelled out to


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document number found in a text: normalised form, and where it stood."""

    number: str
    start: int
    end: int


def _serial(text: str) -> str:
    """``第 05 号、 6 号`` → ``5号、6号``; every dash an ASCII hyphen."""
    joined = _SPACE.sub("", text).replace("第", "").translate(str.maketrans("—－–~～至", "------"))
    joined = joined.translate(str.maketrans("，,和及与", "、、、、、"))
    return re.sub(r"(?<![\dA-Za-z])0+(?=\d)", "", joined)


def normalise(value: str) -> str | None:
    """The normal form of a value that is one document number (or several of one series), else None.

    >>> normalise("义政办发 [2013] 第 130 号")
    '义政办发〔2013〕130号'
    >>> normalise("公告 2031年 第8号")
    '公告2031年第8号'
    """
    text = _URGENCY.sub("", value.strip().translate(_WIDE))
    old = _YEAR_FIRST.fullmatch(text)
    if old:
        return None if _of_others(old["code"]) else _year_first(old)
    match = _CORE.search(text)
    if not match:
        return _ordered(text)
    if not re.fullmatch(r"[\s。;；)）]*+(?:文件?|签发人.*+)?+[\s。)）]*+", text[match.end() :]):
        return None
    prefix = _SPACE.sub("", text[: match.start()])
    prefix = prefix.translate(_BRACKETS)
    if "）" not in prefix:
        prefix = prefix.lstrip("（")
    if (
        len(prefix) > 24
        or not re.fullmatch(r"(?:[^（）]|（[^（）]*）)*", prefix)
        or "关于" in prefix
        or re.search(r"[，。；;：:《》〔〕号|｜丨│┃︱]", prefix)
        or _LEADS_IN.match(prefix)
    ):
        return None
    year = _year(match["year"], prefix)
    return f"{prefix}〔{year}〕{_serial(match['serial'])}" if year else None


def _year(written: str, code: str) -> str | None:
    """The year in four digits; None where two digits stand behind what is no 代字 of those years: 表(60)3号."""
    if len(written) == 4:
        return written
    return f"19{written}" if _OF_OLD_YEARS.search(code) else None


def _of_others(code: str) -> bool:
    return bool(_OTHER_REGISTERS.search(code) or _OF_PEOPLE.search(code))


def _year_first(match: re.Match[str]) -> str:
    year = match["year"] if len(match["year"]) == 4 else f"19{match['year']}"
    return f"{match['code']}〔{year}〕{_serial(match['serial'])}号"


def _ordered(text: str) -> str | None:
    """An order's or an announcement's number as written, white space and brackets taken out."""
    inner = text[1:-1] if text[:1] in "(（" and text[-1:] in ")）" else text
    match = _ORDER.fullmatch(inner) or _ORDER_BEFORE.fullmatch(inner)
    if match is None or not (match["kind"] or match["year"] or not match["body"]) or _LEADS_IN.match(inner):
        return None
    return re.sub(r"[\s（()）]+", "", inner)


def with_ordinal(number: str) -> str:
    """An order's or announcement's number in normal form with its year unbracketed: 公告〔2031〕10号 → 公告2031年第10号."""
    return _KIND_AND_YEAR.sub(r"\g<kind>\g<year>年第\g<serial>号", number)


def own_line(line: str) -> str | None:
    """The number of a line that consists of a number alone, as under the title of a document."""
    text = line.strip()
    if len(text) > 60 or "号" not in text or "\t" in text:
        return None
    text = without_label(text)
    inner = text[1:-1] if text[:1] in "(（" and text[-1:] in ")）" else text
    return normalise(inner)


def without_label(line: str) -> str:
    """A line that says 文号：某发〔2031〕5号 without the label."""
    return _LABEL.sub("", line)


def in_title(title: str) -> str | None:
    """The number that a title carries: in brackets or apart at its end, or an announcement's at its head.

    某通知（岳办发〔2017〕2号）, 某意见临政发〔2031〕5号, 临政发〔2031〕5号 某局关于某事的通知,
    某公告（2031年第37号）, 《某办法》 2026年第44号令, 某部公告2031年第12号 关于某事.
    """
    if "号" not in title:
        return None
    bracketed = re.search(
        r"[（(]\s*((?:[^（()）]|[（(][^（()）]*[）)]){1,60}号(?:令|公告|通告)?)\s*[）)]\s*$", title
    )
    if bracketed:
        number = normalise(bracketed.group(1))
        # 某省人民政府令（第12号） is the number as a whole
        return own_line(title) or number if number and number.startswith("第") else number
    apart = re.search(rf"\s(\S{{1,24}}[{_OPEN}]\s*{_YEAR}\s*[{_CLOSE}]\s*第?\s*\d{{1,6}}\s*号)\s*$", title)
    if apart and "《" not in apart.group(1):
        return normalise(apart.group(1))
    leading = _LEADING_CORE.match(title)
    if leading:
        return normalise(leading["number"])
    if "关于" in title and (last := find(title)[-1:]) and last[0].end == len(title.rstrip()):
        return last[0].number if _TITLE_ENDS.search(title[: last[0].start]) else None
    found = _TRAILING.search(title) or _LEADING.match(title) or _LEADING_ORDINAL.match(title)
    # 某部公告〔2031〕第3号 is title and number in one
    return normalise(found["number"]) if found else own_line(title)


def giver(title: str) -> str | None:
    """Who gives the order or announcement that a title begins with: 某署公告2031年第61号（关于某事的公告）."""
    found = _LEADING.match(title)
    named = _GIVER.match(found["number"]) if found else None
    return named[1].strip() if named else None


def find(text: str) -> list[Numbered]:
    """Every number in running text, its 代字 cut free of the words before it; series and ranges one by one."""
    found: list[Numbered] = []
    if "号" not in text:
        return found
    if _WIDE_DIGIT.search(text):  # few texts hold one, and to translate is slow
        text = text.translate(_WIDE)
    for match in _CORE.finditer(text):
        prefix, start = _prefix(text, match.start())
        year = _year(match["year"], prefix)
        if prefix and year and not _OTHER_REGISTERS.search(prefix):
            found.extend(
                Numbered(f"{prefix}〔{year}〕{serial}号", start, match.end())
                for serial in _each(_serial(match["serial"]))
            )
    for match in _YEAR_FIRST.finditer(text):
        if not _of_others(match["code"]):
            found.append(Numbered(_year_first(match), match.start(), match.end()))
    found.extend(_orders(text))
    return sorted(found, key=lambda n: n.start)


def _prefix(text: str, end: int) -> tuple[str, int]:
    """The 代字 before a bracket, without the words of the sentence before it, and where it begins."""
    head = text[max(0, end - 24) : end].rstrip()
    kind = re.search(rf"(?:{_KINDS})$", head)
    if kind:  # 中国人民银行 证监会令〔2022〕第1号
        stop = end - (len(text[max(0, end - 24) : end]) - kind.start())
        body, start = _issuers(text, stop)
        return body + kind.group(), start
    code = _code(head)
    return code, end - len(code)


def _code(head: str) -> str:
    court = _OF_THE_COURT.search(head)
    if court:
        return court.group()
    tail = _PREFIX_TAIL.search(head)
    prefix = tail.group() if tail else ""
    place = _PLACE.search(prefix)
    if place:
        return prefix[place.start() :].translate(_BRACKETS)
    *_, prefix = parts = re.split(r"[（()）]", prefix)
    if len(parts) > 1 and _MID_CODE.search(head[: len(head) - len(prefix)]):
        return ""  # （某）公（物）鉴（法）字: where it begins is not told
    before = head[: len(head) - len(prefix)][-1:]
    prefix = _DAY.sub("", prefix)
    led = _LEAD.match(prefix)
    if led:
        prefix = prefix[led.end() :]
    # 国发〔2019〕1号和国办发〔2019〕2号, 《甲》和国办发〔2019〕2号; but 根据和政发〔2020〕1号 is of 和县.
    joined = _NOUNS.search(led.group()) if led else before in _ENDS
    prefix = _OFFICE.sub("", _THAT_IS.sub("", prefix))
    if _NO_CODE.fullmatch(prefix):
        return ""
    return _CONNECTIVES.sub("", prefix) if joined else prefix


def series(number: str) -> list[str]:
    """The single numbers that a number in normal form stands for: 某发〔2020〕10号、11号 are two."""
    head, bracket, serials = number.partition("〕")
    if not bracket or not re.search("[、-]", serials):
        return [number]
    return [f"{head}〕{serial}号" for serial in _each(serials)]


def _each(serials: str) -> Iterator[str]:
    """``10号、11号`` and ``89-93号`` → every serial; a range that is none (93-12号) as it stands."""
    for part in serials.replace("号", "").split("、"):
        first, dash, last = part.partition("-")
        if dash and first.isdigit() and last.isdigit() and 0 < int(last) - int(first) < _MOST_SERIALS:
            yield from (str(n) for n in range(int(first), int(last) + 1))
        else:
            yield part


def _orders(text: str) -> Iterator[Numbered]:
    for ordinal in _ORDINAL.finditer(text):
        window = text[max(0, ordinal.start() - _BEFORE_ORDINAL) : ordinal.start()]
        start, end = ordinal.start(), ordinal.end()
        kind = _KIND_BEFORE.search(window)
        if kind:
            start -= len(window) - kind.start()
        else:
            after = _KIND_AFTER.match(text, end)
            if after is None:
                continue
            end = after.end()
            year = _YEAR_BEFORE.search(window)
            start -= len(window) - year.start() if year else 0
        body, first = _issuers(text, start)
        number = normalise(body + text[start:end]) if len(body) > 1 else None
        if number:
            yield Numbered(number, first, end)


def _issuers(text: str, end: int) -> tuple[str, int]:
    """Who gives the order or announcement whose name ends here: one office, or several set apart by 、 or spaces."""
    while end and text[end - 1] in " \u3000":  # 国家发展改革委 2018年第16号令
        end -= 1
    tail = _PREFIX_TAIL.search(text, max(0, end - 24), end)
    body = _DAY.sub("", tail.group()) + " " if tail else ""
    body = _ORDER_LEAD.sub("", body).rstrip()
    body = _CONNECTIVES.sub("", re.split(r"[（()）]", body)[-1])
    start = end - len(body)
    if not body or (tail and start != tail.start()):
        return body, start
    for _ in range(_MOST_ISSUERS):
        before = _ISSUER.search(text, max(0, start - 28), start)
        if before is None:
            break
        name = _ORDER_LEAD.sub("", before.group())
        name = _CONNECTIVES.sub("", name)
        body, start = name + body, start - len(name)
        if len(name) < len(before.group()):
            break
    return _SPACE.sub("", body), start
