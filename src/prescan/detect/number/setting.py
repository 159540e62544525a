"""Whether the setting of a number rule (`context`) can stand anywhere in a document: asked once, before any value.

Only of settings matched from behind, `(?r)`: they end in figures, so that a whole text is gone through at once. What
looks around itself is left out of the question: a window may begin or end where the text does not.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from prescan.detect.reading import Reading
    from prescan.rules import Rule

_FROM_BEHIND: Final = "(?r)"
#: What stands for itself, a class, what looks around, another group, its end.
_TOKEN: Final = regex.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<around>\(\?<?[=!])|(?P<open>\()|(?P<close>\))|.", regex.DOTALL
)
_ANCHORS: Final = frozenset({"^", "$", r"\b", r"\B"})


class Settings:
    """The settings of rules in one document."""

    def __init__(self, reading: Reading) -> None:
        """Nothing has been asked yet."""
        self._reading = reading
        self._known: dict[str, bool] = {}

    def may_hold(self, rule: Rule) -> bool:
        """Return whether a rule's setting may stand somewhere; rows of tables are put together, so there it may."""
        if not rule.context.startswith(_FROM_BEHIND) or self._reading.anatomy.tables:
            return True
        if rule.id not in self._known:
            found = _anywhere(rule.context).search(self._reading.view(rule.view).text)
            self._known[rule.id] = found is not None
        return self._known[rule.id]


@functools.cache
def _anywhere(pattern: str) -> regex.Pattern[str]:
    return regex.compile(loosened(pattern))


def loosened(pattern: str) -> str:
    r"""Return a pattern without what looks around: it matches in every text that holds a match of the other.

    >>> loosened(r"(?r)(?<!\p{Han})(?:甲|[(乙])(?!丙(?:丁|戊))\(?0\d$")
    '(?r)(?:甲|[(乙])\\(?0\\d'
    """
    kept, depth, hidden = [], 0, 0
    for token in _TOKEN.finditer(pattern):
        depth += bool(token["around"] or token["open"])
        if token["around"] and not hidden:
            hidden = depth
        if not hidden and token[0] not in _ANCHORS:
            kept.append(token[0])
        if token["close"]:
            hidden = 0 if depth == hidden else hidden
            depth -= 1
    return "".join(kept)
