"""Places that prove a name whatever its characters: 高峰, 成功 and 方向 are words everywhere else.

A proof is a pair: where the word begins (behind a label or cue, at the beginning of a list item, in a column of names)
and what directly follows it (`name/said.py`). Columns are in `name/columns.py`, relatives in `name/kin.py`, wordings in
`name/told.py`. A name proved once is found again elsewhere in the document, where a name is possible and the word is
not.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.called import addressed, speakers, villagers
from prescan.detect.name.columns import named_cells
from prescan.detect.name.foreign import is_dot, mostly_transcribes, transcribes
from prescan.detect.name.heads import GLUED, at_heads, short_runs
from prescan.detect.name.kin import kin, shown
from prescan.detect.name.labels import at_labels, behind_labels, private_cues
from prescan.detect.name.lists import alike
from prescan.detect.name.ordinary import continues
from prescan.detect.name.said import ACTS, CASES, NEXT_LABEL, OF_WHOM, SPEAKS, says, says_later, says_perhaps
from prescan.detect.name.slots import among, headed
from prescan.detect.name.spans import COLONS, HAN_RUN, Span, masked
from prescan.detect.name.told import self_given, told
from prescan.resources import data_rows
from prescan.text.line_edges import line_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import NameChars, Place


#: Endings of labels, groups of people and organs, and characters with which no name ends.
_OF_OTHERS: Final = frozenset(
    "号码证卡款费族员者户籍岗类型级项处局科室股所站院校队社部厅委办厂店府司会镇乡县市区省村组街路"
)
_NEVER_LAST: Final = frozenset("等的了和与及被将")
_NEVER_FIRST: Final = frozenset("子的之已未及与或并均须各每该其")
#: Least log odds of a three-character name that is not a word.
_LIKE_A_NAME: Final = -3.0
_MUCH_LIKE_A_NAME: Final = 1.0
_LONGEST: Final = 4
_LIST = regex.compile(r"(?P<item>\p{Han}{2,3})(?:、(?P<item>\p{Han}{2,3}))+(?=[，,。；;\s（(]|$)")
_LIST_ENDS: Final = "，,。；;：:\n\r\u2029\t| "

#: 被执行人甲、乙民间借贷一案
_PARTIES = regex.compile(rf"、(?P<name>\p{{Han}}{{2,3}}?)(?={CASES})")
_AND_NEXT = regex.compile(r"[ \u3000]?(?:[（(][^（）()\n]{1,8}[）)])?、(?=\p{Han}{2})")
#: What several people do or suffer, behind the last of their names.
_DOES = regex.compile(
    r"等?(?:[两二三四五六七八九十\d]+)[人户名]|将[其他她]|另案|夫妇|兄弟|姐妹|受伤|当场|到场|在场|作证|证实|证明|签[字名]|上前|赶到|发现|出具|分别|均|也"
)
_LOST: Final = r"(?=(?:不慎)?(?:丢失|遗失))"
_GLUED_LOSS = regex.compile(rf"(?P<name>\p{{Han}}{{2,3}}?){_LOST}")
#: Between these, a word that was proved to be a name is taken for the name again.
_AGAIN_BEFORE = regex.compile(
    r"(?r)(?:^|\P{Han}|[对经据由与和跟同给向将把替付归予为系因其到问找叫]|提出|主张|认为|[上下]午|\d[号床户]|[补支]发|查明|认定|认为|系|另有|其中|[上被]?述)"
)
_AGAIN_BEHIND = regex.compile(
    r"\P{Han}|$|妻子|丈夫|儿子|女儿|[父母]亲|本[人次]|家[中里]|(?:身份证|学籍|学号|银行卡|社保|病历|电话|手机|微信)|等[\d一二两三四五六七八九十]+[人户名]|[左右双][手脚腿眼耳]|[为在因于的系称家之与和跟提申反未已从向将曾至自把被没有是同及均也等表承签患不去说名驾另又则遂才还仍再跟给让找愿患欠转]"
)


@functools.cache
def not_names() -> frozenset[str]:
    """Return the words that occur where a name could be and are not names."""
    return frozenset(row[0] for row in data_rows("not_names.tsv"))


def proved(page: NamePage, chars: NameChars) -> dict[Place, Span]:
    """Return the (start, end) of the spans that their place proves to be names."""
    found: dict[Place, Span] = {}
    for labelled, places in (
        (
            True,
            (
                *behind_labels(page),
                *at_labels(page),
                *named_cells(page),
                *headed(page),
                *villagers(page, chars),
                *self_given(page.text, chars),
                *kin(page, chars),
            ),
        ),
        (
            False,
            (
                *_behind_words(page, chars),
                *short_runs(page, chars),
                *at_heads(page),
                *told(page, chars),
                *shown(page, chars),
            ),
        ),
    ):
        for start, end in places:
            if could_name(page, chars, start, end, labelled=labelled):
                name = page.text[start:end]
                found[start, end] = Span(start, end, name, "plain" if chars.begins(name) else "built")
    found |= {span[:2]: span for span in (*addressed(page, chars), *speakers(page.text, chars))}
    return found | {span[:2]: span for span in _again(page, found)}


def could_name(page: NamePage, chars: NameChars, start: int, end: int, *, labelled: bool) -> bool:
    """Return whether the characters themselves allow a name.

    `labelled`: behind a label or in a column of names, where less is required.
    """
    name = page.text[start:end]
    if name in not_names() or name[-1] in _NEVER_LAST or name[0] in _NEVER_FIRST or masked(page.text, name, end):
        return False
    part = is_dot(page.text[start - 1 : start]) or is_dot(page.text[end : end + 1])  # of 买买提·阿不都热依木
    if part or page.is_cue(Span(start, end, name)) or (not labelled and continues(page, Span(start, end, name))):
        return False
    if len(name) > _LONGEST or (len(name) > 2 and transcribes(name)):  # noqa: PLR2004
        return transcribes(name) or (labelled and mostly_transcribes(name))
    if name[-1] in _OF_OTHERS or len(name) == 2:  # noqa: PLR2004
        return name[-1] not in _OF_OTHERS and name not in chars.compound
    if len(name) == _LONGEST or name[:2] in chars.compound:
        return name[:2] in chars.compound
    return labelled or (chars.begins(name) and chars.total(name) >= _LIKE_A_NAME)


def _behind_words(page: NamePage, chars: NameChars) -> Iterator[Place]:
    """Yield what follows a word for a private person (居民…, 乙方（承租人）…), with more details of the person."""
    text = page.text
    for cue in private_cues(page):
        match = GLUED.match(text, cue.end)
        if not match:
            if loss := _GLUED_LOSS.match(text, cue.end):
                yield loss.span("name")
            else:
                yield from _speaker(page, chars, cue.end)
            continue
        end = match.end("name")
        spaced = text[cue.end] in " \u3000" and "名" in text[cue.start : cue.end]
        later = chars.begins(match["name"]) and says_later(page, end)
        if later or says(page, end) or says_perhaps(page, end) or (spaced and NEXT_LABEL.match(text, end)):
            yield match.span("name")
        elif loss := _GLUED_LOSS.match(text, cue.end):
            yield loss.span("name")
        else:
            yield from _speaker(page, chars, cue.end)


def siblings(page: NamePage, found: list[Span], chars: NameChars) -> Iterator[Span]:
    """Yield what is in a list of names that were found and could be a name too: 石磊、向阳、安心.

    The lists are those of `name/lists.py` and rows with 、 between their items.
    """
    text = page.text
    yield from _next_in_rows(page, found, chars)
    for start, end in alike(page, found):
        name = text[start:end]
        if chars.begins(name) and could_name(page, chars, start, end, labelled=False):
            yield Span(start, end, name)
    for start, end in among(page, found):
        if could_name(page, chars, start, end, labelled=True):
            name = text[start:end]
            yield Span(start, end, name, "plain" if chars.begins(name) else "built")
    yield from _in_rows(page, found, chars)


def _in_rows(page: NamePage, found: list[Span], chars: NameChars) -> Iterator[Span]:
    """Yield what stands between 、 in a row of which most items are names."""
    text, starts = page.text, {span.start: span.end for span in found}
    done = 0
    for span in found:
        if span.start < done or "、" not in {text[span.start - 1 : span.start], text[span.end : span.end + 1]}:
            continue
        row = _LIST.match(text, line_start(text, span.start, ends=_LIST_ENDS))
        if not row or not row.start() <= span.start < row.end():
            continue
        done = row.end()
        items = row.spans("item")
        names = sum(starts.get(start) == end for start, end in items)
        if names * 2 < len(items) and text[row.start() - 1 : row.start()] not in COLONS:
            continue
        for start, end in items:
            name = text[start:end]
            if start not in starts and chars.begins(name) and could_name(page, chars, start, end, labelled=False):
                yield Span(start, end, name)


def _next_in_rows(page: NamePage, found: list[Span], chars: NameChars) -> Iterator[Span]:
    """Yield names directly behind a found name and 、 that are followed by an action."""
    starts = {span.start for span in found}
    for span in found:
        if (place := _next_of_row(page, span.end, chars)) and place[0] not in starts:
            yield Span(*place, page.text[slice(*place)])


def _next_of_row(page: NamePage, at: int, chars: NameChars) -> Place | None:
    """Return the name behind a name and 、 that is directly followed by an action: 工友何某、谢天将其….

    It is not just the beginning of a word.
    """
    mark = _AND_NEXT.match(page.text, at)
    if mark is None or not chars.begins(page.text[mark.end() :][:2]):
        return None
    for end in (mark.end() + 3, mark.end() + 2):
        does = (
            end <= len(page.text)
            and page.is_border(end)
            and (_DOES.match(page.text, end) or ACTS.match(page.text, end))
        )
        if does and could_name(page, chars, mark.end(), end, labelled=False):
            return mark.end(), end
    return None


def _speaker(page: NamePage, chars: NameChars, start: int) -> Iterator[Place]:
    """Yield what looks like a name behind a word for a private person, followed by an action: 投诉人何小某来电."""
    text = page.text
    if not chars.begins(text[start : start + 2]):
        return
    if not page.is_border(start):  # 户主管先茂之妻
        kin = next((end for end in (start + 3, start + 2) if OF_WHOM.match(text, end)), None)
        if kin and HAN_RUN.fullmatch(text, start, kin):
            yield start, kin
        return
    for end in (start + 3, start + 2):
        name = text[start:end]
        like = ACTS.match(text, end) or chars.total(name) >= _MUCH_LIKE_A_NAME
        if like and (SPEAKS.match(text, end) or ACTS.match(text, end)) and HAN_RUN.fullmatch(name):
            if other := _PARTIES.match(text, end):
                yield other.span("name")
            if len(name) > 2 or ACTS.match(text, end) or not page.is_word(Span(start, end, name)):  # noqa: PLR2004
                yield start, end
            return


def _again(page: NamePage, found: dict[Place, Span]) -> Iterator[Span]:
    """Yield other places of two-character names that were proved, where they are whole words."""
    for name, form in {span.name: span.form for span in found.values() if len(span.name) == 2}.items():  # noqa: PLR2004
        for start in page.starts(name):
            end = start + 2
            if (start, end) in found or not page.is_word(Span(start, end, name)):
                continue
            if comes_again(page, Span(start, end, name)):
                yield Span(start, end, name, form)


def comes_again(page: NamePage, span: Span) -> bool:
    """Return whether a word that was a name elsewhere is one here, judging by what is on both sides."""
    return due(page, span) and _AGAIN_BEHIND.match(page.text, span.end) is not None


def due(page: NamePage, span: Span) -> bool:
    """Return whether what stands in front of a word lets it be a name."""
    return span.start in page.cue_ends or _AGAIN_BEFORE.match(page.text, 0, span.start) is not None
