r"""What a pattern of a rule says of lines holds in every format.

A line of a text file ends with "\n", a paragraph of a document with U+2029 (types.PARAGRAPH_BREAK). Who writes a rule
writes \n and means the end of a line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.types import PARAGRAPH_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What stands for one character, comments of (?x), and what changes the meaning of a dot.
_TOKEN: Final = re.compile(r"\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]|\(\?#[^)]*\)|(?:[^\\\[(]|\((?!\?#))+|.", re.DOTALL)
_LINE_END: Final = r"\n"
_ANY_LINE_END: Final = r"\n\u2029"
#: The dot of a pattern takes line ends too.
_DOT_TAKES_ALL: Final = re.compile(r"\(\?[a-z]*s")


def of_any_line(pattern: str) -> str:
    r"""Return a pattern for which U+2029 ends a line as "\n" does: in \n, in [^…\n], and for the dot.

    >>> of_any_line(r"附件[^。\n]{0,9}\n秘密.")
    '附件[^。\\n\\u2029]{0,9}[\\n\\u2029]秘密[^\\n\\u2029]'
    >>> of_any_line(r"(?s)本件.{0,9}\.")
    '(?s)本件.{0,9}\\.'
    """
    if _LINE_END not in pattern and "." not in pattern:
        return pattern
    dot = "." if _DOT_TAKES_ALL.search(pattern) else f"[^{_ANY_LINE_END}]"
    return "".join([_rewritten(token[0], dot) for token in _TOKEN.finditer(pattern)])


def with_any_line_end(words: Iterable[str]) -> tuple[str, ...]:
    r"""Return words, and those with a line end once more with U+2029.

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
