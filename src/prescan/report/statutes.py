"""What a cited clause says, in the words of `rules/statutes` (number and gist; the law's own wording is not copied)."""

from __future__ import annotations

import functools
import re
import tomllib
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.resources import resource_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARTICLE: Final = re.compile(r"^(?P<statute>\S+) (?P<article>第[^条]+条)")


class Clause(NamedTuple):
    """A clause as it is cited, the statute's full name and version, and the gist of it."""

    cited: str
    statute: str
    version: str
    gist: str


@functools.cache
def clauses() -> Mapping[str, Clause]:
    """Return every clause that may be cited, by its citation: "条例 第十六条第二款"."""
    found: dict[str, Clause] = {}
    for path in sorted((resource_dir("rules") / "statutes").glob("*.toml")):
        statute = tomllib.loads(path.read_text(encoding="utf-8"))
        for article, gist in statute["articles"].items():
            cited = f"{statute['short']} {article}"
            found[cited] = Clause(cited, statute["name"], statute.get("version", ""), gist)
    return found


def clause(cited: str) -> Clause | None:
    """Return a cited clause, or its article where only that is known; None if neither is."""
    article = _ARTICLE.match(cited)
    return clauses().get(cited) or (clauses().get(article[0]) if article else None)


def with_gist(cited: str) -> str:
    """Return a citation with what it says behind it."""
    found = clause(cited)
    return f"{cited}：{found.gist}" if found else cited
