"""Homes found by their numbers: a detail (…号, …室, …组, 3-2-301) anchors an address, which is read backwards from it.

Its start is searched for in the text in front, up to its first division name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.address.details import KINDS, anchors, detail_pattern
from prescan.detect.address.divisions import chain, division_names, named_divisions
from prescan.detect.address.joints import in_line, is_new_line, wraps
from prescan.detect.address.owner import Found, owner
from prescan.detect.address.said import more, on
from prescan.detect.address.weigh import Home, weighed
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Confidence

_UNITS = regex.compile(r"[.]?[0-9]*(?:[亿万千百]{1,2}(?!隆|达|家|和)|[元%％吨亩]|公里|千米|平方|立方)")
#: Anything shorter is a number with a unit, not an address.
_SHORTEST: Final = 4
_CLAUSE_START = regex.compile(
    r"[。；;!?！？，,、:：…()（）\[\]【】<>《》〔〕〖〗「」『』“”\"\t\n|\u2029→⇒▏▎│┃¦▶▷►◆◇●○◎■□★☆※√✓＋+=]"
)
#: The former name of a village is part of its address: 大坪村（原小坪村）6组.
_FORMER = regex.compile(r"[（(](?:(?:原|曾用名|现)\p{Han}{1,8}|[0-9一二三四五六七八九十]{1,2}(?=[)）]\p{Han}))[)）]")
#: Words in front of an address within a clause.
_LEAD: Final = regex.compile(
    r"家住|[我咱]们|现住(?:地?址)?|居住在|居住于|居住地址?|独居(?:[在于](?!所))?|[我本](?:[乡镇]|街道|辖区)|住在|住址|户籍(?:所在)?地?址?|住所地?|地址|位于|坐落[于在]?|现居|(?:[新旧原现]住?址|住地)[为是在]?|(?:[进潜闯]入|窜[至到访]|(?:民警|[入逐])户?走?访)了?|[迁搬送运前]往|户口在|家在|搬到|迁至|购买|租住|暂住"
    r"|(?:房屋|房产|不动产|住房|住宅|土房|瓦房|砖房|房子)(?=\p{Han}{2})(?![东西南北前后旁边对侧门])|(?:[送带搬返赶]回|[接领送]回到?)(?!民)|(?:填[报写]|[栏上]写|写[明着的])[了的]?[是为]?(?!字楼)|住于|改寄|[到抵]达|走访了?|[看探]望了?|慰问了?|(?:寄往|投递|送达)至?|反映|投诉|举报|要求|原籍|落户在?|进驻|(?<![\p{Han}])接(?![官龙驾待])|(?<!\p{Han})宿舍(?=[0-9]{1,2}(?:号楼|[栋舍]))|(?<=[某他她其])居|住(?![院房建宅户所宿村镇乡])|名下的?有?|所有的|租住?(?:到|至|了|在|于)?(?![赁户金房客约期])|去(?!世)|赴|寄[到往给至]?(?![宿住居])|房号|对(?![面门过岸河])|[在于为是系至到的了把将就叫从由给]"
)
_REACH_LEFT: Final = 40
_AND: Final = ("和", "及", "与")
_WIDE = regex.compile(r"[ \u3000\xa0]{2}")
#: ① to ⑳, which the squeeze view has as figures.
_MARKS: Final = frozenset(map(chr, range(0x2460, 0x2474)))
_LONG: Final = 7
_LONG_NUMBER = regex.compile(r"[0-9]{7}")
#: The number of a person or telephone in front of an address: 4…459X 雪堰镇圩塘弄6号.
_LONG_BEFORE = regex.compile(r"(?r)(?<=[0-9]{7})(?:[0-9]|(?<=[0-9]{17})[Xx])(?![0-9Xx])")
#: The mark of an item of a list: 2. 金鸡村老鹰岩组.
_MARK = regex.compile(r"[0-9]{1,2}[.．](?=\p{Han})")
#: 青禾镇 柳树村 大坪组: a word of a place between gaps.
_DIVISION_WORD = regex.compile(r"\p{Han}{1,8}(?:[省市县区旗镇乡村组屯社]|街道|社区|[路街巷])(?<!地址|名单)")
_STRONG_LEADS: Final = frozenset({"家住", "现住", "住在", "位于", "现居", "家在", "租住", "暂住"})


def numbered_homes(rule: Rule, reading: Reading) -> Iterator[tuple[Span, tuple[Confidence, str]]]:
    """Yield the spans in the text of homes that are found by their numbers, how sure and why."""
    for place, said in weighed(rule, reading, list(_numbered(rule, reading))):
        if said and place.end - place.start >= _SHORTEST and not _is_amount(reading, place):
            yield Span(*reading.squeeze.span(*place)), said


def _numbered(rule: Rule, reading: Reading) -> Iterator[Home]:
    """Yield the places that are found by their numbers, with the signs that they are homes."""
    view = reading.squeeze
    last = 0
    before: Home | None = None
    names: list[tuple[int, int]] | None = None
    for anchor in anchors(view.text):
        start = _behind_number(reading, _behind_mark(reading, anchor.start()), anchor.end())
        match = _detail(reading, start) if start >= last else None
        if match is None:
            continue
        names = division_names(view.text) if names is None else names
        begin = _begin(reading, names, match.start(), last)
        joined = begin == last > 0 and before is not None and view.text.startswith(_AND, begin)
        begin += joined
        last = _row_end(reading, match)
        home = _home(rule, reading, Span(begin, last), match)
        if joined and before and home.said is None:
            home = Home(home.place, before.said)  # 望江路41号 + 和 + 望江路菜园队6号
        if before and before.said and before.place.end == begin and not view.is_joint(begin):
            home = Home(Span(before.place.start, home.place.end), before.said)  # 巷北路88号 + 明珠苑8#2204
        elif before and home.said and before.place.end == begin and not view.is_joint(begin):
            home = Home(Span(before.place.start, home.place.end), home.said)  # 浦滨路320号 + 凤凰台12幢2单元1803
        elif before:
            yield before
        before = home
    if before:
        yield before


def _detail(reading: Reading, start: int) -> regex.Match[str] | None:
    """Return the detail that begins at `start`; a run of digits has to have dashes, a bare room no gap in front."""
    view = reading.squeeze
    limit = _number_after(reading, start)
    match = detail_pattern(dashes=True).match(view.text, start, limit)
    if match and match["run"] and (line := in_line(reading, match.start("run") + 1, match.end())) < match.end():
        match = detail_pattern(dashes=True).match(view.text, start, line)
    if match and match["run"]:
        inside = match.start("run") - (match.start() < match.start("run"))
        if blank := _blank_in(reading, inside, match.end()):
            match = detail_pattern(dashes=True).match(view.text, start, blank)  # 9-4-101 + 83岁
    whole = match and match["run"] and not view.inner_joints(*match.span("run"))
    if match and match["run"] and match.start() == match.start("run") and wraps(_gap(reading, start)):
        return None  # 北至公路⏎12-2
    apart = match and match["tail"] and view.is_joint(match.start("tail"))
    if whole or apart:
        match = detail_pattern(dashes=False).match(view.text, start, limit)
    return match


def _gap(reading: Reading, place: int) -> str:
    """Return what the text has at a place of the view, "" if nothing."""
    return reading.squeeze.gap(place, reading.text) if reading.squeeze.is_joint(place) else ""


def _blank_in(reading: Reading, start: int, end: int) -> int | None:
    """Return the first place inside a run of figures with only white space at it."""
    view = reading.squeeze
    return next((joint for joint in view.inner_joints(start, end) if view.gap(joint, reading.text).isspace()), None)


def _number_after(reading: Reading, start: int) -> int:
    """Return the start of a telephone or other long number behind a room and a space (501 13800138000)."""
    view = reading.squeeze
    high = min(len(view.text), start + _REACH_LEFT)
    for joint in view.inner_joints(start, high):
        if view.text[joint - 1].isdigit() and _LONG_NUMBER.match(view.text, joint):
            gap = view.gap(joint, reading.text)
            if not gap.strip():
                return joint
    return len(view.text)


def _row_end(reading: Reading, match: regex.Match[str]) -> int:
    """Return the end of a detail; in a plain-text table a line end is the end of the row and not a wrap."""
    view = reading.squeeze
    table = reading.anatomy.table_at(view.span(match.start(), match.start() + 1)[0]) is not None
    for joint in view.inner_joints(*match.span()):
        if table and "\n" in view.gap(joint, reading.text):
            return joint
        if is_new_line(reading, joint):
            return joint
    return match.end()


def _begin(reading: Reading, names: Sequence[tuple[int, int]], detail: int, last: int) -> int:
    """Return the start of the address whose detail begins at `detail`.

    That is the first name of its chain of divisions (a province begins a new chain), else the end of a word that
    introduces it, else the start of its clause. `names`: see `division_names`.
    """
    view = reading.squeeze
    low = max(0, detail - _REACH_LEFT, last)
    former = [match.span() for match in _FORMER.finditer(view.text, low, detail)]
    breaks = [
        match.end()
        for match in _CLAUSE_START.finditer(view.text, low, detail)
        if not any(start <= match.start() < end for start, end in former)
    ]
    low = breaks[-1] if breaks else low
    low = max([low, *(joint for joint in view.inner_joints(low, detail) if _is_wide(reading, joint))])
    number = _LONG_BEFORE.search(view.text, low, detail)
    low = number.end() if number else low
    if view.is_joint(detail) and (
        is_new_line(reading, detail) or _is_item(reading, detail) or _long_in_front(reading, detail)
    ):
        return detail
    held = reading.anatomy.cell_at(view.span(detail, detail + 1)[0])
    low = max(low, view.position(held[1].start)) if held else low
    divisions = named_divisions(view.text, names, low, detail)
    first = chain(view.text, divisions, low)
    after = divisions[-1][1] if divisions else low
    leads = [match.end() for match in _LEAD.finditer(view.text, after, detail)]
    if first is not None:
        strong = [end for end in leads if end - after >= 2 and view.text[end - 2 : end] in _STRONG_LEADS]  # noqa: PLR2004
        return strong[-1] if strong else first
    spaces = [joint for joint in view.inner_joints(low, detail) if _is_gap(reading, joint)]
    begin = max([low, _apart(view.text, low, spaces), *leads[-1:]])
    mark = _MARK.match(view.text, begin, detail)
    return mark.end() if mark else begin


def _apart(text: str, low: int, spaces: list[int]) -> int:
    """Return the start of words set apart by gaps; the divisions in front may each be set apart."""
    while spaces:
        before = spaces[-2] if len(spaces) > 1 else low
        if not _DIVISION_WORD.fullmatch(text, before, spaces[-1]):
            return spaces[-1]
        spaces = spaces[:-1]
    return low


def _behind_mark(reading: Reading, start: int) -> int:
    """Return the start of a number behind the mark of an item: ① 9号院 is read as 19号院."""
    view = reading.squeeze
    while start + 1 < len(view.text) and reading.text[view.span(start, start + 1)[0]] in _MARKS:
        start += 1
    return start


def _behind_number(reading: Reading, start: int, end: int) -> int:
    """Return the start of a number behind the end of a line: 13800138000⏎1幢 is read as 80001幢."""
    view = reading.squeeze
    for joint in view.inner_joints(start, end):
        if view.text[start : joint + 1].isdigit() and _long_in_front(reading, joint):
            return joint
    return start


def _long_in_front(reading: Reading, joint: int) -> bool:
    """Return whether a long number, as of a telephone, is in front of a joint."""
    return _LONG_NUMBER.fullmatch(reading.squeeze.text, max(0, joint - _LONG), joint) is not None


def _is_item(reading: Reading, joint: int) -> bool:
    """Return whether the mark of an item is in front of a joint."""
    return reading.text[reading.squeeze.span(joint - 1, joint)[0]] in _MARKS


def _is_wide(reading: Reading, joint: int) -> bool:
    """Return whether a joint separates columns: several spaces, or a line end behind a long number."""
    view = reading.squeeze
    gap = view.gap(joint, reading.text)
    if is_new_line(reading, joint) or _is_item(reading, joint):
        return True
    if "\n" in gap:
        return _long_in_front(reading, joint)
    return _WIDE.search(gap) is not None


def _is_gap(reading: Reading, joint: int) -> bool:
    """Return whether the words on both sides of a joint are separate: a space between characters, not a wrap."""
    view = reading.squeeze
    if view.text[joint - 1].isascii() or view.text[joint].isascii():
        return False
    return not wraps(view.gap(joint, reading.text))


def _home(rule: Rule, reading: Reading, place: Span, match: regex.Match[str]) -> Home:
    view = reading.squeeze
    if place.end - place.start < _SHORTEST:
        return Home(place, None)
    start = view.span(*place)[0]
    said = owner(rule, reading, Found(place, match.start(), next(kind for kind in KINDS if match[kind]), start))
    if said is not None and said[0] == "certain" and place.end == match.end():
        paragraph = reading.paragraph(start)
        limit = in_line(reading, place.end, view.position(paragraph.end))
        limit = _blank_in(reading, place.end - 1, limit) or limit
        place = Span(place.start, more(view.text, place.end, limit))
    if said is not None and not _is_amount(reading, place):
        place = Span(place.start, on(reading, place.end))
    return Home(place, said)


def _is_amount(reading: Reading, place: Span) -> bool:
    """Return whether what looks like a room or house number is a figure with its unit: 乡村26.16亿元."""
    text = reading.squeeze.text
    return text[place.end - 1].isdigit() and _UNITS.match(text, place.end) is not None
