"""Names behind a word for a relative (其妻…早年病亡, （父…代）) or a neighbour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.beside import line_features
from prescan.detect.name.foreign import TRANSCRIBING
from prescan.detect.name.ordinary import continues
from prescan.detect.name.said import OF_KIN, OF_KIN_BY_NAME
from prescan.detect.name.spans import Span, near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import NameChars

_KIN = regex.compile(
    r"(?:连襟|妯娌|亲家|姐夫|妹夫|嫂子|弟[媳妹]|亡[夫妻父母儿女子]|[重曾]?孙媳|子女|爱人|前[夫妻]|其[舅叔姑姨伯]|孩子(?![他她]?[爸妈])|丈夫|配偶|老伴|妻子|儿子|女儿|父亲|母亲|爷爷|奶奶|祖父|祖母|外公|外婆|哥哥|弟弟|姐姐|妹妹|女婿|儿媳|媳妇|兄弟|侄[子女儿]|外甥女?|外孙女?|独生[子女]|[堂表][兄弟姐妹哥叔伯舅姑姨]|[大小幼][儿女](?![子女婿儿孙])|姨[妈父]|舅妈|姑[妈父]|婶婶|岳[父母]|公公|婆婆|伯父|叔叔|舅舅|姑姑|[他她我俺孩娃][子]?[他她]?[爸妈]|[我俺][哥姐]|孙子|孙女"
    r"|(?:^|[（(，,、；;。|\s]|由其?|其|之|代|有|和|与|[他她我带携])(?:[父母妻夫子女兄弟姐妹媳侄](?![妇亲婿]|[子儿]\p{Han})|[长次三独养继外][子女孙]))(?P<name>\p{Han}{2,6})"
)
#: Every word for a relative contains one of these; with how far a match of `_KIN` reaches before and behind it.
_KIN_SIGNS = re.compile("[夫偶伴子女父母爷奶婆哥弟姐妹媳兄爸妈孙妻侄甥叔舅姑姨婶]|[外公]公")
_KIN_BEFORE, _KIN_BEHIND = 4, 8
#: 儿子上小学, 女方.
_GOES_TO = regex.compile("上(?!官)|.方")
_FOREIGN = regex.compile(f"[{''.join(sorted(TRANSCRIBING))}]{{3,5}}")
_NEIGHBOUR = regex.compile(
    r"[东南西北](?:邻|至(?=\p{Han}{2,3}(?:承包|宅|房|家|地|田|户)))(?P<name>\p{Han}{2,3}?)(?=承包|宅|房|家|地|田|户|[，,、。；;])"
)
_NEVER_LAST: Final = frozenset("方家亲女子人生职工辈男性于在自至从与和得已住因曾签蹲均年月日时")
_RUN = regex.compile(r"\p{Han}{1,4}")
#: 随奶奶何某生活; ，父何某，; 何某之夫何某; 群众何某报警; 证人何某的证言; 收租人何某（其女）; 其中何某小朋友.
_NAME: Final = r"(?P<name>\p{Han}{2,3})"
_SHOWN = regex.compile(
    rf"随其?(?:[父母子女]|父亲|母亲|儿子|女儿|奶奶|爷爷|外婆|外公|祖父|祖母|[长次][子女]|姐姐|哥哥){_NAME}(?=(?P<sure>(?:共同|一起)?(?:生活|居住|同住)))"
    rf"|(?<=[，,；;、（(。] ?)其?[父母夫妻子女]{_NAME}(?=[，,。；;（()）])"
    rf"|(?<=\p{{Han}}之[夫妻父母子女]){_NAME}(?=[，,。；;、）)]|串换|冒用|代领|代签|签收|到场|反映|承包|名下)"
    rf"|(?:群众|市民|村民|居民|路人|报警人){_NAME}(?=报警|报案|电话报警)"
    rf"|证人{_NAME}(?=(?P<sure>的(?:证言|证词|陈述)))"
    rf"|{_NAME}(?=[（(]系?其(?:[父母夫妻子女兄弟姐妹孙]|父亲|母亲|妻子|丈夫|儿子|女儿|孙子|孙女)[）)])"
    rf"|{_NAME}(?=[（(](?:法定)?(?:监护人|家长|[父母]亲?|爷爷|奶奶|祖[父母])[:： ]?\p{{Han}}{{2,4}}[，,、）)])"
    rf"|(?<=其中|[、，,：:。]){_NAME}(?=小朋友)"
)
_SHOWN_SIGNS = re.compile(
    "随|[，,；;、（(。] ?其?[父母夫妻子女]|之[夫妻父母子女]|[众民人]|小朋友|[（(](?:系?其|法定|监护|家长|[父母爷奶祖])"
)
_SHOWN_BEFORE, _SHOWN_BEHIND = 4, 10
_SHOWN_AT_LEAST: Final = 1.0
_SURE_AT_LEAST: Final = -3.0
_NAMED_AT_LEAST: Final = -4.3
#: The same for three characters that are no word (应如是), and for a name whose last character begins the next word.
_MADE_AT_LEAST: Final = -7.0
_SURE_ENOUGH: Final = 3.0
_JOINED: Final = frozenset("于因已系在与和")
_SHORT, _LONG = 2, 3
_CELL_ENDS: Final = frozenset("\t|")
_CLOSES: Final = frozenset("\t|\n\r\u2029（(")


def kin(page: NamePage, chars: NameChars) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of names of relatives who are said to do or suffer something, and of neighbours."""
    text = page.text
    for match in near(_KIN, text, _KIN_SIGNS, _KIN_BEFORE, _KIN_BEHIND):
        start = match.start("name")
        fills = match[0][:1] in _CELL_ENDS
        if (foreign := _FOREIGN.match(text, start)) and _is_of_kin(page, start, foreign.end(), fills=fills):
            yield foreign.span()
        elif fills and _SHORT <= (whole := _whole(page, start)) <= _LONG and chars.begins(text[start : start + whole]):
            yield start, start + whole
        elif chars.begins(match["name"]) and page.is_border(start) and not _GOES_TO.match(match["name"]):
            yield from _longest(page, chars, start, len(match["name"]), fills=fills)
    for match in _NEIGHBOUR.finditer(text):
        if chars.begins(match["name"]) and not page.is_word(Span(*match.span("name"), match["name"])):
            yield match.span("name")


def shown(page: NamePage, chars: NameChars) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of what looks like a name where the words on both sides leave room for little else."""
    for match in near(_SHOWN, page.text, _SHOWN_SIGNS, _SHOWN_BEFORE, _SHOWN_BEHIND):
        start, end = match.span("name")
        name = match["name"]
        odds = chars.total(name) if chars.begins(name) else -1.0
        sure = match.group("sure") and odds >= _SURE_AT_LEAST
        if sure or (odds >= _SHOWN_AT_LEAST and (odds >= 2 * _SHOWN_AT_LEAST or page.is_border(start))):
            yield start, end


def _whole(page: NamePage, start: int) -> int:
    """Return how many characters are left in a cell of a row that has a number of a person, or 0."""
    run = _RUN.match(page.text, start)
    end = run.end() if run else start
    return end - start if end > start and _is_of_kin(page, start, end, fills=True) else 0


def _is_of_kin(page: NamePage, start: int, end: int, *, fills: bool) -> bool:
    """Return whether a name is followed by what a relative does, or fills a cell beside a number of a person."""
    if OF_KIN.match(page.text, end):
        return True
    if OF_KIN_BY_NAME.match(page.text, end) and not page.is_word(Span(start, end, page.text[start:end])):
        return True
    closed = fills and (page.text[end : end + 1] or "\n") in _CLOSES
    return closed and "lni" in line_features(page, Span(start, end, page.text[start:end]))


def _longest(page: NamePage, chars: NameChars, start: int, size: int, *, fills: bool) -> Iterator[tuple[int, int]]:
    """Yield the longest name at `start` that ends with a word and is followed by what a relative does or suffers."""
    for end in range(start + min(size, 3), start + 1, -1):
        name = page.text[start:end]
        ends_word = page.is_border(end) or (page.text[end : end + 1] in _JOINED and chars.total(name) >= _SURE_ENOUGH)
        adjective = page.text[end : end + 1] == "、" and page.is_word(Span(start, end, page.text[start:end]))
        if adjective and not regex.match(r"\p{Han}{1,2}" + page.text[start], page.text[end + 1 : end + 4]):
            continue  # 妻子温柔、丈夫老实, but 丈夫巫山、女儿巫小梅
        whole = len(name) == _SHORT or page.is_word(Span(start, end, name))
        if chars.total(name) < (_NAMED_AT_LEAST if whole else _MADE_AT_LEAST) and name[:2] not in chars.compound:
            continue  # 儿子名下, 母亲生前
        if continues(page, Span(start, end, name)):
            continue
        if ends_word and page.text[end - 1] not in _NEVER_LAST and _is_of_kin(page, start, end, fills=fills):
            yield start, end
            return
