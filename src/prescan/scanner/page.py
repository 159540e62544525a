"""Extracts what a published web page says about itself: its 政府网站 meta tags, links to annexes, publicity periods.

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
#: Separates a page's title from the name of the site: 关于…的通知_青禾县人民政府.
_SITE = regex.compile(r"[_|｜]| [-–—] ")
_KINDS: Final = rb"""\.(?:docx?|docm|wps|wpt|xlsx?|xlsm|et|pptx?|dps|pdf|ofd|rtf|csv|txt|zip|rar|7z|tar|gz)(?=["'?#])"""
#: With `re`, because `regex` takes up to three times as long on the bytes of a page.
_ANNEX_END = re.compile(_KINDS, re.IGNORECASE)
_ANNEX = re.compile(rb"""(?:href|src)\s*=\s*["']\s*([^"'\s<>]{1,500}?""" + _KINDS + b")", re.IGNORECASE)
#: The greatest length of a link with its attribute name.
_LINK_BYTES: Final = 520
_LINKS_AT_MOST: Final = 500
_DAY_ALONE = regex.compile(
    r"[ \t\u3000]*(?P<y>(?:19|20)\d\d)\s?[年./-]\s?(?P<m>\d{1,2})\s?[月./-]\s?(?P<d>\d{1,2})\s?日?[ \t\u3000]*"
)
_DATE_CHARS: Final = 60_000


def page_meta(data: bytes, mask: Callable[[str], str]) -> dict[str, str]:
    """Return channel, unit, site, published (ISO date) and title from the head of a page, each masked by `mask`."""
    meta: dict[str, str] = {}
    head = _decoded(data[:_HEAD_BYTES])
    for tag in _META.finditer(head):
        text = html.unescape(tag["a"] or tag["b"] or "").strip()
        name = _TAGS[tag["name"].lower()]
        if name == "published":
            day = _DAY_ALONE.match(text)
            text = _iso(day["y"], day["m"], day["d"]) or "" if day else ""
        if text:
            meta.setdefault(name, mask(text))
    title = _TITLE.search(head)
    if title and (text := _SITE.split(html.unescape(title[1]).strip())[0].strip()):
        meta.setdefault("title", mask(text))
    return meta


def links(data: bytes) -> list[str]:
    """Return the links of a page to document files, as written there, each once."""
    found = dict.fromkeys(  # searching for file endings is fast; the link is then matched only before them
        match[1]
        for end in _ANNEX_END.finditer(data)
        for match in _ANNEX.finditer(data, max(0, end.start() - _LINK_BYTES), end.end() + 1)
    )
    return [html.unescape(_decoded(link)) for link in list(found)[:_LINKS_AT_MOST]]


def dates(text: str, title: str) -> dict[str, Any]:
    """Return the dates a document states: `produced` (成文日期, ISO) and, for a 公示, its period."""
    found: dict[str, Any] = {}
    lines = [line for line in text[-_DATE_CHARS:].replace("\u2029", "\n").split("\n") if "年" in line or "-" in line]
    for line in reversed(lines):
        day = _DAY_ALONE.fullmatch(line)
        if day and (iso := _iso(day["y"], day["m"], day["d"])):
            found["produced"] = iso
            break
    if "公示" in title:
        found |= _publicity(text[:_DATE_CHARS])
    return found


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
    """Decode the head of a page as UTF-8, else as GB 18030; a character cut off at the end is dropped."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:
            return data[: error.start].decode("utf-8")
    return data.decode("gb18030", "replace")
