"""Where a document number begins in running text: its 代字, or the office that gives an order, without the words before it. Pure."""

from __future__ import annotations

import re

KINDS = "公告|通告|通报|命令|令|公示"
_MID_CODE = re.compile(r"[一-鿿]?[（(](?!试行|暂行|草案|修订|修正|试点|节选|摘要)[一-鿿]{1,4}[）)]$")
_PREFIX_TAIL = re.compile(r"[一-鿿A-Za-z0-9（）()·]{1,24}$")
# Words of running text that stand before a 代字 and are no part of it.
_LEAD = re.compile(
    r"^.*(?:根据|按照|依据|依照|遵照|参照|比照|对照|参见|详见|结合|包括|包含|适用|贯彻|落实|执行|废止|修改|修订|转发|印发|关于|通知|意见|办法|规定|决定|文件|批复|公告|复函|方案"
    r"|报告|要求|以及|或者|发布|公布|下发|文号|字号|编号|号文(?=[和及与或])|号"
    r"|人民政府|办公室|办公厅|委员会|国务院|[省市县区州]政府|[局委厅部府院办会][在以将对于按由]|作出|出具|发出|送达|撤销|维持|取得|持有|签订|收到|提交|提供|原告|被告|[按被见以的了由])(?=.)"
)
# Words before a 代字 that none begins with; 将 is of 将乐县, 经 of 经信委 and 经开区, 并 of 太原
_NO_BEGINNING = re.compile(
    r"^(?:现[将就对]?|已经?|业经|报经|请|该|对|在|为|与|及|据|向|因|其|另|凡|把|将(?![政委府财教办人农发])|经(?![发信管开贸济区合审科办经建技]))+(?=[一-鿿]{2})"
)
# The full name of the office that numbered it, before the 代字: 国家税务总局国税发〔2009〕31号, 临江市财政局临财税〔2031〕3号;
# but 人社部发, 工信部联企业 are 代字 themselves.
_OFFICE = re.compile(
    r"^.*(?:国家[一-鿿]{1,8}?(?:局|委|办|署)|[一-鿿]{2}总[局署]|[省市县区州](?:[一-鿿]{2,10}(?:[局厅]|委(?!会|员))|[一-鿿]{1,10}委会)|(?:中国|全国|中央|省|市|县)[一-鿿]{1,4}(?:联|办|协|总工会)"
    r"|[一-鿿]{2}(?:中心|检察院|法院|大队|支队|办事处|鉴定所|监督所)"
    r"|(?:财政|教育|科技|科学技术|商务|民政|司法|公安|卫生|水利|农业|农业农村|交通|交通运输|生态环境|环境保护|自然资源|国土资源"
    r"|住房城乡建设|住房和城乡建设|工业和信息化|人力资源社会保障|人力资源和社会保障|文化和旅游|铁道|建设|劳动|人事)部)"
    r"(?=[^发函办字规令联公通局厅委室][一-鿿]|公[一-鿿]字|发改)"
)
_ISSUER = re.compile(r"[一-鿿]{2,24}(?:部|委|委员会|局|署|会|院|办|办公室|厅|行|政府)[、 \u3000]{1,3}$")
_MOST_ISSUERS = 12
_ORDER_LEAD = re.compile(
    r"^.*(?:根据|按照|依据|依照|遵照|参照|比照|对照|参见|详见|结合|包括|包含|适用|贯彻|落实|执行|废止|修改|修订|转发|印发|关于|通知|意见|办法|规定|条例|决定|文件|批复|要求|以及|或者|发布|公布|公告|通告|年度|号|作出|符合|违反|[的了以由在被])(?=.)"
)
# 2023年12月26日某府规〔2023〕9号公布; 日政发〔2020〕3号 is of 日照
_DAY = re.compile(r"^.*[\d一二三四五六七八九十〇○零]\s*[年月日](?=.)")
_CONNECTIVES = re.compile(r"^[和与及或见由按据以为对在将即原的了经](?=..)")
# The same before the name of an office: 和平区, 和田地区, 原平市, 将乐县, 即墨市 begin with one
_BEFORE_NAMES = re.compile(
    r"^(?:[与及或见由按据以为对在的了]|和(?![平田龙顺县硕静政林布])|将(?!乐)|即(?!墨)|原(?![平阳州])|经(?![济开信发贸]))(?=..)"
)
_NO_CODE = re.compile(
    r"(?:作出|出具|发出|送达|印发|发布)?[的了]?|[及和与或以按被见]|.*(?:编号|证号|文号|单号|字号)为?"
)  # 原单位作出的〔1999〕3号
THAT_IS = re.compile(r"^(?:即(?=[国财税])|原(?![政平州府办阳]))")  # 即政发 is of 即墨, 原政发 of 原平
FORMER = re.compile(r"^原(?![平阳州])(?=[一-鿿]{2})")  # 原人事部令第6号
_OF_THE_COURT = re.compile(r"法[（(][一-鿿]{1,2}[）)][发复函]?$")  # 法（民）发〔1988〕6号
_NOUNS = re.compile(r"(?:通知|意见|办法|规定|决定|文件|批复|公告|复函|方案|报告|要求|号文?)$")
_ENDS = ("》", "）", ")", "】", "”", "号")
# （临）应急罚〔2031〕3号: a place in brackets that belongs to the 代字 of a decision; not 意见（试行）临政发
_PLACE = re.compile(r"(?<![一-鿿])[（(][一-鿿]{1,6}[）)](?=[一-鿿]{1,6}[罚告决责强改处]$)")
# 临公（青）行罚决字〔2023〕1234号, where nothing of a sentence stands before it
_PLACE_WITHIN = re.compile(
    r"(?:^|(?<=[^一-鿿A-Za-z0-9（）()])|(?<=的)|(?<=不服))[一-鿿]{1,4}[（(][一-鿿]{1,4}[）)][一-鿿]{1,6}[字决罚]$"
)
BRACKETS = str.maketrans("()", "（）")
_SPACE = re.compile(r"\s+")


def code_before(text: str, end: int) -> tuple[str, int]:
    """The 代字 before a bracket, without the words of the sentence before it, and where it begins."""
    head = text[max(0, end - 24) : end].rstrip()
    kind = re.search(rf"(?:{KINDS})$", head)
    if kind:  # 中国人民银行 证监会令〔2022〕第1号
        stop = end - (len(text[max(0, end - 24) : end]) - kind.start())
        body, start = issuers(text, stop)
        return body + kind.group(), start
    found = code_of(head)
    return found, end - len(found)


def code_of(head: str) -> str:
    """What of the text in front of a year is the code of the office (代字): 临政办发."""
    court = _OF_THE_COURT.search(head)
    if court:
        return court.group()
    tail = _PREFIX_TAIL.search(head)
    prefix = tail.group() if tail else ""
    place = _PLACE.search(prefix)
    if place:
        return prefix[place.start() :].translate(BRACKETS)
    alone = _PLACE_WITHIN.search(head)
    if alone:
        return alone.group().translate(BRACKETS)
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
    prefix = _OFFICE.sub("", _NO_BEGINNING.sub("", THAT_IS.sub("", prefix)))
    if _NO_CODE.fullmatch(prefix):
        return ""
    return _CONNECTIVES.sub("", prefix) if joined else prefix


def issuers(text: str, end: int) -> tuple[str, int]:
    """Who gives the order or announcement whose name ends here: one office, or several set apart by 、 or spaces."""
    while end and text[end - 1] in " \u3000":  # 国家发展改革委 2018年第16号令
        end -= 1
    tail = _PREFIX_TAIL.search(text, max(0, end - 24), end)
    body = _DAY.sub("", tail.group()) + " " if tail else ""
    body = _ORDER_LEAD.sub("", body).rstrip()
    body = _BEFORE_NAMES.sub("", re.split(r"[（()）]", body)[-1])
    start = end - len(body)
    if not body or (tail and start != tail.start()):
        return body, start
    for _ in range(_MOST_ISSUERS):
        before = _ISSUER.search(text, max(0, start - 28), start)
        if before is None:
            break
        name = _ORDER_LEAD.sub("", before.group())
        name = _BEFORE_NAMES.sub("", name)
        body, start = name + body, start - len(name)
        if len(name) < len(before.group()):
            break
    return _SPACE.sub("", body), start
