"""Whether a replaced stretch of text names somebody else. Pure functions: they claim it only where the names end like names."""

from __future__ import annotations

import re

# What the name of an office, a company or an institution ends with; 内部, 住所, 格局 and 餐厅 only look like it.
_ENDING = (
    "(?:公司|委员会|管委会|居委会|发改委|卫健委|人民政府|办公室|办公厅|办事处|指挥部|领导小组|中心(?![城区思])|支队|大队|总队|集团|协会|商会|工会"
    "|银行|[支分]行|学校|[中小大]学(?!生)|学院|幼儿园|法院|检察院|研究院|医院|卫生院|基金会|合作社|事务所|派出所|研究所"
    "|(?<![布格结全大当僵时定破])局(?![面部限势])|(?<![餐客门大展舞宴歌音影前议能])厅|(?<![全内外东西南北中上下头腹大小干根底顶面背多少一各局])部(?![门分署位件])"
    "|(?<![场住处厕之无有其各用])所(?![有在属以需得称述列示]))"
)
# What may stand between the part of a name that differs and its ending.
_AMID = (
    "(?:[省市县区州盟旗镇乡村分总和第]|街道|社区|自治|人民|有限|责任|股份|控股|集团|建筑|建设|工程|科技|技术|信息|贸易|商贸|投资|开发"
    "|房地产|置业|物业|管理|服务|咨询|文化|传媒|实业|食品|医药|药业|化工|机械|电子|电力|能源|环保|交通|运输|物流|农业|农村|生态|旅游"
    "|教育|发展|改革|住房|城乡|规划|自然|资源|水务|水利|民政|财政|审计|统计|卫生|健康|市场|监督|应急|公安|司法|人力|社会|保障|行政"
    "|审批|综合|执法|城市|体育|广播|电视|商务|税务|气象|地方|金融|材料|制造|设备|装饰|园林|市政|路桥|设计|劳务|餐饮|酒店|超市)"
)
_WORD = r"[^\s，。；：、！？,;:的是为由向对把被将应可不得须与或及从给让等在按各]"
# 临江(市清源水务有限公司): behind the name of a place anything may come.
_COMPLETED = re.compile(f"(?:{_AMID}{{0,8}}|[省市县区州]{_WORD}{{1,14}}?){_ENDING}")
_PART_OF_NAME = re.compile(f"{_AMID}{{1,8}}")
# A name is one word: no verb, no particle. 通知市财政局 is none.
_NAMES = re.compile(
    rf"[、和及与，]?{_WORD}{{1,30}}?{_ENDING}(?:[、和及与，]{_WORD}{{1,30}}?{_ENDING})*[、和及与，]?"
)
_VERB_ENDS = re.compile("[知告请示送交转同助合托权系求报经会派令]$")
# 负责人：张三, 联系人 张三: the label of a person's name, and where the name may end.
_OF_PERSON = re.compile(
    r"(?:负责人|代表人|联系人|经办人|当事人|申请人|处罚人|委托人|承办人|监护人|姓名|局长|主任|市长|县长|区长|书记|组长|签发人)"
    r"[）)]?[ \t]*[：:\t][ \t]*((?:[\u4e00-\u9fff]{1,6}·)?[\u4e00-\u9fff·]{0,3})$"
)
_PERSON = re.compile(r"[\u4e00-\u9fff·*＊]{1,4}")
_PERSON_ENDS = re.compile(r"[\u4e00-\u9fff·]{0,2}(?![\u4e00-\u9fff·])")
_WITHHELD = re.compile("[\u4e00-\u9fff]{0,3}某[\u4e00-\u9fff]{0,3}")  # 张某, 某
# 局长王建国出席, 任命李四为, 赵六同志: who holds an office or is put into one. Surnames that are
# words as well (高 in 局长高度重视, 任, 何) are left out, and a name ends where one may.
_SURNAME = (
    "(?!陈[述情列旧设]|郑重|谢[意绝词谢]|周[期末日边围密到]|周[一二三四五六](?![\u4e00-\u9fff])|杜绝|董事|范[围例本]|林[业区地]|田[地间]|肖像|钱款|沈阳|吴江|王国)(?:欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|令狐|[王李张刘陈杨赵吴周徐孙朱胡郭林郑梁谢宋唐邓韩冯曹彭肖萧田董潘袁蔡蒋杜叶魏苏吕丁沈姚卢"
    "姜崔谭汪范廖贾韦邹熊孟秦邱尹薛阎侯陶黎贺龚邵钱覃戴孔汤])"
)
_OFFICE = (
    "(?:[局厅市县区州镇乡村科处部校院所站队会省社团署董秘司]长|主任|书记|经理|委员|专员|主席"
    "|检察官|法官|审判员|陪审员|书记员|任命|免去|聘任|聘请|推选)"
)
_AFTER_NAME = "(?=(?:同志|先生|女士|[为任的等兼]|主持|出席|参加|讲话|讲解|指出|强调|宣布|介绍|带队|表示|签署)|[^\u4e00-\u9fff]|$)"
_HOLDER = re.compile(
    rf"(?:{_OFFICE}[ \u3000]?({_SURNAME}[\u4e00-\u9fff]{{1,2}}?){_AFTER_NAME}"
    rf"|(?<![\u4e00-\u9fff])({_SURNAME}[\u4e00-\u9fff]{{1,2}}?)(?=同志|先生|女士|任(?![务期何意职用命])))"
)
# 执法人员：张三、李四: a list of persons behind its label, and what of a name stands before the stretch.
_LISTED = re.compile(
    r"(?:人员|成员|人|代表|专家|组长|评委|局长|主任|委员)[ \t]*[：:\t][ \t]*(?:[\u4e00-\u9fff]{2,4}、)*([\u4e00-\u9fff]{0,2})$"
)
_NAME = re.compile(_SURNAME + "[\u4e00-\u9fff]{1,2}")
_REST_OF_NAME = re.compile("[\u4e00-\u9fff]*")
# Behind a label fewer words are mistaken for a surname: 申请人：盖章 → 签字 names nobody, 高一鸣 is somebody.
_LIKE_A_PERSON = re.compile(
    f"{_SURNAME}|[高任何许曾于余程万方石江武严马罗陆史钟白黄龙夏金傅柳梅洪翟樊施乔赖庞倪牛温芦殷章鲁葛申季俞祝]|[\u4e00-\u9fff]{{1,6}}·"
)
_ONE_SURNAME = re.compile(_SURNAME)
_IN_OFFICE = re.compile(f"{_OFFICE}[ \u3000]?$")
_SPACE = re.compile("[ \u3000\xa0]+")
_HAN = re.compile("[\u4e00-\u9fff（）()·*]{0,24}")
_LONGEST = 40  # characters of a stretch that may be a name or a list of names


def names_differ(old: str, new: str, before: str, behind: str) -> bool:
    """Whether ``old`` and ``new``, between the same words ``before`` and ``behind``, name different bodies or persons."""
    if max(len(old), len(new)) > _LONGEST:
        return False
    old, new = _SPACE.sub("", old), _SPACE.sub("", new)
    if old == new:
        return False
    if _holders_differ(old, new, before, behind):
        return True
    if any(
        _WITHHELD.fullmatch(one) and "某" not in other and _HAN.fullmatch(other)
        for one, other in ((old, new), (new, old))
    ):
        return True
    if (label := _OF_PERSON.search(before)) and _PERSON_ENDS.match(behind):
        persons = [label[1] + text for text in (old, new)]
        return all(map(_PERSON.fullmatch, (old, new))) and all(map(_LIKE_A_PERSON.match, persons))
    if all(_COMPLETED.fullmatch(before + text, len(before)) for text in (old, new)):
        return True  # 水利厅 → 水利局
    parts = [text + behind[:1] for text in (old, new)]
    if old and new and all(map(_PART_OF_NAME.fullmatch, parts)) and _COMPLETED.match(behind, 1):
        return True  # 教育局 → 体育局
    tail = _COMPLETED.match(behind)
    ending = tail.group() if tail else ""
    if _VERB_ENDS.search(old) or _VERB_ENDS.search(new):
        return False
    if ending and not (old and new):  # 有限公司 → 有限责任公司, 市局 → 市财政局
        return _PART_OF_NAME.fullmatch(old + new) is not None
    return all(not text or _NAMES.fullmatch(text + ending) is not None for text in (old, new))


def _holders_differ(old: str, new: str, before: str, behind: str) -> bool:
    """Whether both are (a part of) a person's name at an office: 王 → 李 in 局长王建国, 国 → 军 likewise."""
    if _IN_OFFICE.search(before) and all(_ONE_SURNAME.fullmatch(text) for text in (old, new)):
        return True
    names = [_holder(before, text, behind) for text in (old, new)]
    return None not in names and names[0] != names[1]


def _holder(before: str, text: str, behind: str) -> str | None:
    """The name at an office of which ``text`` is all or a part."""
    for match in _HOLDER.finditer(before + text + behind):
        start, end = match.span(match.lastindex or 0)
        if start <= len(before) and end >= len(before) + len(text):
            return match[match.lastindex or 0]
    listed, rest = _LISTED.search(before), _REST_OF_NAME.match(behind)
    name = (listed[1] if listed else "") + text + (rest.group() if rest else "")
    return name if listed and _NAME.fullmatch(name) else None
