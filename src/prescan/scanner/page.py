"""What a published page says about itself: the tags of 政府网站 (栏目, source, date), links to annexes, periods.

The tags are those of 《政府网站发展指引》 附件 网页标签规范 (国办发〔2017〕47号).
"""

from __future__ import annotations

import datetime
import html
import re
from typing import TYPE_CHECKING, Any, Final

import regex

from prescan.text import periods

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD_BYTES: Final = 16_384
_TAGS: Final = {
    "columnname": "channel",
    "contentsource": "unit",
    "sitename": "site",
    "pubdate": "published",
    "articletitle": "title",
}
_META = regex.compile(
    r"""<meta\s+name\s*=\s*["']?(?P<name>ColumnName|ContentSource|SiteName|PubDate|ArticleTitle)["']?\s+"""
    r"""content\s*=\s*(?:"(?P<a>[^"]{0,300})"|'(?P<b>[^']{0,300})')""",
    regex.IGNORECASE,
)
_TITLE = regex.compile(r"<title[^>]{0,100}>([^<]{1,300})</title>", regex.IGNORECASE)
#: What follows in a page's title is the site: 关于…的通知_青禾县人民政府.
_SITE = regex.compile(r"[_|｜]| [-–—] ")
_KINDS: Final = rb"""\.(?:docx?|docm|wps|wpt|xlsx?|xlsm|et|pptx?|dps|pdf|ofd|rtf|csv|txt|zip|rar|7z|tar|gz)(?=["'?#])"""
#: `re`: `regex` takes up to three times as long to go through the bytes of a page.
_ANNEX_END = re.compile(_KINDS, re.IGNORECASE)
_ANNEX = re.compile(rb"""(?:href|src)\s*=\s*["']\s*([^"'\s<>]{1,500}?""" + _KINDS + b")", re.IGNORECASE)
#: A link with its attribute is no longer.
_LINK_BYTES: Final = 520
_LINKS_AT_MOST: Final = 500
_DAY_ALONE = regex.compile(
    r"[ \t\u3000]*(?P<y>(?:19|20)\d\d)\s?[年./-]\s?(?P<m>\d{1,2})\s?[月./-]\s?(?P<d>\d{1,2})\s?日?[ \t\u3000]*"
)
_LOOKED_AT: Final = 60_000


def page_words(data: bytes, shown: Callable[[str], str]) -> dict[str, str]:
    """Return what the tags of a page say: channel, unit, site, published (ISO), title; `shown` masks them."""
    said: dict[str, str] = {}
    head = _decoded(data[:_HEAD_BYTES])
    for tag in _META.finditer(head):
        text = html.unescape(tag["a"] or tag["b"] or "").strip()
        name = _TAGS[tag["name"].lower()]
        if name == "published":
            day = _DAY_ALONE.match(text)
            text = _iso(day["y"], day["m"], day["d"]) or "" if day else ""
        if text:
            said.setdefault(name, shown(text))
    titled = _TITLE.search(head)
    if titled and (text := _SITE.split(html.unescape(titled[1]).strip())[0].strip()):
        said.setdefault("title", shown(text))
    return said


def links(data: bytes) -> list[str]:
    """Return the files a page links to, as written there, each once."""
    found = dict.fromkeys(  # where a name of a file ends is found fast; only before it is the link looked for
        match[1]
        for end in _ANNEX_END.finditer(data)
        for match in _ANNEX.finditer(data, max(0, end.start() - _LINK_BYTES), end.end() + 1)
    )
    return [html.unescape(_decoded(link)) for link in list(found)[:_LINKS_AT_MOST]]


def dates(text: str, title: str) -> dict[str, Any]:
    """Return the dates a document gives: `produced` (成文日期) and, for a 公示, how long it runs."""
    said: dict[str, Any] = {}
    alone = [line for line in text[-_LOOKED_AT:].replace("\u2029", "\n").split("\n") if "年" in line or "-" in line]
    for line in reversed(alone):
        day = _DAY_ALONE.fullmatch(line)
        if day and (iso := _iso(day["y"], day["m"], day["d"])):
            said["produced"] = iso
            break
    if "公示" in title:
        said |= _publicity(text[:_LOOKED_AT])
    return said


def _publicity(text: str) -> dict[str, Any]:
    period = periods.publicity(text)
    if period is None:
        return {}
    if period.until:
        return {"publicity_end": period.until.isoformat()}
    return {"publicity_days": period.days, "publicity_working": period.working}


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _decoded(data: bytes) -> str:
    """Return the text of the head of a page; cut in the middle of a character it still reads."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:
            return data[: error.start].decode("utf-8")
    return data.decode("gb18030", "replace")
