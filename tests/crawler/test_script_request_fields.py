"""Lists that a page's script asks for: what stands in the fields that are sent."""

from __future__ import annotations

import pytest

from crawler.scripts.requests import list_requests
from tests.crawler.test_script_requests import API, URL, asked


def test_lists_in_a_form() -> None:
    """A site of many channels: jQuery sends a list under its name with brackets, once for each value."""
    script = (
        "var site = 'ljs'; $.ajax({url: '/queryList', type: 'post',"
        " data: {current: n, pageSize: 15, webSiteCode: [site], 'channelCode[]': ['a', 'b']@}})"
    )
    form = {"current": "1", "pageSize": "15", "webSiteCode[]": "ljs"}
    assert asked(script.replace("@", "").replace("'channelCode[]'", "channelCode"))[0].form == {
        **form, "channelCode[]": ("a", "b"),
    }  # fmt: skip
    plain = asked(script.replace("'channelCode[]': ['a', 'b']@", "'channelCode[]': 'a'"))[0]
    assert plain.form == {**form, "channelCode[]": "a"}
    traditional = asked(
        script.replace("{current", "{site: [1, 2], current").replace("]@}", "]}, traditional: true")
    )[0]
    assert traditional.form is not None
    assert traditional.form["site"] == ("1", "2")
    assert (
        asked("$.get('/api/list', {page: 1, channel: [7, 8]})")[0].url
        == f"{API}?page=1&channel%5B%5D=7&channel%5B%5D=8"
    )


def test_the_component_of_jpaas_names_its_site_and_channel() -> None:
    """Its script lies elsewhere; what it asks is the same on every site."""
    form = {
        "webSiteCode[]": "ljs",
        "channelCode[]": "gfxwj",
        "current": "1",
        "pageSize": "15",
        "sort": "sortNum",
        "order": "desc",
    }
    for script in (
        "$('#div7').jpage({perPage: 15, proxyUrl: '/queryList', ajaxParam: {unitid: '7', webSiteCode: 'ljs', channelCode: 'gfxwj'}});",
        """</script><div queryData='{"webSiteCode%5B%5D":"ljs","channelCode%5B%5D":"gfxwj"}'></div><script>""",
    ):
        (request,) = asked(script)
        assert request.url == "https://www.linjiang.example/queryList"
        assert (request.form, request.page_name, request.send) == (form, "current", "form")
    assert (
        asked(
            "list({webSiteCode: 'ljs', channelCode: 'gfxwj'}); list({webSiteCode: 'ljs', channelCode: 'tzgg'})"
        )
        == []
    )


def test_counts_of_rows_to_skip() -> None:
    for script in (
        "function load(n) { $.get('/api/list?cat=7&begin=' + (n - 1) * 20 + '&pagenum=20', show) }",
        "$.get('/api/list', {cat: 7, begin: (page - 1) * pageSize, pagenum: 20})",
        "var begin = 0; $.get('/api/list', {cat: 7, begin: begin, pagenum: 20})",
    ):
        request = asked(script)[0]
        assert request.url == f"{API}?cat=7&begin=0&pagenum=20"
        assert request.options == {"paging": {"by": "offset", "name": "begin", "size": 15}}
    sent = asked("$.post('/api/list', {start: 0, limit: 20, cat: 7})")[0]
    assert (sent.options["paging"]["send"], sent.form) == ("form", {"start": "0", "limit": "20", "cat": "7"})
    product = asked("$.post('/api/list', {pn: page * 15, rn: 15})")[0]
    assert product.options["paging"] == {"by": "offset", "name": "pn", "send": "form", "size": 15}
    # The next page of a list whose first one the page shows itself: 2 is no count of rows.
    following = asked("var page = 2; $.get('/api/list', {channel: 7, page: page})")[0]
    assert following.options["paging"] == {"name": "page", "first": 1}
    # A page's number beside it: what the number of rows to skip follows from.
    assert asked("$.get('/api/list', {pageNo: 1, start: 0})")[0].page_name == "pageNo"


def test_fields_of_the_page_and_its_clock() -> None:
    script = (
        "<input type='hidden' id='channel' value='7'><input type='hidden' id='csrfToken' value='a1'>"
        "<script>$.get('/api/list?t=' + new Date().getTime() + '&channel=' + $('#channel').val() + '&page=' + n)</script>"
    )
    assert [r.url for r in list_requests(script, URL)] == [f"{API}?t=1&channel=7&page=1"]
    assert list_requests(script.replace("$('#channel').val()", "$('#csrfToken').val()"), URL) == []
    assert list_requests(script.replace("$('#channel').val()", "$('#other').val()"), URL) == []
    script = script.replace("$('#channel').val()", "document.getElementById('channel').value")
    assert [r.url for r in list_requests(script, URL)] == [f"{API}?t=1&channel=7&page=1"]


def test_words_in_a_form() -> None:
    script = "$.post('/api/list', {pageNo: 1, isJson: true, keyWords: null, cat: ''})"
    assert asked(script)[0].form == {"pageNo": "1", "isJson": "true", "keyWords": "", "cat": ""}


@pytest.mark.parametrize(
    ("added", "sent"),
    [
        ("ids = ids + ',' + 8;\n  ids = ids + ',' + 9;", "7,8,9"),
        ("// 子栏目\n ids += ',8'; ids += \",9\" + '0';", "7,8,90"),
        ("other = 'x';\n ids = ids + ',8';", "7"),
        ("if (all) { ids += ',8'; }", "7"),
        ("if (all)\n ids = ids + ',8';", "7"),
        ("ids += suffix;", "7"),
    ],
)
def test_a_field_that_grows_by_lines_of_the_template(added: str, sent: str) -> None:
    """Columns beneath a column are added to it by a line for each; what is added on a condition is not known."""
    script = f"var ids = '7';\n {added}\n function load(n) {{ $.post('/api/list', {{chan: ids, pageNo: n, pageSize: 15}}, show) }}"
    assert [request.form for request in asked(script)] == [{"chan": sent, "pageNo": "1", "pageSize": "15"}]
