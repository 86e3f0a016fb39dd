"""Cookies for a site's own domain, told from those for a public suffix by the list that comes with the library."""

from __future__ import annotations

from scrapy.downloadermiddlewares import cookies
from tldextract import TLDExtract

# Scrapy's own asks the internet for today's list, past the address guard and robots.txt and while nothing else is
# fetched, and keeps it in the home directory. The list that is installed knows gov.cn and its kin.
cookies._split_domain = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


class OwnCookiesMiddleware(cookies.CookiesMiddleware):
    """Scrapy's cookies, which ask nobody."""
