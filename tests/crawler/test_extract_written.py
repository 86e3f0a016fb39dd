"""What a page's scripts write in a value's place, and what they write only under a condition."""

from __future__ import annotations

import pytest

from crawler.extract.page_data.script_values import written


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (
            "var fileNum='某政发 〔2031〕30号';if(fileNum!='null'){document.write(fileNum)}",
            "某政发 〔2031〕30号",
        ),
        ("var n = \"null\"; if (n != 'null' && n != '') { document.write(n); }", ""),
        ("\n<!--\ndocument.write('市教育局');\n//-->\n", "市教育局"),
        ("let a='某某\\'局';document.writeln(a)", "某某'局"),
        ("var u='/zcwj/';if(location.href.indexOf(u)>0){document.write('政策文件')}", None),
        ("document.write('要闻');document.write('动态')", None),
        ("document.write('<a href=\"/x\">更多</a>')", None),
        ("document.write(new Date().getFullYear())", None),
        ("var a='甲';var b='乙';document.write(a)", None),
    ],
)
def test_only_a_script_that_writes_one_literal_is_read(code: str, value: str | None) -> None:
    assert written(code) == value
