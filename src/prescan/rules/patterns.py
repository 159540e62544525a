r"""Makes the line ends in patterns of rules match in every format.

A line of a text file ends with "\n", a paragraph of a document with U+2029 (types.PARAGRAPH_BREAK). In a rule \n means
either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.types import PARAGRAPH_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A piece of a pattern: an escape, a set, a comment, other text.
_TOKEN: Final = re.compile(r"\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]|\(\?#[^)]*\)|(?:[^\\\[(]|\((?!\?#))+|.", re.DOTALL)
_LINE_END: Final = r"\n"
_ANY_LINE_END: Final = r"\n\u2029"
#: A flag by which a dot matches line ends too.
_DOT_MATCHES_ALL: Final = re.compile(r"\(\?[a-z]*s")


def of_any_line(pattern: str) -> str:
    r"""Return a pattern in which U+2029 counts as a line end like "\n": for \n, in [^…\n], and for the dot.

    >>> of_any_line(r"附件[^。\n]{0,9}\n秘密.")
    '附件[^。\\n\\u2029]{0,9}[\\n\\u2029]秘密[^\\n\\u2029]'
    >>> of_any_line(r"(?s)本件.{0,9}\.")
    '(?s)本件.{0,9}\\.'
    """
    if _LINE_END not in pattern and "." not in pattern:
        return pattern
    dot = "." if _DOT_MATCHES_ALL.search(pattern) else f"[^{_ANY_LINE_END}]"
    return "".join([_rewritten(token[0], dot) for token in _TOKEN.finditer(pattern)])


def with_any_line_end(words: Iterable[str]) -> tuple[str, ...]:
    r"""Return the words, and those with a line end also with U+2029 in its place.

    >>> with_any_line_end(["厅", "局\n"])
    ('厅', '局\n', '局\u2029')
    """
    return tuple(dict.fromkeys(one for word in words for one in (word, word.replace("\n", PARAGRAPH_BREAK))))


def _rewritten(token: str, dot: str) -> str:
    if token == _LINE_END:
        return f"[{_ANY_LINE_END}]"
    if token.startswith("["):
        return token if _ANY_LINE_END in token else token.replace(_LINE_END, _ANY_LINE_END)
    return token if token.startswith(("\\", "(?#")) else token.replace(".", dot)
