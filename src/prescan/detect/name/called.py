"""How people are called who are not named in full: 邓老幺, 罗跛子, 小贝（五岁）, 邬奶奶.

Of the forms of address only those count that are hardly used of somebody in office: not 老师, 师傅, 先生, 女士.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.beside import begins_line
from prescan.detect.name.spans import Span, is_han, near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import NameChars

#: 老幺, 三女, 老五: how villages call the children of a family.
_VILLAGE = regex.compile(
    r"(?:[老小阿][大二三四五六七八九幺满黑憨蔫犟]|[大二三四五六七八幺满][女妹娃妞毛狗牛娘婆爷姑嬢宝伢姐嫂憨俏])"
    r"(?=\P{Han}|也|的|在|家|因|有|说|和|与|没|被|是|扶|跑|听|看见|打来|临时补|领[到取]|过世|去世|生前|代|住|患|$)"
)
#: 罗跛子, surname and a blemish; 老熊（真名…）, 小贝（五岁）, who have no surname.
_BLEMISH = regex.compile(r"(?:麻子|跛子|瞎子|聋子|哑巴|瘸子|瘸腿|胖子|矮子|驼子|癞子|拐子|秃子|歪嘴|结巴)")
_CALLED = regex.compile(
    r"[老小阿大]\p{Han}(?=[（(](?:真名|本名|大名|原名|全名))"
    r"|(?:(?<!\p{Han})|(?<=[、和与童孩娃子女]))[小阿]\p{Han}(?=[（(，,](?:\d{1,2}|[一二三四五六七八九十]{1,3})岁)"
)
_CALLED_SIGNS = re.compile("[真本大原全]名|岁")
_CALLED_BEFORE: Final = 8
#: The same right behind a word for a person, whatever follows it.
_VILLAGE_LED = regex.compile(r"\p{Han}[老小][大二三四五六七八九幺满黑憨蔫犟]")
_SURNAME_AT_LEAST: Final = -1.0
_BEFORE_VILLAGER: Final = frozenset("、和与跟的夫妻父母兄弟姐妹")
#: Behind a surname, forms of address of private people: the elders of a neighbourhood, the fifth of a family.
_ADDRESS = re.compile(
    "(?:奶奶|爷爷|大爷|大娘|大妈|大婶|大伯|大叔|大姐|大哥|阿姨|婆婆|老太太?|[二三四五六七八][婶嫂爷叔伯姨])(?![们叔])|老[三四五六七八九幺蔫犟憨歪](?![样届金路川城街号楼区])"
)
#: Without one of these nothing matches.
_ADDRESS_SIGNS: Final = tuple(
    "奶 爷 娘 大妈 婶 伯 叔 大姐 大哥 姨 婆 老太 嫂 老三 老四 老五 老六 老七 老八 老九 老幺 老蔫 老犟 老憨 老歪".split()
)
#: Surnames that are also other words in front of such a form: 和婆婆, 曾爷爷, 向阿姨借.
_OTHER_WORDS: Final = frozenset("和与向同于由有从都随曾祖老小太时当连家方应为对让给把替像叫把以在是又")
#: At the beginning of a line, maybe behind a time.
_SPEAKS = regex.compile(r"(?<![^\n\r\u2029])(?:\[?[\d: -]{4,16}\]? ?)?(?P<name>老\p{Han})[：:](?!\s*[\n\r\u2029])")
#: From these log odds on a character in front of another surname begins a name that ends with it: 陈小明奶奶.
_BEGINS_NAME: Final = 0.5


def villagers(page: NamePage, chars: NameChars) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of village names: surname, 老 and a number, or a number and 女, 妹, 娃."""
    text = page.text
    for start in page.cue_ends:
        led = _VILLAGE_LED.match(text, start)
        if led and chars.surname_odds(text[start]) >= _SURNAME_AT_LEAST and page.is_border(led.end()):
            yield led.span()
    for called in near(_CALLED, text, _CALLED_SIGNS, _CALLED_BEFORE, 1):
        yield called.span()
    for match in _BLEMISH.finditer(text, 1):
        start = match.start() - 1
        if chars.surname_odds(text[start]) >= _SURNAME_AT_LEAST and page.is_border(start):
            yield start, match.end()
    for match in _VILLAGE.finditer(text, 1):
        start = match.start() - 1
        if chars.surname_odds(text[start]) < _SURNAME_AT_LEAST:
            continue
        before = text[start - 1 : start]
        if not is_han(before) or start in page.all_cue_ends or before in _BEFORE_VILLAGER:
            yield start, match.end()


def addressed(page: NamePage, chars: NameChars) -> Iterator[Span]:
    """Yield surnames with a form of address: 邬奶奶, 邓老四."""
    text = page.text
    for match in _ADDRESS.finditer(text, 1) if any(map(text.__contains__, _ADDRESS_SIGNS)) else ():
        start, end = match.start() - 1, match.end()
        if text[start - 1 : start + 1] in chars.compound:
            start -= 1
        elif text[start] in _OTHER_WORDS:
            if not begins_line(text, start) or is_han(text[end : end + 1]):
                continue
        elif is_han(text[start - 1 : start]):
            least = _SURNAME_AT_LEAST - page.is_border(start)
            if chars.surname_odds(text[start]) < least or _ends_name(page, start, chars):
                continue
        if chars.begins(text[start:end]):
            yield Span(start, end, text[start:end], "called")


def speakers(text: str, chars: NameChars) -> Iterator[Span]:
    """Yield who speaks in a chat and is called by the surname: 老罗：我看见救护车了."""
    for match in _SPEAKS.finditer(text):
        start, end = match.span("name")
        if chars.surname_odds(match["name"][1]) >= _SURNAME_AT_LEAST:
            yield Span(start, end, match["name"], "called")


def _ends_name(page: NamePage, start: int, chars: NameChars) -> bool:
    """Return whether the character at `start` is rather the last one of a name than a surname."""
    return any(
        all(map(is_han, page.text[at:start]))
        and chars.surname_odds(page.text[at]) >= _BEGINS_NAME
        and page.is_border(at)
        for at in range(max(0, start - 2), start)
    )
