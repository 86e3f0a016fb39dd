"""What a site says to whoever visits it, forms to fill in, and lists of links that a text announces."""

from __future__ import annotations

import pytest

from archive.model import PageKind
from tests.crawler.test_hand_made_pages import lines, page_of, read

BAR = "<div class=y3><span>2031-11-01</span><span>来源：区住建局</span></div>"
HELPER = (
    "<div class=r-b><p>您好，我是智能客服小江，很高兴为您服务！请问有什么可以帮您？</p>"
    "<p>您可以这样问我：<a>如何办理身份证？</a><a>如何办理居住证？</a></p></div>"
)
FOOT = (
    "<div class=f-r><ul><li>政务微信<img src=/w.png></li><li>政务微博</li><li>回到顶部</li></ul></div>"
    "<div class=x9><p>主办单位：青石区人民政府办公室　联系电话：0579-88880000</p>"
    "<p>您是第 1234567 位访问者。为了获得更好的使用体验，建议使用火狐浏览器，分辨率1920*1080。</p></div>"
)


def around(title: str, text: str) -> str:
    return f"<div class=x7><div class=y1><h1>{title}</h1>{BAR}<div class=y4>{text}</div></div></div>{HELPER}{FOOT}"


@pytest.mark.parametrize(
    ("title", "text", "body"),
    [
        ("关于青石路封闭施工的通告", "<p>青石路自11月3日起封闭施工。</p>", ["青石路自11月3日起封闭施工。"]),
        (
            "青石区行政执法主体公告",
            "<p>现将行政执法主体公告如下：</p><ul><li><a href=/z/1>公安分局</a></li><li><a href=/z/2>财政局</a></li></ul><p>特此公告。</p>",
            ["现将行政执法主体公告如下：", "公安分局", "财政局", "特此公告。"],
        ),
        (
            "最低生活保障对象认定公告",
            "<div class=a><h3>受理条件</h3><div><p>家庭人均收入低于低保标准。</p></div></div>"
            "<div class=a><h3>收费标准</h3><div><p>不收费。</p></div></div>",
            ["受理条件", "家庭人均收入低于低保标准。", "收费标准", "不收费。"],
        ),
    ],
)
def test_what_an_assistant_says_outweighs_no_text(title: str, text: str, body: list[str]) -> None:
    record = read(around(title, text), f"{title}-青石区人民政府")
    assert (record.title, str(record.published_on), lines(record)) == (title, "2031-11-01", body)


def test_files_are_no_less_for_it() -> None:
    title = "青石区2031年预算公开"
    record = read(around(title, "<p><a href=/f/a.pdf>青石区2031年预算报告.pdf</a></p>"), title)
    assert [file.name for file in record.attachments] == ["青石区2031年预算报告.pdf"]
    assert lines(record) == ["青石区2031年预算报告.pdf"]


@pytest.mark.parametrize(
    "text",
    [
        "<p>“您好，我是智能客服小江，请问有什么可以帮您？”</p><p>热线前，市民正在提问。</p>",
        "<p>我局智能客服已上线，猜您想问的问题均可回答。</p>",
        "<p>为提升游客浏览体验，建议错峰出行。</p>",
        "<p>请评议。</p><form><p>部门：<input type=text></p><p>等次：<input type=text></p></form><p>结果另行公布。</p>",
    ],
)
def test_words_of_that_kind_in_a_text_are_the_text(text: str) -> None:
    record = read(around("关于政务服务热线的通报", text), "关于政务服务热线的通报")
    said = "".join(lines(record))
    shown = text.replace("<p>", "").replace("</p>", "").replace("<form>", "").replace("</form>", "")
    assert said == shown.replace("<input type=text>", "")


@pytest.mark.parametrize("over", ["意见反馈", "我要提意见", "在线咨询"])
def test_a_form_to_fill_in_and_send_is_no_text(over: str) -> None:
    form = (
        f"<div class=z3><p>{over}</p><form><p>姓名：<input type=text></p><p>手机：<input type=tel></p>"
        "<p>内容：<textarea></textarea></p><p>验证码：<input><button>提交</button></p></form></div>"
    )
    text = "<p>现公开征集2032年民生实事项目，欢迎提出意见建议。</p><p>青石区人民政府办公室</p><p>2031年10月8日</p>"
    page = f"<div class=z1><h1>关于征集民生实事项目的公告</h1>{BAR}<div class=z2>{text}</div>{form}</div>"
    record = read(page, "关于征集民生实事项目的公告")
    assert lines(record)[-1] == "2031年10月8日"


def test_a_form_around_a_page_is_none_of_them() -> None:
    names = "".join(f"<p>{name}</p>" for name in ("张一二", "李一二", "王一二", "赵一二", "周一二", "吴一二"))
    fields = "<div><input type=text name=q><input type=text name=w><button>查询</button></div>"
    record = read(
        f"<form method=post>{fields}<h1>关于2031年录用人员名单的公示</h1><div class=z>{names}</div></form>"
    )
    assert lines(record)[0] == "张一二"


@pytest.mark.parametrize(
    "row", ["<li><a href=/l/{k}>第{k}类目录</a></li>", "<li><a href=/l/{k}>第{k}号通知</a> 2031-01-0{k}</li>"]
)
def test_a_column_with_a_line_over_it_stays_one(row: str) -> None:
    rows = "".join(row.format(k=k) for k in range(1, 10))
    page = f"<div class=y1><h2>法定主动公开内容</h2><p>我局主动公开以下政府信息：</p><ul>{rows}</ul></div>{HELPER}{FOOT}"
    assert page_of(page, "法定主动公开内容").kind is PageKind.LIST


NOTICE = "<p>现就做好秋季动物防疫工作通知如下，请认真落实。</p><p>青石区农业农村局</p><p>2031年9月1日</p>"


@pytest.mark.parametrize(
    "behind",
    [
        "<div><h4>猜你喜欢</h4><ul><li><a href=/1>秋粮收购价格公布</a>09-01</li><li><a href=/2>农机补贴启动</a>08-30</li></ul></div>",
        "<div>标签：<a href=/tag/1>动物防疫</a> <a href=/tag/2>农业</a></div>",
        "<div>上级文件：<a href=/1>临江市关于做好秋防的通知</a></div>",
        "<ul><li>政策原文</li><li>政策解读</li></ul>",
        "<p>共有 3 条评论</p>",
        "<p>以上内容由AI生成，仅供参考</p>",
    ],
)
@pytest.mark.parametrize("element", ["class=q4", "id=zoom"])
def test_what_stands_behind_a_text_in_its_element_is_none_of_it(behind: str, element: str) -> None:
    title = "关于开展秋季动物防疫工作的通知"
    page = f"<div class=q1><h1>{title}</h1>{BAR}<div {element}>{NOTICE}{behind}</div></div>{HELPER}{FOOT}"
    record = read(page, f"{title}-青石区人民政府")
    assert (record.issuing_body, str(record.issued_on)) == ("青石区农业农村局", "2031-09-01")
    assert lines(record)[-1] == "2031年9月1日"


@pytest.mark.parametrize("tag", ["h1", "div"])
def test_whence_a_page_comes_is_no_line_of_its_text(tag: str) -> None:
    bar = "<div>2031年09月02日 09:00:00 来自：区农业农村局</div>"
    page = f"<div class=q1><{tag}>关于秋季防疫的通知</{tag}>{bar}<div class=q4>{NOTICE}</div></div>{FOOT}"
    record = read(page, "关于秋季防疫的通知")
    assert (str(record.published_on), lines(record)[0][:2]) == ("2031-09-02", "现就")
