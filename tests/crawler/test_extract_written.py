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
        (
            'var ly = \'\'; if(ly == ""){ document.write("某省水利厅"); }else{ document.write(ly); }',
            "某省水利厅",
        ),
        ("var ly='某报';if(ly==''){document.write('某省水利厅')}else{document.write(ly)}", "某报"),
        ("var ly='某报';if(ly!=''){document.write(ly)}else{document.write('某省水利厅')}", "某报"),
        ("var ly='';if(ly==''){document.write(host)}else{document.write(ly)}", None),
        (
            "var s='某局';if(s!=''){document.write('<span class=\"tit\">来源：</span><span>某局</span>')}",
            "来源：某局",
        ),
        ("var s='某局';if(s!=''){document.write('<b>来源：</b>'+s)}", "来源：某局"),
        ("if('某局'!=''){document.write('来源：某局')}", "来源：某局"),
        ("if(\"\"!=''){document.write('来源：')}", ""),
        ("if('2'!='1'){document.write('要闻')}", None),
        ("var s='';if(s!=''){document.write('<b>来源：</b>'+s)}", ""),
        ("var s='某局';if(s!=''){document.write('<a href=\"/x\">'+s+'</a>')}", None),
        ("var s='某局';if(s!=''){document.write('<b>来源：</b>本站')}", None),
    ],
)
def test_only_a_script_that_writes_one_literal_is_read(code: str, value: str | None) -> None:
    assert written(code) == value
