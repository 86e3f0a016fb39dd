"""Answers that are no document: soft 404s, anti-bot pages, shells, broken bodies. Written for the tests, in real shapes.

Each is (name, whether it says that the page is gone, status, headers, body).
"""

from __future__ import annotations

import gzip

HTML = {"Content-Type": "text/html; charset=utf-8"}
Answer = tuple[str, bool, int, dict[str, str], bytes]
_MENU = "".join(f"<li><a href='/l{n}/'>栏目{n}</a></li>" for n in range(40))
_FOOT = "<div class='footer'>版权所有：临江市人民政府　主办：临江市人民政府办公室　ICP备00000001号　网站标识码3309990001</div>"


def _page(title: str, body: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def _framed(title: str, text: str) -> bytes:
    """The text inside the site's own frame of menus and footer."""
    return _page(title, f"<ul class='nav'>{_MENU}</ul><div class='main'><p>{text}</p></div>{_FOOT}")


GONE: list[Answer] = [
    ("soft-404-h1", True, 200, HTML, _page("404", "<h1>404</h1><p>您访问的页面不存在</p>")),
    ("soft-404-title", True, 200, HTML, _page("页面不存在", "<p>三秒后返回首页</p>")),
    ("soft-404-framed", True, 200, HTML, _framed("临江市人民政府", "对不起，您要查看的信息不存在或已被删除！")),
    ("soft-404-moved", True, 200, HTML, _framed("错误提示", "抱歉，该文章已被移除，请返回首页。")),
    ("soft-404-lost", True, 200, HTML, _page("出错了", "<p>哎呀，页面走丢了……</p><a href='/'>返回首页</a>")),
    ("soft-404-english", True, 200, HTML, _page("404 Not Found", "<center><h1>404 Not Found</h1></center><hr>nginx")),
    ("soft-404-tomcat", True, 200, HTML, _page("HTTP Status 404 – Not Found", "<h1>HTTP Status 404 – Not Found</h1>")),
    ("soft-404-iis", True, 200, HTML, _page("404 - 找不到文件或目录。", "<h2>404 - 找不到文件或目录。</h2>")),
    ("soft-404-unpublished", True, 200, HTML, _framed("提示信息", "该信息已下架或链接已失效，请检查您访问的地址。")),
    ("soft-404-gbk", True, 200, {"Content-Type": "text/html; charset=gbk"},
     "<html><head><title>页面未找到</title></head><body>您所访问的页面不存在</body></html>".encode("gbk")),
    ("hard-404", True, 404, HTML, _framed("临江市人民政府", "页面不存在")),
    ("hard-410", True, 410, HTML, b"Gone"),
    ("home", True, 302, {**HTML, "Location": "/"}, b""),
    ("home-index", True, 301, {**HTML, "Location": "/index.html"}, b""),
]  # fmt: skip
_CHALLENGE = (
    b"<html><head><meta charset='utf-8'><meta content=\"{qqqq3k\" r='m'><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};"
    b"$_ts.nsd=1;</script><script src='/Ab3dE/x.js'></script></head><body></body></html>"
)
_COOKIE = b"<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_clearance=1');location.href=location.pathname</script>"
BLOCKED: list[Answer] = [
    ("ruishu-412", False, 412, HTML, _CHALLENGE),
    ("ruishu-200", False, 200, HTML, _CHALLENGE),
    ("ruishu-202", False, 202, HTML, _CHALLENGE),
    ("jiasule-521", False, 521, HTML, _COOKIE),
    ("jiasule-200", False, 200, HTML, _COOKIE),
    ("openresty-403", False, 403, HTML, _page("403 Forbidden", "<center><h1>403 Forbidden</h1></center>openresty")),
    ("method-405", False, 405, HTML, _page("405", "很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。")),
    ("waf-200", False, 200, HTML, _page("访问被拦截", "<p>您的请求疑似攻击行为，已被网站防火墙拦截。事件ID：20260301</p>")),
    ("waf-frequent", False, 200, HTML, _page("提示", "<p>您的访问过于频繁，请稍后再试</p>")),
    ("captcha", False, 200, HTML, _page("安全验证", "<p>请完成安全验证</p><div id='captcha'></div><script src='captcha.js'></script>")),
    ("slider", False, 200, HTML, _page("人机验证", "<p>请拖动滑块完成验证</p>")),
    ("busy-503", False, 503, HTML, _page("503", "Service Unavailable")),
    ("gateway-502", False, 502, HTML, _page("502 Bad Gateway", "<center>nginx</center>")),
    ("error-500", False, 500, HTML, _page("500", "Internal Server Error")),
    ("too-many-429", False, 429, {**HTML, "Retry-After": "0"}, b"Too Many Requests"),
    ("unauthorised-401", False, 401, HTML, b"Unauthorized"),
    ("empty", False, 200, HTML, b""),
    ("shell", False, 200, HTML, _page("政务公开", "<div id='app'></div><script src='/static/app.js'></script>")),
    ("shell-placeholders", False, 200, HTML, _page("详情", "<h1>{{ detail.title }}</h1><div>{{ detail.content }}</div>")),
    ("short-body", False, 200, {**HTML, "Content-Length": "9000"}, b"<html><body><p>"),
    ("cut-gzip", False, 200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(_framed("通知", "通知" * 4000))[:-200]),
    ("elsewhere", False, 302, {**HTML, "Location": "http://login.example/cas"}, b""),
    ("loop", False, 302, {**HTML, "Location": ""}, b""),
    ("list-instead", False, 200, HTML, _page(
        "通知公告", "<ul>" + "".join(f"<li><a href='/zw/t20260101_{n}.html'>关于第{n}号事项的通知</a><span>2026-01-05</span></li>"
                                  for n in range(20)) + "</ul><script>createPageHTML(3,0,'index','html')</script>")),
]  # fmt: skip
