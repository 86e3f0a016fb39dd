"""Scrapy's settings for one site, as a function of its file and of settings.yml."""

from __future__ import annotations

from typing import Any

from crawler.config import Settings
from crawler.sites import Site

MAX_BODY = 32 << 20


# Components by the order in which they see a request; None takes Scrapy's own out.
_DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,  # a proxy would bypass the guard
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # a server's error would allow everything
    "crawler.middlewares.address_guard.AddressGuardMiddleware": 10,
    "crawler.middlewares.robots.RobotsMiddleware": 50,
    "crawler.middlewares.file_text.FileTextMiddleware": 100,  # sees only the answer that the spider gets
    "crawler.middlewares.patience.PatienceMiddleware": 550,
    "crawler.middlewares.cut_pages.CutPageMiddleware": 580,
    "crawler.middlewares.self_refresh.SelfRefreshMiddleware": 585,
    "crawler.middlewares.capture.CaptureMiddleware": 595,
    "crawler.middlewares.locations.LocationMiddleware": 605,  # before Scrapy's redirects see the answer
    "crawler.middlewares.cookies.OwnCookiesMiddleware": 700,  # where Scrapy has its own
}
_SPIDER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # every status has its own outcome
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
# In place of Scrapy's own list, of which one listens on loopback and runs the Python that it is sent, and which grows.
_EXTENSIONS: dict[str, int | None] = {
    "scrapy.extensions.throttle.AutoThrottle": 0,
}


def scrapy_settings(site: Site, settings: Settings, version: str) -> dict[str, Any]:
    """Polite, walled in, and without what a collection does not use."""
    pace = settings.pace_for(site)
    delay, connections = pace.delay or 0.0, pace.concurrency or 1
    return {
        "BOT_NAME": "gongkai",
        "USER_AGENT": settings.user_agent_text(version),
        "GONGKAI_ROBOTS_AGENT": settings.robots_agent(version),
        "GONGKAI_ROBOTS_ALLOW_UNREACHABLE": site.robots.unreachable == "allow",
        "CONCURRENT_REQUESTS": connections,
        "CONCURRENT_REQUESTS_PER_DOMAIN": connections,
        "CONCURRENT_ITEMS": 1,  # Scrapy starts so many tasks for every answer; the spider yields no items
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # reads the source of every callback, which are new objects each
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,  # Scrapy's half would ask twice within the time that a site was promised
        "AUTOTHROTTLE_ENABLED": delay > 0,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(connections),
        "AUTOTHROTTLE_MAX_DELAY": 120.0,
        "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.0",  # with what crawler/openssl.cnf allows
        "DOWNLOAD_TIMEOUT": pace.timeout or 30.0,
        "DOWNLOAD_MAXSIZE": MAX_BODY,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [500, 502, 503, 504, 408, 429],
        "REDIRECT_MAX_TIMES": 8,
        "METAREFRESH_ENABLED": False,  # a refresh page is a stub or an anti-bot page, and looked at as such
        "COOKIES_ENABLED": True,  # a 302 to itself that sets a cookie is solved by a cookie jar
        "TWISTED_DNS_RESOLVER": "crawler.middlewares.address_guard.GuardedResolver",
        "GONGKAI_ALLOW_PRIVATE": list(settings.allow_private),
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
        "DOWNLOADER_MIDDLEWARES": dict(_DOWNLOADER_MIDDLEWARES),
        "SPIDER_MIDDLEWARES": dict(_SPIDER_MIDDLEWARES),
        "EXTENSIONS_BASE": {},
        "EXTENSIONS": dict(_EXTENSIONS),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
            "Accept-Encoding": "gzip",  # the one coding whose end can be checked cheaply
        },
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # it would make requests vanish without an outcome
        "REFERRER_POLICY": "same-origin",  # files are refused to who comes from no page of theirs
        "LOG_LEVEL": "WARNING",
        "LOG_DATEFORMAT": "%Y-%m-%d %H:%M:%S %z",  # the machine's time: a timetable is Shanghai's
        "LOG_FORMATTER": "scrapy.logformatter.LogFormatter",
    }
