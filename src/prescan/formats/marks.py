"""Why a text does not simply belong to the page: the marks that all office formats share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.package import LOCAL_NAME

if TYPE_CHECKING:
    from lxml import etree


class Mark(NamedTuple):
    """Why a text does not simply belong to the page."""

    part: str
    hidden: str | None
    note: str = ""


WHITE: Final = Mark("hidden", "hidden_text", "白色文字")
TINY: Final = Mark("hidden", "hidden_text", "极小文字")
LINK_TARGET: Final = Mark("hidden", "hidden_text", "超链接地址")
STORED_DATA: Final = Mark("hidden", "hidden_text", "随文件保存的数据")

_TELLING: Final = re.compile(r"[0-9]{6}|[\u3400-\u9fff]{10}")
_WORDED: Final = re.compile(r"[\u3400-\u9fff]{4}|(?<![0-9A-Fa-f.-])[0-9]{11,19}[Xx]?(?![0-9A-Fa-f.-])")
#: Sizes, counts, colours and keys that programs keep: whole numbers shorter than people's, no days; decimals; GUIDs.
_OF_PROGRAMS: Final = re.compile(
    r"(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$)[-+]?[0-9]{6,10}|[-+]?[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?"
    r"|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?|(?:0x)?(?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{6,8}"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def telling(text: str) -> bool:
    """Tell whether a text the page never shows may hold a value or a sentence, not only a label."""
    return _TELLING.search(text) is not None


def kept_for_people(text: str) -> bool:
    """Tell whether a text that programs keep in a part of their own is `telling`, and not a number of theirs.

    >>> kept_for_people("2228224"), kept_for_people("19900101"), kept_for_people("0999-8812345")
    (False, True, True)
    """
    return telling(text) and _OF_PROGRAMS.fullmatch(text.strip()) is None


def worded(text: str) -> bool:
    """Tell whether a text among the keys of a program is for people: some Chinese, or a number that is no key."""
    return _WORDED.search(text) is not None


def signed(author: str, date: str, what: str) -> str:
    """Say who did `what` and when; of a name only the first character is shown.

    >>> signed("张三", "2024-03-01T08:00:00Z", "删除的文字")
    '张* 2024-03-01 删除的文字'
    """
    day = _DAY.match(date)
    who = f"{author.strip()[0]}*" if author.strip() else ""
    return " ".join(word for word in (who, day[0] if day else "", what) if word)


def child(parent: etree._Element, name: str) -> etree._Element | None:
    """Return the first child called `name`."""
    return next((element for element in parent if LOCAL_NAME[element.tag] == name), None)
