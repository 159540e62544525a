"""Names behind labels of people: 申请人：何某, 户主⇒何某, 参保人 何某  医保号…, 申诉人何某，学号…."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.cues import PRIVATE
from prescan.detect.name.said import ENDS, NEXT_LABEL, says, says_perhaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.cues import Cue
    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import Place


_BRACKET: Final = r"(?:[（(][^（）()\n]{1,12}[）)])?"
_LABELLED = regex.compile(
    rf"\s{{0,2}}{_BRACKET}\s{{0,2}}(?:[：:】│┃⇒→▏\]〕]|\.{{3,8}})\s{{0,4}}(?P<name>\p{{Han}}{{2,4}})(?!\p{{Han}})"
)
_AND = regex.compile(r"、(?P<name>\p{Han}{2,3})(?!\p{Han})")
#: Labels that a name may follow with nothing behind it.
_LABEL_OF_NAMES = regex.compile(
    r"(?r)(?:姓\s{0,2}名|户\s{0,2}名|户主|[人者户员]|车主|业主|房主|曾用名|原名|别名|大名|[甲乙]方)"
)
#: What else ends the value of such a label: a bracket, a gap, a bar.
_CLOSES = regex.compile(r" ?[(（)）]| {2,}| ?[|/▏]|[，,]\s?(?:住|关系|刑期|学号|手机|电话)")
#: A label at the beginning of a line or behind a gap, and its value; glued to it only if details follow.
_LABEL_LAST: Final = frozenset("人者户员主生")
_LABEL_HEAD = regex.compile(r"(?r)(?:^|(?<=[\n\r\u2029\t|]))[^\p{Han}\n\d]{0,8}|(?<= {2}|[\[〔【(])")
_AT_LABEL = regex.compile(
    r"[甲乙丙丁\d]?(?P<gap>[\])〕】]? {1,16}|[\])〕】])?(?P<name>\p{Han}{2,4})"
    r"(?=,| {2}| ?[\n\r\t|(/]|$| [\p{Han}a-zA-Z]{1,5}[:： \d])"
)
_HEADERS = regex.compile(r"(?:(?: {2,16}| ?[\t|] ?)\p{Han}{1,6}){2,}[ \t|]*(?=[\n\r\u2029]|$)")
_TOLD_SHORTLY = regex.compile(
    r",\s?(?:关系|证|学号|视力|听力|肢体|智力|精神|贩毒|盗窃|诈骗|故意|职务|受贿|强奸|抢劫|遗弃|[^,。;\n]{2,6}罪|系|住|现住|家住|男|女|手机|电话)"
)


def private_cues(page: NamePage) -> Iterator[Cue]:
    """Return the cues for private people, in order."""
    return (cue for cue in page.cues if cue.kind == PRIVATE)


def behind_labels(page: NamePage) -> Iterator[Place]:
    """Yield what follows 申请人： and the like, alone or with more details of the person behind it."""
    text = page.text
    for cue in private_cues(page):
        match = _LABELLED.match(text, cue.end)
        if not match:
            continue
        end = match.end("name")
        other = _AND.match(text, end)
        if says(page, end) or says_perhaps(page, end):
            yield match.span("name")
        elif (
            ENDS.match(text, end) or _CLOSES.match(text, end) or NEXT_LABEL.match(text, end) or other
        ) and _LABEL_OF_NAMES.match(text, max(0, cue.start - 2), cue.end):
            yield match.span("name")
            if other:
                yield other.span("name")


def at_labels(page: NamePage) -> Iterator[Place]:
    """Yield what follows a label of a person at the beginning of a line or behind a gap (参保人 何某  医保号…)."""
    text = page.text
    for cue in private_cues(page):
        if text[cue.end - 1] not in _LABEL_LAST or not _LABEL_HEAD.match(text, 0, cue.start):
            continue
        match = _AT_LABEL.match(text, cue.end)
        if (
            match
            and not _HEADERS.match(text, match.end())
            and (match["gap"] or _TOLD_SHORTLY.match(text, match.end("name")))
        ):
            yield match.span("name")
