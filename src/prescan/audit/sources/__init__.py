"""The sources of an audit, from which pages and annexes are taken: one module per kind, listed in KINDS.

Every module has `items(path, plan, progress) -> Iterator[Item | Broken]`, which streams items in a stable order. An
Item is a path that a worker opens, or bytes; one that cannot be read has a `code`. Modules for containers report their
progress member by member, so that another process can continue after a member that crashed the first one.
"""

from __future__ import annotations

import fnmatch
import functools
import importlib
import itertools
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from prescan.errors import SettingsError
from prescan.types import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prescan.audit.plan import Plan

PUBLISHED: Final = Context(stage="published")


@dataclass(frozen=True, slots=True)
class Item:
    """One page or annex at one place."""

    place: str = field(repr=False)
    """Its web address, or its path within the source."""
    path: str | None = field(default=None, repr=False)
    data: bytes | None = field(default=None, repr=False)
    context: Context = PUBLISHED
    parent: str | None = field(default=None, repr=False)
    """The place of the page that links to it."""
    code: str | None = None
    """A code of errors.READ_CODES if it cannot be read."""
    detail: str = ""

    @property
    def name(self) -> str:
        """The file name, which helps to recognise the format."""
        return path_of(self.place).rstrip("/").rpartition("/")[2] or "index.html"


def path_of(place: str) -> str:
    """Return the path of a place; for an invalid address, everything after its host.

    >>> path_of("https://x.cn/a/b.html?c"), path_of("a/b.html"), path_of("http://[bad/c.html")
    ('/a/b.html', 'a/b.html', '/c.html')
    """
    if "://" not in place:
        return place
    try:
        return urlsplit(place).path
    except ValueError:  # not a valid address
        return "/" + place.partition("://")[2].partition("/")[2]


class Broken(NamedTuple):
    """The source was not read to its end, so items that were not seen must not count as gone."""

    why: str


@dataclass(slots=True)
class Progress:
    """How far a container has been read, as a JSON position of a member that each module defines for itself."""

    after: Any = None
    """Start after the member at this position, without reading those before."""
    skip: int = 0
    """Then skip so many items, which were already yielded."""
    report: Callable[[Any, str | None], None] | None = field(default=None, repr=False)
    """Called with position and place before a member is read, and with place None if it turned out to have no item."""
    position: Any = None
    """The member being read."""

    def begin(self, position: Any, place: str = "") -> None:  # noqa: ANN401  a JSON value
        """Report that a member is about to be read; `place` is empty if it is not known yet."""
        self.position = position
        if self.report:
            self.report(position, place)

    def nothing(self) -> None:
        """Report that the current member has no item."""
        if self.report:
            self.report(self.position, None)


class Kind(NamedTuple):
    """A kind of source: the module that reads it and the suffixes of its files."""

    module: str
    suffixes: tuple[str, ...]


KINDS: Final[dict[str, Kind]] = {
    "warc": Kind("prescan.audit.sources.warc", (".warc", ".warc.gz", ".wacz")),
    "export": Kind("prescan.audit.sources.export", (".csv", ".jsonl", ".ndjson", ".parquet")),
    "archive": Kind(
        "prescan.audit.sources.archive",
        (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"),
    ),
    "list": Kind("prescan.audit.sources.listed", (".txt", ".lst")),
    "folder": Kind("prescan.audit.sources.folder", ()),
}


def kind_of(source: str) -> str:
    """Return the kind of a source. Raises SettingsError: missing, unreadable, or of no known kind."""
    path = Path(source)
    if not path.exists():
        raise SettingsError(
            f"找不到来源 {source}，请核对路径（扫描不联网，网站请先用 prescan audit crawl 抓取，或镜像到本机）"
        )
    if path.is_dir():
        return "folder"
    name = path.name.lower()
    matches = [(suffix, kind) for kind, known in KINDS.items() for suffix in known.suffixes if name.endswith(suffix)]
    if not matches or not os.access(path, os.R_OK):
        kinds = "文件夹、" + "、".join(suffix for known in KINDS.values() for suffix in known.suffixes)
        raise SettingsError(f"不能把 {source} 当作来源，可用的有：{kinds}；单个文件请用 prescan scan")
    return max(matches, key=lambda pair: len(pair[0]))[1]


def items(
    source: str, plan: Plan, span: tuple[int, int] | None = None, progress: Progress | None = None
) -> Iterator[Item | Broken]:
    """Yield the items of a source: those in the byte range `span` of a WARC, and those after `progress`, if given.

    Raises SettingsError before the first item if the source cannot be used.
    """
    module, progress = importlib.import_module(KINDS[kind_of(source)].module), progress or Progress()
    found = module.part(Path(source), *span, progress) if span else module.items(Path(source), plan, progress)
    wanted = (item for item in found if isinstance(item, Broken) or not skipped(item.place, plan))
    yield from itertools.islice(wanted, progress.skip, None)


def check(sources: Iterable[str]) -> None:
    """Raise SettingsError for the first source that cannot be used."""
    for source in sources:
        kind_of(source)


def naming(source: str, plan: Plan) -> list[str]:
    """Return the entries of the plan that decide the places of a source's items, by which they are recognised again."""
    kind = kind_of(source)
    return [] if kind == "warc" else [plan.base_url, plan.columns.get("url", "") if kind == "export" else ""]


def count(source: str, plan: Plan) -> int | None:
    """Return the number of items of a folder or list of paths; None for other sources, where counting is slow."""
    if kind_of(source) not in {"folder", "list"}:
        return None
    return sum(1 for _ in items(source, plan))


def skipped(place: str, plan: Plan) -> bool:
    """Return whether a pattern of the plan's `skip` matches the path of a place, or its file name."""
    path = path_of(place).lstrip("/") if "://" in place else place
    pattern = _left_out(plan.skip)
    return bool(pattern.match(path) or pattern.match(path.rpartition("/")[2]))


@functools.cache
def _left_out(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(fnmatch.translate, patterns)))


def placed(path: str, plan: Plan) -> str:
    """Return the place of a file in a mirror: its address if the plan has a base_url, else its path."""
    return f"{plan.base_url.rstrip('/')}/{path.lstrip('/')}" if plan.base_url else path
