"""Checks whether the `context` of a number rule can occur anywhere in a document, once for the document.

Only for contexts that are matched backwards, `(?r)`: they end in figures, so that searching a whole text is fast.
Look-arounds are left out of the check, because the window in which a context is matched cuts the text.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from prescan.detect.reading import Reading
    from prescan.rules import Rule

_FROM_BEHIND: Final = "(?r)"
#: An escape, a class, the beginning of a look-around, that of another group, the end of a group, any other character.
_TOKEN: Final = regex.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<around>\(\?<?[=!])|(?P<open>\()|(?P<close>\))|.", regex.DOTALL
)
_ANCHORS: Final = frozenset({"^", "$", r"\b", r"\B"})


class Contexts:
    """The contexts of rules in one document."""

    def __init__(self, reading: Reading) -> None:
        """Start without any answers."""
        self._reading = reading
        self._known: dict[str, bool] = {}

    def may_occur(self, rule: Rule) -> bool:
        """Return whether a rule's context may occur; always True with tables, where it is matched in assembled rows."""
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
    r"""Return a pattern without look-arounds and anchors; it is found in every text in which `pattern` is found.

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
