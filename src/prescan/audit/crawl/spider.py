"""The spider: fetches pages and annexes within the scope, each once; conditionally if an earlier crawl had them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import scrapy
from scrapy import signals
from scrapy.crawler import CrawlerProcess
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from prescan.audit.crawl.scope import is_sitemap, links, listed, unpacked
from prescan.resources import __version__

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from prescan.audit.crawl.scope import Scope
    from prescan.audit.crawl.shelf import Before, Shelf

_SIZE_AT_MOST: Final = 100 * 1024 * 1024
_SAID_EVERY: Final = 1.0
_GONE: Final = frozenset({404, 410})
_NOT_CHANGED: Final = 304
_OK: Final = 200
_FAILED: Final = 400
#: Status of records for requests without response.
NO_ANSWER: Final = 599


def run(
    order: dict[str, Any],
    scope: Scope,
    shelf: Shelf,
    earlier: Sequence[Shelf],
    say: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """Crawl; return the counts, the reason of the end, and what is incomplete."""
    tally = Tally(order["pages"], say)
    process = CrawlerProcess(_settings(order))
    process.crawl(Spider, order=order, scope=scope, shelf=shelf, earlier=earlier, tally=tally)
    process.start()
    return tally.counts()


class Tally:
    """The counts of a crawl so far."""

    def __init__(self, pages_at_most: int, say: Callable[[dict[str, Any]], None]) -> None:
        """`say` is called with the counts, at most every _SAID_EVERY seconds."""
        self.pages = self.unchanged = self.failed = self.gone = self.forbidden = self.outside = 0
        self.asked = 0
        self.pages_at_most = pages_at_most
        self.cut = self.deep = False
        self.reason = ""
        self.first_failure = ""
        self._say, self._said = say, time.monotonic()

    def counts(self) -> dict[str, Any]:
        """Return the counts."""
        reasons = []
        if self.cut:
            reasons.append(f"达到 {self.pages_at_most} 页的上限")
        if self.deep:
            reasons.append("达到 --depth 的层数")
        if self.reason not in {"", "finished"}:
            reasons.append("提前结束")
        names = ("pages", "unchanged", "failed", "gone", "forbidden", "outside", "reason", "first_failure")
        return {**{name: getattr(self, name) for name in names}, "incomplete": "，".join(reasons)}

    def moved(self) -> None:
        """Report the counts, unless that was done a moment ago."""
        if time.monotonic() - self._said > _SAID_EVERY:
            self._said = time.monotonic()
            self._say(self.counts())


class Spider(scrapy.Spider):  # type: ignore[misc]
    """Follows links and sitemaps from the start addresses."""

    name = "prescan"

    def __init__(self, **given: Any) -> None:  # noqa: ANN401
        """Take the arguments of `run`."""
        super().__init__()
        self.order, self.scope, self.shelf = given["order"], given["scope"], given["shelf"]
        self.earlier, self.tally = given["earlier"], given["tally"]

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> Spider:  # noqa: ANN401
        """Create the spider and connect `ended`."""
        spider: Spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.ended, signal=signals.spider_closed)
        return spider

    def ended(self, spider: Any, reason: str) -> None:  # noqa: ANN401, ARG002
        """Record why the crawl ended."""
        self.tally.reason = reason

    async def start(self) -> AsyncIterator[Any]:
        """Yield the first requests."""
        for url in self.order["starts"]:
            yield self._request(url)

    def _request(self, url: str) -> Any:  # noqa: ANN401
        before = next((found for shelf in self.earlier if (found := shelf.before(url))), None)
        headers = {}
        if before and before.etag:
            headers["If-None-Match"] = before.etag
        if before and before.modified:
            headers["If-Modified-Since"] = before.modified
        return scrapy.Request(
            url, headers=headers, callback=self.answered, errback=self.failed, cb_kwargs={"before": before}
        )

    def answered(self, response: Any, before: Before | None) -> Iterator[Any]:  # noqa: ANN401
        """Store a response and follow its links."""
        url, tally = response.url, self.tally
        status = response.status
        tally.moved()
        if status == _NOT_CHANGED and before is not None:
            tally.unchanged += 1
            self.shelf.copy(url, before)
            yield from self._follow(before.links)
        elif status in _GONE:
            tally.gone += 1
        elif status != _OK:
            self._lost(url, status if status >= _FAILED else NO_ANSWER, f"HTTP {status}")
        else:
            data = response.body
            text = unpacked(data, url)
            is_map = is_sitemap(text)
            found = listed(text) if is_map else links(data, url) if _is_page(response) else []
            wanted = [link for link in found if self.scope.wanted(link)]
            tally.outside += len(found) - len(wanted)
            if not is_map:
                tally.pages += 1
                headers = {
                    name.decode("latin-1").title().replace("Etag", "ETag"): b", ".join(values).decode("latin-1")
                    for name, values in response.headers.items()
                }
                self.shelf.put(url, status, headers, data, wanted)
            if wanted and response.meta.get("depth", 0) >= self.order["depth"]:
                tally.deep = True
            yield from self._follow(wanted)

    def failed(self, failure: Any) -> None:  # noqa: ANN401
        """Store a record of a failed address, so that it does not count as gone."""
        url = failure.request.url
        if failure.check(Outside):
            self.tally.outside += 1
        elif failure.check(IgnoreRequest):
            if "robots" not in str(failure.value):
                return
            self.tally.forbidden += 1
            self._lost(url, NO_ANSWER, "robots.txt 不允许抓取", count=False)
        else:
            self._lost(url, NO_ANSWER, failure.type.__name__)

    def _lost(self, url: str, status: int, why: str, *, count: bool = True) -> None:
        self.tally.failed += count
        self.tally.first_failure = self.tally.first_failure or why
        self.shelf.put(url, status, {"Content-Type": "text/plain"}, why.encode(), ())

    def _follow(self, found: list[str]) -> Iterator[Any]:
        yield from (self._request(url) for url in found)


class Outside(IgnoreRequest):  # type: ignore[misc]
    """An address outside the scope, or beyond the limit of pages."""


class Fence:
    """Middleware that every request passes last, including redirects and robots.txt."""

    def __init__(self, crawler: Any) -> None:  # noqa: ANN401
        """`crawler` gives access to the spider."""
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Fence:  # noqa: ANN401
        """Create the middleware (called by Scrapy)."""
        return cls(crawler)

    def process_request(self, request: Any) -> None:  # noqa: ANN401
        """Raise Outside for addresses outside the scope or beyond the limit."""
        spider = self._crawler.spider
        if not spider.scope.named(request.url):
            raise Outside("a host that was not named")
        if request.callback is NO_CALLBACK or request.meta.get("prescan_counted"):
            return  # robots.txt, or a retry, which was counted before
        if spider.tally.asked >= spider.tally.pages_at_most:
            spider.tally.cut = True
            raise Outside("enough")
        spider.tally.asked += 1
        request.meta["prescan_counted"] = True


def _is_page(response: Any) -> bool:  # noqa: ANN401
    kind = response.headers.get("Content-Type", b"").lower()
    return b"html" in kind or (not kind and b"<" in response.body[:1000])


def _settings(order: dict[str, Any]) -> dict[str, Any]:
    return {
        "USER_AGENT": f"prescan/{__version__} (site audit)",
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "prescan",
        "DOWNLOAD_DELAY": order["delay"],
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
        "AUTOTHROTTLE_ENABLED": order["delay"] > 0,
        "AUTOTHROTTLE_START_DELAY": order["delay"],
        "DEPTH_LIMIT": order["depth"],
        "DOWNLOAD_MAXSIZE": _SIZE_AT_MOST,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": 60,
        "RETRY_TIMES": 2,
        "HTTPERROR_ALLOW_ALL": True,
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REFERER_ENABLED": False,
        "LOG_ENABLED": False,
        "DOWNLOADER_MIDDLEWARES": {Fence: 90},
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
        "SCHEDULER_DEBUG": False,
    }
