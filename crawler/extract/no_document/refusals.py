"""The words in which a site refuses, says that a page is gone, or that it is not working: facts of blockpage.

Two strengths. What is said to the visitor («您访问的页面不存在», «您的请求已被拦截») no document says of itself.
What a notice may say as well («网站停机维护», «信息不存在») counts only where nothing tells of a document.
"""

from __future__ import annotations

import re

_WEAK_BLOCK = (
    r"403 Forbidden|405 Not Allowed|\bAccess (?:is )?Denied|Request (?:has been )?(?:blocked|rejected)|Checking your browser"
    r"|Just a moment|URL was rejected|Page Blocked|Access Blocked|restricted by the site|automated request"
    r"|you (?:have been|are|were) (?:blocked|banned|denied)|(?:you are|is) unable to access|unusual (?:traffic|activity)"
    r"|(?:verify|confirm)(?:ing)? (?:that )?you(?:['’]re| are)? (?:a |not a )?(?:human|robot|bot)"
    r"|not available in your (?:country|region|area)|enable cookies|Incapsula incident|Too many requests|rate limit(?:ed)?"
    r"|your (?:IP|access|request)[^.\n]{0,40}(?:blocked|banned|denied|limited|restricted|suspicious)"
    r"|(?:请求|访问|操作|行为)[^。\n]{0,14}(?:拦截|被拒绝|阻断|被阻止|被禁止|被限制|异常|过于频繁"
    r"|存在(?:威胁|风险)|不合法|疑似攻击|造成(?:安全)?威胁)|疑似(?:攻击|黑客)|可疑的?(?:攻击|访问)|自动请求|非法攻击"
    r"|被[^。，\n]{0,14}(?:防护|防火墙|WAF|盾|堤)[^。，\n]{0,8}(?:拦截|阻断)|触发[^。\n]{0,8}(?:安全|防护)策略"
    r"|安全验证|人机验证|滑动验证|拖动滑块|按住滑块|请(?:依次|按顺序)?点[击选][^。\n]{0,6}图[中片]|请(?:完成|进行|输入)(?:安全)?验证"
    r"|^\W*(?:Web应用|网站|云)防火墙\W*$|防护系统|(?:创宇|云)盾|安全狗|云锁|护卫神|加速乐|IIS防火墙"
    r"|网站防篡改|列入(?:禁止|黑)名单|IP(?:地址)?[^。\n]{0,16}(?:被(?:封|禁|限制)|黑名单|不在[^。\n]{0,8}范围)"
    r"|event[_ ]?id|事件\s*ID|防火墙拦截|拒绝访问"
    r"|无权(?:限)?(?:访问|查看|浏览)|没有权限|禁止访问|访问受限|(?:无法|不允许)访问(?:本站|该站)|浏览器安全检查|正在(?:检测|验证)(?:[您你]的)?浏览器"
    r"|不对境外|仅[限对][^。\n]{0,8}(?:境内|国内|大陆|内地)[^。\n]{0,8}(?:访问|开放)|仅限(?:校|院|局|单位)?内(?:网|部)?(?:IP|用户|人员)?(?:访问|查看|浏览)|(?:人数|用户)过多"
    # a wall that asks who is there
    r"|请(?:先)?登[录陆]后?(?:再)?(?:访问|查看|浏览)|(?:尚未|没有|未)登[录陆]|登[录陆](?:已)?(?:超时|过期|失效)|会话(?:已)?(?:超时|过期)"
    r"|扫码登[录陆]|^\W*请(?:您)?(?:先|重新)?登[录陆](?:后(?:再)?(?:操作|下载|继续|使用))?\W*$"
)
_NOT_WORKING = (
    # a site under repair: 网站升级中，敬请期待 · 系统维护，暂停服务
    r"(?:网站|系统|平台|服务器|本站|页面|栏目)[^。\n]{0,8}(?:升级|维护|改版|改造|割接|建设|迁移)[^。\n]{0,6}(?:中|期间|敬请|暂停|稍后|公告|给您)"
    r"|正在(?:建设|维护|升级)|敬请期待|暂停(?:服务|访问|使用)|暂时(?:无法|不能|停止)(?:进行)?(?:访问|提供服务|服务)"
    r"|(?:网站|本站|站点)[^。\n]{0,30}(?:关闭|暂停|停止(?:运行|更新|访问|服务)|已迁移|未进行备案)|域名[^。\n]{0,4}过期"
    # and one that fails
    r"|(?:系统|网络|服务|程序)(?:繁忙|异常|错误|出错)|服务器(?:内部)?(?:错误|出错|繁忙|异常|开小差)|数据库(?:连接)?(?:失败|错误|异常)"
    r"|Internal Server Error|Bad Gateway|Gateway Time-?out|Service (?:Temporarily )?Unavailable|Too many connections"
    r"|establishing a database connection|MySQL Query Error|没有找到(?:对应的)?站点|^\W*(?:50\d|错误)\W*$"
    r"|页面(?:错误|出错)|模板(?:文件)?[^。\n]{0,10}不存在"
    r"|等待审核|应用未授权|参数(?:错误|不合法|有误)|非法(?:操作|请求|访问|参数)|^Warning: .{0,300}on line \d"
)
# What a site cannot find is of its own, or of the visitor's: the page may well be there. 数据库文件不存在 · 登录信息已失效
_OWN = (
    r"(?:数据库|数据源|配置|缓存|索引|模板|日志|授权|许可证?|license|证书|控制器|模块|方法|函数|数据表|接口|应用|程序|服务器?|主机|域名|目录"
    r"|账[户号]|帐[户号]|用户|会话|登[录陆]|身份|权限|令牌|token|session|cookie)"
)
_NOT_THE_PAGE = (
    rf"{_OWN}(?:信息|文件|页面|名称|状态)?[^。，\n]{{0,4}}(?:不存在|找不到|未找到|没有找到|not found|失效|过期)"
    rf"|(?:找不到|未找到|没有找到|无法找到)[^。，\n]{{0,4}}{_OWN}|\bclass\b[^\n]{{0,60}} not found|系统找不到指定的(?:文件|路径)"
    r"|页面[^。，\n]{0,4}过期[^。\n]{0,6}(?:刷新|重新)|无法显示[^。\n]{0,6}(?:网页|页面|此页|该页)|(?:网页|页面|此页|该页)无法(?:显示|访问|打开)|网络(?:不给力|不通|连接失败)"
)
WEAK_BLOCK = re.compile(f"{_WEAK_BLOCK}|{_NOT_WORKING}|{_NOT_THE_PAGE}", re.IGNORECASE | re.MULTILINE)
STRONG_BLOCK = re.compile(
    r"您(?:的|当前的?|本次的?)?(?:IP|请求|访问|提交)[^。\n]{0,30}(?:拦截|阻断|阻止|拒绝|攻击|威胁|异常|频繁|封禁|不合法|安全策略)"
    r"|当前(?:的)?(?:请求|访问)[^。\n]{0,12}(?:拦截|攻击|异常|频繁)|已被创宇盾拦截|(?:攻击|黑客)[^。\n]{0,6}已被(?:创宇盾)?拦截"
    r"|请求[^。\n]{0,16}已被[^。\n]{0,12}(?:拦截|阻断)|请求\s*ID\s*[:：是]|(?:抱歉|对不起)[^。\n]{0,12}(?:没有权限|无权|系统|服务器|站点)"
    r"|您(?:无权|没有权限|尚未登[录陆]|还没有登[录陆])|请登[录陆]后(?:访问|查看|浏览)"
    r"|您(?:要|所)?(?:访问|查看|浏览|请求)的[^。\n]{0,20}(?:拦截|阻断|禁止)"
    r"|请(?:先)?(?:依次)?(?:输入|填写|完成|点击|点选|拖动|滑动|按住)[^。\n]{0,16}(?:验证|校验码|滑块|图中|图片|字符)[^。\n]{0,8}"
    r"(?:继续|再|后|方可|即可|才能|以便?)[^。\n]{0,4}(?:浏览|访问|查看|阅读)",
    re.IGNORECASE,
)
_THING = r"(?:页面|网页|文章|内容|信息|文件|文档|地址|链接|资源|栏目|稿件)"
_NAMED = r"(?:《[^》\n]{1,120}》)"  # the title of what was asked for
_THING_EN = r"(?:resource|page|file|document|article|content)s?"
WEAK_GONE = re.compile(
    rf"{_THING}[^。\n]{{0,12}}(?:不存在|已(?:经)?(?:被)?(?:管理员)?(?:删除|移除|下线|撤销|失效|撤稿|撤下|迁移|过期)|找不到|未找到"
    r"|无法找到|没有找到|走丢|不见了|不在了|飞走了|去火星|未发布|未审核|正在审核)"
    rf"|(?:找不到|未找到|没有找到|无法找到)[^。\n]{{0,12}}(?:{_THING}|该页)"
    r"|(?:404|410)\s*(?:Not Found|错误|页面|Error|Gone|-)|(?:Error|错误)\s*404|Not Found|Page not found|HTTP (?:Status"
    rf"|错误) 404|{_THING_EN} (?:that )?you(?:['’]re| are| were)? (?:looking for|requested|trying to)[^.\n]{{0,20}}"
    r"(?:has been (?:removed|moved|deleted)|(?:can ?not|can't|could not|was not|is not) (?:be )?(?:found|available))"
    rf"|{_THING_EN}[^.\n]{{0,20}}(?:does not|doesn't|no longer) exists?"
    r"|页面丢失|无此(?:文章|信息|页面)|该信息已(?:下架|过期)|暂未发布或已|文档ID不存在",
    re.IGNORECASE,
)
_AWAY = r"不存在|已(?:经)?(?:被)?(?:管理员)?(?:删除|移除|下线|下架|撤销|撤稿|撤下|迁移|移动)|找不到|未找到|走丢|不见|不在了|失效|过期"
STRONG_GONE = re.compile(
    rf"(?:您|你|所)(?:要|所|正在|想要?|需要)?(?:访问|查看|浏览|请求|寻找|查找|搜索|打开|找)的?[^。\n]{{0,12}}(?:{_THING}|{_NAMED})"
    rf"[^。\n]{{0,14}}(?:{_AWAY})"
    rf"|(?:抱歉|对不起|sorry)[，,！!：:\s]{{0,4}}{_NAMED}?[，,\s]{{0,2}}(?:{_AWAY})"  # its name between “” is left out
    r"|^\W*(?:很|非常)?(?:抱歉|对不起)[，,！!：:\s]{1,4}[^。\n]{1,90}(?:不存在或者?已|已(?:经)?被?(?:管理员)?(?:删除|移除|下线|下架|撤下))[^。\n]{0,8}$"
    rf"|(?:抱歉|对不起|sorry)[^。\n]{{0,16}}{_THING}[^。\n]{{0,14}}(?:{_AWAY})"
    rf"|(?:找不到|未找到|没有找到)(?:您|你)(?:要|所|想)[^。\n]{{0,6}}{_THING}"
    rf"|^\W*(?:该|此)(?:条|篇)?{_THING}(?:{_AWAY}|未发布|正在审核)[^。\n]{{0,20}}$",
    re.IGNORECASE | re.MULTILINE,
)
# Said to the visitor by an error page of a server that fails, and by one whose further lines say that the page is gone.
STRONG_FAILED = re.compile(r"您(?:要|所)?(?:访问|查看|浏览|请求)的[^。\n]{0,12}(?:出错|错误|无法)")
GONE_TITLE = re.compile(
    r"^\W*(?:(?:http)?\s*404\b.{0,20}|.{0,10}(?:页面|网页|文章|信息)(?:不存在|未找到|找不到|走丢了?"
    r"|已删除).{0,6}|.{0,4}出错(?:了|啦|页面)?|错误(?:页面|提示|页)?|not found|error)\W*$",
    re.IGNORECASE,
)
# Said of itself by a page that leads on, or waits for its script.
PASSING = re.compile(
    r"(?:页面)?(?:正在)?(?:为您)?跳转中?[，,。….\s]{0,6}(?:请(?:稍|耐心等)|如果)|正在为您跳转|没有自动跳转|秒[^。\n]{0,4}自动(?:跳转|转到)"
    r"|正在加载|加载中|即将(?:离开|访问外部)|浏览器(?:版本过[低旧]|不支持框架|已禁用脚本)"
)
# All that a template shows in the place of a text which it, its script or a wall behind it did not get: 内容加载失败，请刷新重试
_SORRY = r"^\W*(?:(?:很|非常)?(?:抱歉|对不起|温馨提示|提示)\W{1,4})?"
_TRY_AGAIN = (
    r"(?:\W{0,4}请(?:您|先)?(?:\d{1,4}(?:秒|分钟)[之以]?后)?(?:稍[后候等]|刷新|重新|重试|点击|联系|检查|返回|耐心)"
    r"[^。\n]{0,20})?\W*$"
)
NO_TEXT_GOT = re.compile(
    rf"{_SORRY}(?:[^，。\n]{{0,6}}(?:加载|载入|获取|读取|查询|连接)(?:数据|内容|信息|正文|数据库)?(?:失败|出错|异常|超时)"
    r"|(?:当前)?(?:数据库|网络|服务器?|系统|接口|服务)[^，。\n]{0,6}(?:繁忙|异常|超时|错误|出错|开小差了?)"
    r"|(?:数据|内容|正文|页面)?(?:正在)?(?:努力|拼命)?(?:加载|载入)中?"
    r"|[^，。\n]{0,8}(?:访问|请求|操作|点击)(?:次数)?(?:过于|太过?|过)频?[繁多]"
    r"|[^，。\n]{0,12}(?:访问|请求)[^，。\n]{0,12}被[^，。\n]{0,8}(?:拦截|阻断)"
    rf"|请(?:您|先)?(?:登[录陆]|完成(?:安全|滑块)?验证|输入验证码)[^，。\n]{{0,6}}(?:查看|浏览|访问|阅读)[^，。\n]{{0,4}}){_TRY_AGAIN}"
    r"|^(?:Warning|Notice|Fatal error|Parse error)\s?: .{0,300}\bon line \d"
    r"|^\W*(?:Too many connections|loading|(?:internal )?server error)\W*$",
    re.IGNORECASE | re.MULTILINE,
)
# What is on a page, not the document itself: of 文件 a text may say it too.
_SHOWN = r"(?:(?:该|此|本|当前)(?:条|篇|则)?)?(?:页面|网页|文章|内容|信息|稿件)"
_SEE = r"(?:查看|浏览|访问|阅读|显示)"
# All of a text that is shown to those alone who may see it, or to nobody yet: 该信息正在审核中，暂不提供浏览。
NOT_SHOWN = re.compile(
    rf"{_SORRY}(?:{_SHOWN}(?:(?:正在|尚在|仍在|还在)(?:等待)?审核中?|(?:尚?未(?:通过|经)?|待|等待)审核)"
    rf"(?:\W{{0,2}}(?:暂不|暂时不|暂未|不予?|无法|不能|暂时无法)(?:能|可|提供|对外|予以)?(?:{_SEE}|公开|发布))?"
    rf"|[您你]?(?:没有|暂无|无|缺少)(?:足够的?)?(?:权限|权){_SEE}{_SHOWN}?|(?:[您你]的?)?(?:(?:没有|暂无|无)权限|权限不足)"
    rf"|{_SHOWN}(?:仅|只)(?:限|对|供)[^。\n]{{0,6}}内[网部][^。\n]{{0,6}}(?:{_SEE}|开放)){_TRY_AGAIN}"
)
# What a program says that failed, at the start of all that stands in a text's place: java.sql.SQLException: Io exception
PROGRAM_FAILED = re.compile(
    r"\W*(?:(?:Caused by|nested exception is|Exception in thread \S{1,40}):?\s)?"
    r"(?:(?:[a-z]\w{0,40}\.){1,12}[A-Z]\w{0,80}(?:Exception|Error)\b|[A-Z]\w{0,60}Exception\b(?:\s?:|\W*$)|ORA-\d{5}\b|SQLSTATE\["
    r"|FreeMarker template error|Error \d{3}: \w|(?:PHP )?(?:Fatal|Parse) error\s?:|Uncaught (?:\w{1,40}Error|Exception)\b"
    r"|Microsoft OLE DB Provider for|Microsoft VBScript|Traceback \(most recent|You have an error in your SQL syntax"
    r"|Object reference not set|未将对象引用设置到对象的实例|javax?\.\w+\.[\w.]{3,80})"
)
# All that stands in the place of a text that was taken away: 该信息已被管理员删除 · 对不起，您查看的内容已下架
TEXT_TAKEN_AWAY = re.compile(
    rf"{_SORRY}(?:(?:该|此|本|您(?:所|要)?(?:访问|查看|浏览)的)(?:条|篇|则)?{_THING}已(?:经)?被?(?:发布者|管理员|作者)?"
    rf"(?:删除|移除|下线|下架|撤稿|撤下|屏蔽)|{_SHOWN}已(?:经)?被?(?:撤回|过期))\W*$"
)
# The answer of a server or of the program behind it: in its title, or in the markup that it writes itself.
SERVER_TITLE = re.compile(
    r"\s*(?:HTTP\s?(?:Status|状态)\s*[45]\d\d|[45]\d\d (?:Bad|Gateway|Internal|Service|- (?:内部|禁止|服务))|Error [45]\d\d--"
    r"|[^<]{0,40} - Error report|运行时错误$|Welcome to (?:nginx|OpenResty)|50\d Backend|Apache Tomcat(?:/[\d.]+)?\W*$"
    r"|Index of /|IIS ?(?:7|8|Windows)|Apache2? .{0,20}Default Page"
    r"|(?:(?:恭喜，)?站点创建成功|(?:抱歉，)?站点已暂停|没有找到站点|系统发生错误|该网站暂时无法进行访问)\W*$"
    r"|ERROR: The requested URL|DisallowedHost at|.{0,30}something went wrong|Struts Problem Report)",
    re.IGNORECASE,
)
_SERVER_WORDS = (
    "应用程序中的服务器错误", "Server Error in '/", "Whitelabel Error Page", "It works!", "error</b>: ", "Uncaught Error: ",
    "Active Server Pages 错误", "Microsoft OLE DB Provider for", ": java.", "<Error>", ".java:",
    "FreeMarker template error", "Traceback (most recent call last)",
)  # fmt: skip
_SERVER_MARK = re.compile(
    r"<h1>\s*(?:“/[^”<]{0,60}”应用程序中的服务器错误|Server Error in '/|Whitelabel Error Page|It works!)"
    r"|<b>(?:Fatal|Parse) error</b>: |Uncaught Error: |Active Server Pages 错误|Microsoft OLE DB Provider for"
    r"|Error \d{3}: java\.|\n\s{0,9}at [\w.$]{3,120}\(\w{1,60}\.java:\d|FreeMarker template error \(|Traceback \(most recent call last\):"
    r"|<Error>\s{0,9}<Code>[A-Z]\w{3,40}</Code>",
    re.IGNORECASE,
)
# Among those, that of one missing page. A missing store or site is not the page's.
MISSING_PAGE = re.compile(
    r"(?:HTTP\s?(?:Status|状态)\s*|Error\s)404|NoSuchKey|status=404|HTTP 404。|FileNotFound|无法找到资源|<title>404",
    re.IGNORECASE,
)


def is_server_error(title: str, top: str) -> bool:
    """Whether a page's title or the top of its markup is that of a server that failed. Cheap on every page."""
    if SERVER_TITLE.match(title):
        return True
    return any(word in top for word in _SERVER_WORDS) and bool(_SERVER_MARK.search(top))
