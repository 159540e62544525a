"""Where an audit takes its pages and annexes from: one file per kind of source, and the table of them.

Every module has `items(path, plan, course) -> Iterator[Item | Broken]`: streaming, in a stable order, never more than
a few items in memory. An Item is a file a worker opens by its path, or bytes; what cannot be had has a `code`.
Those of containers keep the course: they say what they are about to read, and can go on behind it.
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
    """Its address, or its path within the source."""
    path: str | None = field(default=None, repr=False)
    data: bytes | None = field(default=None, repr=False)
    context: Context = PUBLISHED
    parent: str | None = field(default=None, repr=False)
    """The place of the page that lists it."""
    code: str | None = None
    """A code of errors.READ_CODES if there is nothing to read."""
    detail: str = ""

    @property
    def name(self) -> str:
        """The file name: it helps to tell the format where content does not."""
        return path_of(self.place).rstrip("/").rpartition("/")[2] or "index.html"


def path_of(place: str) -> str:
    """Return the path of a place; of an address that is none, what stands behind its host.

    >>> path_of("https://x.cn/a/b.html?c"), path_of("a/b.html"), path_of("http://[bad/c.html")
    ('/a/b.html', 'a/b.html', '/c.html')
    """
    if "://" not in place:
        return place
    try:
        return urlsplit(place).path
    except ValueError:  # what a page or table calls an address need not be one
        return "/" + place.partition("://")[2].partition("/")[2]


class Broken(NamedTuple):
    """The source ended before its end: what was not seen in it is not known to be gone."""

    why: str


@dataclass(slots=True)
class Course:
    """How far a container has been read: a mark for each of its members, of the module's own making."""

    behind: Any = None
    """Members up to this mark are passed over, without being read."""
    passed: int = 0
    """So many items of what follows are not given again."""
    say: Callable[[Any, str | None], None] | None = field(default=None, repr=False)
    """Called with mark and place before a member is read; with None for the place if there is nothing in it to give."""
    mark: Any = None
    """Of the member that is read now."""

    def begin(self, mark: Any, place: str = "") -> None:  # noqa: ANN401  as JSON holds it
        """Say that a member is about to be read; `place` is empty where it is not known yet."""
        self.mark = mark
        if self.say:
            self.say(mark, place)

    def nothing(self) -> None:
        """Say that the member has nothing to give."""
        if self.say:
            self.say(self.mark, None)


class Kind(NamedTuple):
    """A kind of source: the module that reads it and how its files are called."""

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
    """Return the kind of a source. Raises SettingsError: it is not there, or not of any kind."""
    path = Path(source)
    if not path.exists():
        raise SettingsError(
            f"找不到来源 {source}，请核对路径（扫描不联网，网站请先用 prescan audit crawl 抓取，或镜像到本机）"
        )
    if path.is_dir():
        return "folder"
    name = path.name.lower()
    found = [(suffix, kind) for kind, known in KINDS.items() for suffix in known.suffixes if name.endswith(suffix)]
    if not found or not os.access(path, os.R_OK):
        kinds = "文件夹、" + "、".join(suffix for known in KINDS.values() for suffix in known.suffixes)
        raise SettingsError(f"不能把 {source} 当作来源，可用的有：{kinds}；单个文件请用 prescan scan")
    return max(found, key=lambda pair: len(pair[0]))[1]


def items(
    source: str, plan: Plan, span: tuple[int, int] | None = None, course: Course | None = None
) -> Iterator[Item | Broken]:
    """Yield what a source holds; with `span`, what lies in that part of a WARC; with a `course`, what is left of it.

    Raises SettingsError before the first item if it cannot be used at all.
    """
    module, course = importlib.import_module(KINDS[kind_of(source)].module), course or Course()
    found = module.part(Path(source), *span, course) if span else module.items(Path(source), plan, course)
    wanted = (item for item in found if isinstance(item, Broken) or not skipped(item.place, plan))
    yield from itertools.islice(wanted, course.passed, None)


def checked(sources: Iterable[str]) -> None:
    """Raise SettingsError for the first source that cannot be used, before any work is done."""
    for source in sources:
        kind_of(source)


def naming(source: str, plan: Plan) -> list[str]:
    """Return what of the plan decides how the places in a source are written: an item is known again by its place."""
    kind = kind_of(source)
    return [] if kind == "warc" else [plan.base_url, plan.columns.get("url", "") if kind == "export" else ""]


def count(source: str, plan: Plan) -> int | None:
    """Return how many items a source holds where that is quickly told: a folder or a list of paths."""
    if kind_of(source) not in {"folder", "list"}:
        return None
    return sum(1 for _ in items(source, plan))


def skipped(place: str, plan: Plan) -> bool:
    """Tell whether a place is left out by the plan: a pattern matches the whole of it, or its file name."""
    path = path_of(place).lstrip("/") if "://" in place else place
    pattern = _left_out(plan.skip)
    return bool(pattern.match(path) or pattern.match(path.rpartition("/")[2]))


@functools.cache
def _left_out(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(fnmatch.translate, patterns)))


def placed(path: str, plan: Plan) -> str:
    """Return the place of a file within a mirror: an address if the plan has one for the mirror, else its path."""
    return f"{plan.base_url.rstrip('/')}/{path.lstrip('/')}" if plan.base_url else path
