"""Catalogues as plain tables: rows that open by a click, pages by a form, a query, ASP.NET's postback, a submit button."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from tests.fake_sites.office import HTML, NOT_FOUND, Answer, FakeSite, Notice


class _LabelTable(FakeSite):
    """What they share: the site file and the documents."""

    platform = "label_table"
    list_path = "/eap/credit.showProjectInfo"

    def catalogue_url(self) -> str:
        return f"{self.base}{self.list_path}"

    def site_file(self) -> str:
        return (
            f"site: fake\nname: 临江市发展和改革委员会\nurl: {self.base}/\nplatform: label_table\n"
            f"catalogues:\n  - key: projects\n    url: {self.catalogue_url()}\n"
        )

    def respond(self, method: str, target: str, body: bytes) -> Answer:
        parts = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        form = {name: values[-1] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
        if parts.path == "/eap/credit.publicShow" and query.get("kind") == "0":
            number = re.fullmatch(r"2603-330999-(\d+)", query.get("code", ""))
            notice = self.notice(int(number[1])) if number else None
            return (200, HTML, document_page(notice).encode()) if notice is not None else NOT_FOUND
        page = self.list_page(method, query, form) if parts.path == self.list_path else None
        return NOT_FOUND if page is None else (200, HTML, page.encode())

    def list_page(self, method: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        """The list that a request asks for, None for one that the site would not understand."""
        raise NotImplementedError

    def shown(self, asked: str | None) -> int:
        """The page that a site shows for a number: the last one where there are fewer, as such programs do."""
        number = int(asked) if asked and asked.isdecimal() else 1
        return min(max(number, 1), self.pages())


def code(notice: Notice) -> str:
    """The project code by which the site knows a notice."""
    return f"2603-330999-{notice.number}"


class FormPagedTableSite(_LabelTable):
    """Rows open by a function of the page, further pages by one that fills in a form; a search form stands above."""

    def list_page(self, method: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if method == "POST" and not {"project_name", "project_type"} <= form.keys():
            return None  # the form's other fields belong to the request
        number = self.shown(form.get("page"))
        rows = "".join(
            f"<tr class='project' onclick=\"applyproject('{code(n)}','0')\"><td>{n.title}</td><td>{code(n)}</td>"
            f"<td>{n.index_number}</td><td>{n.published}</td><td>北河省临江市</td><td>备案类</td></tr>"
            for n in self.page(number - 1)
        )
        around = "".join(
            f'<a href="#" onclick="gotopage({n})">{n}</a>'
            for n in range(max(1, number - 2), min(self.pages(), number + 2) + 1)
        )
        pager = (
            f'{around}...<A HREF="#" onclick="gotopage({self.pages()});">{self.pages()}</A>'
            f'<A HREF="#" onclick="gotopage({min(number + 1, self.pages())});">下一页&raquo;</A>'
        )
        return (
            "<html><head><title>公示列表</title><script>\nfunction applyproject(projectcode, kind) {\n"
            f'  window.open("{self.base}/eap/credit.publicShow?code=" + projectcode + "&kind=" + kind);\n}}\n'
            "function gotopage(pageValue) {\n  document.infoform.page.value = pageValue;\n  document.infoform.submit();\n}\n"
            f"</script></head><body><form name='infoform' action='{self.list_path}' method='post'>"
            "<input type='hidden' name='page' value=''><input type='text' name='project_name' value=''>"
            "<select name='project_type'><option value=''>全部类型</option><option value='A00001'>审批类</option></select>"
            "<input type='submit' name='search' value='查询'></form><table id='tb'><thead><tr><th>项目名称</th>"
            "<th>项目代码</th><th>索引号</th><th>公示日期</th><th>所属地区</th><th>项目类型</th></tr></thead>"
            f"<tbody>{rows}<tr style='display:none'>{'<td>暂无信息</td>' * 6}</tr></tbody></table>"
            f"<div class='mainbody_page'>{pager}</div></body></html>"
        )


class QueryPagedTableSite(_LabelTable):
    """Links and headings; the page's number stands in the query, and the title is cut."""

    main = False
    list_path = "/xxgk/list.jsp"

    def catalogue_url(self) -> str:
        return f"{self.base}{self.list_path}?catalog=3"

    def list_page(self, method: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if query.get("catalog") != "3":
            return None
        number = self.shown(query.get("pageNo"))
        rows = "".join(
            f"<ul class='row'><li>{n.index_number}</li><li><a href='/eap/credit.publicShow?code={code(n)}&amp;kind=0'"
            f" title='{n.title}'>{n.title[:12]}...</a></li><li>{n.document_number}</li><li>{n.published}</li></ul>"
            for n in self.page(number - 1)
        )
        on = f"<a href='?catalog=3&amp;pageNo={number + 1}'>下一页</a>" if number < self.pages() else "下一页"
        return (
            "<html><body><div class='nav'><a href='/'>首页</a></div><div class='list'><ul class='head'><li>索引号</li>"
            f"<li>信息名称</li><li>文号</li><li>发布日期</li></ul>{rows}</div><p>第{number}页/共{self.pages()}页 {on}</p>"
            "</body></html>"
        )


class PostbackTableSite(_LabelTable):
    """ASP.NET: the next page is asked for with the state that the last one gave."""

    main = False
    list_path = "/gkml/List.aspx"

    def list_page(self, method: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        number = 1
        if method == "POST":
            state = re.fullmatch(r"/wEPDwUK(\d+)", form.get("__VIEWSTATE", ""))
            if state is None or form.get("__EVENTTARGET") != "ctl00$Pager":
                return None
            number = self.shown(form.get("__EVENTARGUMENT"))
        rows = "".join(
            f"<tr><td>{place}</td><td><a href='/eap/credit.publicShow?code={code(n)}&amp;kind=0'>{n.title}</a></td>"
            f"<td>{n.document_number}</td><td>{n.published}</td></tr>"
            for place, n in enumerate(self.page(number - 1), 1)
        )
        on = f"<a href=\"javascript:__doPostBack('ctl00$Pager','{number + 1}')\">下一页</a>"
        return (
            f"<html><body><form method='post' action='./List.aspx' id='aspnetForm'>"
            f"<input type='hidden' name='__VIEWSTATE' value='/wEPDwUK{number}'><input type='hidden' name='__EVENTTARGET' value=''>"
            "<input type='hidden' name='__EVENTARGUMENT' value=''><table><tr><th>序号</th><th>标题</th><th>文号</th><th>发布时间</th></tr>"
            f"{rows}</table><div id='ctl00_Pager'>{on if number < self.pages() else ''}</div></form></body></html>"
        )


class ButtonPagedTableSite(_LabelTable):
    """No headings: each row names its values. A GET form with buttons leads on, and counts from 0."""

    main = False
    list_path = "/xxgk/query.do"

    def list_page(self, method: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        at = int(query.get("start") or 0)
        if "next" in query:
            at += 1
        number = self.shown(str(at + 1))
        rows = "".join(
            f"<div class='item'><p><a href=\"javascript:show('{code(n)}')\">{n.title}</a></p>"
            f"<p><span>索 引 号：{n.index_number}</span><span>文号：{n.document_number}</span></p><p>发布日期：{n.published}</p></div>"
            for n in self.page(number - 1)
        )
        button = "<input type='submit' name='next' value='下一页'>" if number < self.pages() else ""
        return (
            "<html><body><script>var base = '/eap/credit.publicShow';\nfunction show(id) { location.href = base + '?kind=0&code='"
            f" + id; }}</script>{rows}<form action='{self.list_path}'><input type='hidden' name='start' value='{number - 1}'>"
            f"{button}</form></body></html>"
        )


def document_page(notice: Notice) -> str:
    """A document with its values in a table of two columns."""
    labels = {
        "名称": notice.title, "索引号": notice.index_number, "文号": notice.document_number,
        "发布机构": "临江市发展和改革委员会", "公示日期": str(notice.published),
    }  # fmt: skip
    rows = "".join(
        f"<tr><td class='label'>{name}</td><td>{value}</td></tr>" for name, value in labels.items()
    )
    return (
        f"<html><head><title>公示信息</title></head><body><h1>{notice.title}</h1><table>{rows}</table>"
        f"<div class='content'><p>{notice.body}</p></div></body></html>"
    )
