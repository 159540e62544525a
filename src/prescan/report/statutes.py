"""The gist of cited clauses, from `rules/statutes` (in our own words, not those of the law)."""

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
    """A citation, the statute's full name and version, and the gist of the clause."""

    cited: str
    statute: str
    version: str
    gist: str


@functools.cache
def clauses() -> Mapping[str, Clause]:
    """Return every known clause by its citation: "条例 第十六条第二款"."""
    known: dict[str, Clause] = {}
    for path in sorted((resource_dir("rules") / "statutes").glob("*.toml")):
        statute = tomllib.loads(path.read_text(encoding="utf-8"))
        for article, gist in statute["articles"].items():
            cited = f"{statute['short']} {article}"
            known[cited] = Clause(cited, statute["name"], statute.get("version", ""), gist)
    return known


def clause(cited: str) -> Clause | None:
    """Return a cited clause, else its article, else None."""
    article = _ARTICLE.match(cited)
    return clauses().get(cited) or (clauses().get(article[0]) if article else None)


def with_gist(cited: str) -> str:
    """Return a citation followed by the gist of the clause, if known."""
    found = clause(cited)
    return f"{cited}：{found.gist}" if found else cited
