"""Homes that open the lines of a list of residents: ② 11号院二楼左，何满堂，单亲；　9-1-301　何满堂　同意.

Alone such a house or room is in no town and no street; only a list in which several lines begin alike, and go on
with somebody, says that people live there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.person_shape import person
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.reading import Reading

_N = r"(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})"
_SIDES = "东南西北中前后左右"
#: 9号院西屋, 3号楼2单元东户, 20号院门房; 9-1-301.
_HOUSE = (
    rf"{_N}号(?:[大小]?院|楼|门|(?=[{_SIDES}]))(?:{_N}单元)?(?:{_N}[楼层])?(?:{_N}[室户号])?"
    rf"(?:[{_SIDES}小]{{0,3}}[屋户房间院]|[{_SIDES}]{{1,2}}|门房)?"
)
_ROOM = r"[0-9A-Z]{1,2}[-－–—][0-9]{1,2}[-－–—][1-9][0-9]{2,3}"
_MARK = r"[ \t\u3000]*(?:[①-⑳●■◆▶·•*-]|[（(]?[0-9一二三四五六七八九十]{1,3}[)）.、．])?[ \t\u3000]*"
_LINE: Final = regex.compile(
    rf"(?m)^{_MARK}(?P<home>{_HOUSE}|{_ROOM})(?P<gap>[,，:：、|][ \u3000]*|[ \t\u3000]+)(?P<rest>[^\n\u2029]*)"
)
#: What else says that the line goes on with somebody.
_SOMEBODY = regex.compile(
    r"租客|租户|房东|业主|户主|住户|老人|老党员|单亲|独居|空巢|夫妇|夫妻|一家|两口|新来户|老太|老汉|大爷|大妈|阿姨|身份证|(?<!\d)1[3-9]\d{9}(?!\d)|[0-9]{1,3}岁"
)
_LOOKS_AT: Final = 24
_SEVERAL: Final = 2


def listed_homes(reading: Reading) -> Iterator[Span]:
    """Yield the homes that open lines of a list, as places of the squeeze view."""
    if reading.text.isascii():
        return
    lines = [line for line in _LINE.finditer(reading.text) if _goes_on(line["rest"][:_LOOKS_AT])]
    if len(lines) >= _SEVERAL:
        for line in lines:
            low, high = line.span("home")
            yield Span(reading.squeeze.position(low), reading.squeeze.position(high))


def _goes_on(rest: str) -> bool:
    """Tell whether a line goes on with a person's name or with what only people are called."""
    first = regex.split(r"[,，。；;:：（(\s\u3000]", rest.strip(), maxsplit=1)[0]
    return person().fullmatch(first) is not None or _SOMEBODY.search(rest) is not None
