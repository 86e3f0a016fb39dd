"""A site's cookies: for its own domain, by the list of public suffixes that comes with the library, and no more than browsers keep."""

from __future__ import annotations

from collections.abc import Iterable
from http.cookiejar import Cookie

from scrapy import Request
from scrapy.downloadermiddlewares import cookies
from scrapy.http.cookies import CookieJar
from tldextract import TLDExtract

# Scrapy's own asks the internet for today's list, past the address guard and robots.txt and while nothing else is
# fetched, and keeps it in the home directory. The list that is installed knows gov.cn and its kin.
cookies._split_domain = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

_MOST = 50  # cookies of a domain, as many as browsers keep at least (RFC 6265, 6.1)


class OwnCookiesMiddleware(cookies.CookiesMiddleware):
    """Scrapy's cookies, which ask nobody.

    Where a site marks each document as read (visited_4711=1), the header with all of them grew beyond what its server takes, and
    the rest of its documents was answered 400. The first ones are kept: sessions and walls set theirs at once.
    """

    def _process_cookies(self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request) -> None:
        for cookie in cookies:
            paths = jar._cookies.get(cookie.domain, {})
            if cookie.name in paths.get(cookie.path, {}) or sum(map(len, paths.values())) < _MOST:
                super()._process_cookies((cookie,), jar=jar, request=request)
