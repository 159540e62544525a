"""Rule kind `address`: a home down to road and number, village and group, building and room.

An address is found from its end: a detail with a number (…号, …室, …组) anchors it, what stands before it without
punctuation leads to its first division name. Whose address it is, the words around it say.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.resources import data_rows
from prescan.text.keywords import Keywords
from prescan.types import Candidate, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.rules import Rule

_N = r"(?:[0-9]{1,5}|[一二三四五六七八九十百]{1,4})"
_ESTATE = (
    r"[\p{Han}A-Za-z0-9]{2,12}?(?:小区|花园|花苑|公寓|新村|家园|佳苑|[苑园城庭府邸湾居轩阁])"
    r"(?:[东南西北]?[一二三四五六七八九0-9]{0,2}[区期])?"
)
_BUILDING = rf"(?:{_N}|[A-Z]|[甲乙丙丁])(?:号楼|[幢栋座])"
_UNIT = rf"(?:{_N}|[甲乙丙丁])单元"
_ROOM = r"(?:[0-9]{1,2}[层楼])?[0-9]{2,5}(?:室|房|户|号)"
_GATE = rf"{_N}号(?!楼|线|文|令|公告|窗口|台|柜|修正)(?:之[一二三四五六七八九十0-9])?(?:附{_N}号)?"
_GROUP = rf"(?:{_N}|\p{{Han}}{{1,3}}?)(?:村民小组|居民小组|生产队|组(?![织长成建员合团])|[队社](?![伍长员区会保团])|屯)"
_BARE_ROOM = r"[0-9]{3,4}(?![0-9年月日元万亿亩米人户个项件张])"
#: Tells where the detail of an address begins; everything that fits goes on from there. Over the squeeze view, where
#: a dashed 3-2-301 is one run of digits.
_DETAIL = regex.compile(
    rf"(?P<room>(?:{_GATE})?(?:{_ESTATE})?{_BUILDING}(?:{_UNIT})?(?:{_ROOM}|{_BARE_ROOM}))"
    rf"|(?P<unit>(?:{_GATE})?(?:{_ESTATE})?(?:{_BUILDING})?{_UNIT}(?:{_ROOM}|{_BARE_ROOM}))"
    rf"|(?P<dashed>(?:{_GATE})?{_ESTATE}[0-9]{{4,8}}(?:室|号|(?![0-9年元])))"
    rf"|(?P<flat>{_GATE}(?:{_ESTATE})?{_ROOM})"
    rf"|(?P<group>(?<=村|社区|居委会|村委会){_GROUP}(?:{_GATE})?)"
    rf"|(?P<village>(?<=[村庄屯寨组社]){_GATE})"
    rf"|(?P<gate>(?<=[路街道巷弄里同段]){_GATE}(?:(?:{_ESTATE})?(?:{_BUILDING})?(?:{_UNIT})?{_ROOM})?)"
    rf"|(?P<lane>(?<=[路街道巷里]){_N}弄(?:{_GATE})?(?:{_ROOM})?)"
)
#: What every detail holds; only what lies around it is looked at closely.
_ANCHOR = regex.compile(
    r"[0-9一二三四五六七八九十百甲乙丙丁A-Z](?:号|室|户|房|幢|栋|座|单元|弄)|[组社队屯]|村民小组|居民小组|生产队|[苑园城庭府邸湾居轩阁区期寓村][0-9]{4}"
)
_BEFORE_ANCHOR: Final = 24
_AFTER_ANCHOR: Final = 40
_CLAUSE_START = regex.compile(r"[。；;!?！？，,、:：()（）\[\]【】<>《》“”\"\t\n|\u2029]")
_LEAD: Final = regex.compile(
    r".*(?:家住|现住|居住在|居住于|住在|住址|户籍地?|住所地?|地址|位于|坐落于?|现居|户口在|[住在于为是系至到])"
)
_REACH_LEFT: Final = 40
#: Shorter is a number with a unit, not an address.
_SHORTEST: Final = 4
_CUE_REACH: Final = 30
_OFFICE_AFTER = regex.compile(
    r"[^，。；,;\s]{0,10}(?:政府|大厅|大楼|中心|窗口|会议室|服务站|办公室|委员会|派出所|法院|[局院校厅馆站厂店]|公司|医院|学校|接待室|收发室|信箱)"
)
#: Details that by themselves tell a dwelling: nobody's office is 村三组, hardly one is 单元 and 室.
_DWELLING: Final = frozenset({"room", "unit", "dashed", "group", "flat", "village"})
_INDOORS = regex.compile("室|单元|户$")
_TOWN = regex.compile(r".*(?:街道|[镇乡]|苏木|[区县市旗])")


def find_addresses(reading: Reading, compiled: Compiled) -> Iterator[Candidate]:
    """Yield a candidate for every home address."""
    view = reading.squeeze
    for rule in compiled.of_kind("address"):
        last = 0
        for anchor in _ANCHOR.finditer(view.text):
            low = max(last, anchor.start() - _BEFORE_ANCHOR)
            near = _DETAIL.search(view.text, low, anchor.end() + _AFTER_ANCHOR) if anchor.end() > last else None
            match = _DETAIL.match(view.text, near.start()) if near else None  # now without an end
            if match is None:
                continue
            begin = _begin(reading, match.start(), last)
            last = match.end()
            if found := _judge(rule, reading, Span(begin, match.end()), match.lastgroup or ""):
                yield found


def _begin(reading: Reading, detail: int, last: int) -> int:
    """Return where the address starts whose detail begins at `detail`: the first division name of its clause."""
    view = reading.squeeze
    low = max(0, detail - _REACH_LEFT, last)
    breaks = [match.end() for match in _CLAUSE_START.finditer(view.text, low, detail)]
    low = breaks[-1] if breaks else low
    lead = view.text[low:detail]
    divisions = [start for _, start, _ in _divisions().find(lead)]
    if divisions:
        return low + min(divisions)
    spaces = [joint for joint in view.inner_joints(low, detail) if _is_gap(reading, joint)]
    low = spaces[-1] if spaces else low
    said = _LEAD.match(view.text, low, detail)
    return said.end() if said else low


def _is_gap(reading: Reading, joint: int) -> bool:
    """Tell whether the words on both sides of a joint are apart: a space between characters, not a wrap."""
    view = reading.squeeze
    if view.text[joint - 1].isascii() or view.text[joint].isascii():
        return False
    gap = reading.text[view.span(joint - 1, joint)[1] : view.span(joint, joint + 1)[0]]
    return "\n" not in gap and "\r" not in gap


def _judge(rule: Rule, reading: Reading, place: Span, kind: str) -> Candidate | None:
    start, end = reading.squeeze.span(*place)
    if end - start < _SHORTEST:
        return None
    named = _named(rule, reading, place, start)
    roster = reading.anatomy.in_roster(start)
    if named is False or (named is None and not roster and _OFFICE_AFTER.match(reading.squeeze.text, place.end)):
        return None
    dwelling = kind in _DWELLING or _INDOORS.search(reading.squeeze.text, *place)
    if named is None and not roster and not dwelling:
        return None
    evidence = "周围文字表明是住址" if named else "写到户室或村组，像是住址"
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=start,
        end=end,
        confidence="certain" if named else "likely",
        evidence=(evidence,),
        masked=mask_address(reading.text[start:end]),
        level=rule.level,
    )


def _named(rule: Rule, reading: Reading, place: Span, start: int) -> bool | None:
    """Tell whether the words in front, above or left say home (True), not home (False) or nothing (None)."""
    table = reading.anatomy.table_at(start)
    cell = table.cell_at(start) if table else None
    heads = [table.header_of(cell), table.label_of(cell)] if table and cell else []
    sentence = reading.sentence(start, start)
    low = max(reading.squeeze.position(sentence.start), place.start - _CUE_REACH)
    for text in (reading.squeeze.text[low : place.start], *("".join(head.split()) for head in heads)):
        home = max((_end(text, cue) for cue in rule.cues), default=-1)
        other = max((_end(text, cue) for cue in rule.not_home), default=-1)
        if max(home, other) >= 0:
            return home >= other
    return None


def _end(text: str, cue: str) -> int:
    """Return where the last `cue` in `text` ends, or -1; a single character (住) must stand at the very end."""
    if len(cue) == 1:
        return len(text) if text.endswith(cue) else -1
    found = text.rfind(cue)
    return found + len(cue) if found >= 0 else -1


def mask_address(text: str) -> str:
    """Return an address down to the town, or what comes nearest to it (永安市 2023 format).

    >>> mask_address("清河省临溪县青禾镇柳树村三组12号")
    '清河省临溪县青禾镇***'
    """
    kept = _TOWN.match(text)
    return (kept[0] if kept and kept.end() < len(text) else text[:2]) + "***"


@functools.cache
def _divisions() -> Keywords:
    """Return the names of provinces, cities and counties; short forms of provinces and cities too (湖南, 长沙)."""
    names = {row[1] for row in data_rows("divisions.tsv")}
    short = {regex.sub("(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$", "", name) for name in names}
    return Keywords(sorted(names | {name for name in short if len(name) >= 2}))  # noqa: PLR2004
