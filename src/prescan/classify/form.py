"""Extracts traits of a document's form: 文种, 文号, 主送, 落款, tables, who addresses whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.text.title import KINDS
from prescan.types import PARAGRAPH_BREAK, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.text.anatomy import Anatomy

#: The last character before the year in a 文号 is the series: 函, 复, 规 …
_SERIES: Final = regex.compile(r"([函复请纪规罚决告处审通报监信答令])\p{Han}?\s?[〔\[【（(﹝]")
_SUBJECTS: Final = "局|县|市|镇|乡|区|委|厅|院|校|所|办|站|中心|公司|单位|机关|部门|处|司|省|街道"
_WE: Final = regex.compile(rf"我们|[我本](?:{_SUBJECTS})")
_YOU: Final = regex.compile(rf"[你贵](?:{_SUBJECTS})")
_YOU_PERSON: Final = regex.compile(rf"您|你(?!们|{_SUBJECTS})|先生|女士")
_SPEAKER: Final = regex.compile(r"[ \t\u3000]*\p{Han}{2,4}(?:[(（][^()（）\n]{1,14}[)）])?\s?[:：](?=.{12})")
#: Who addresses whom: name, pattern, and words of which every match contains one.
_VOICES: Final = (
    ("we", _WE, ("我", "本")),
    ("you_organ", _YOU, ("你", "贵")),
    ("you_person", _YOU_PERSON, ("您", "你", "先生", "女士")),
)
_COLON: Final = re.compile("[:：]")
_LABEL: Final = regex.compile(r"[时地主单编案事申处受日电被当联]|.*[人期间点位号者况见果题]\s?[:：]")
_QUESTION: Final = regex.compile(r"[ \t\u3000]*问[:：]")
#: A contact among the notes below the signature; the 附注 of the anatomy may be the declared attribute instead.
_CONTACT: Final = regex.compile(r"^[ \t\u3000]*[(（]?联\s?系\s?(?:人|电话|方式)\s?[:：][^\n]{2,60}", regex.MULTILINE)

_ADDRESSEES: Final = (
    ("deputy", regex.compile(r"代表|委员(?!会)")),
    ("public", regex.compile(r"广大|朋友|群众|乡亲|市民|居民|考生|家长|公民|村民")),
    ("many", regex.compile(r"各|全[市县省区]|所属|直属")),
    ("firm", regex.compile(r"公司|厂$|店|集团|合作社|事务所|酒店|超市|诊所|商行|企业")),
    ("court", regex.compile(r"法院|检察院")),
    ("organs", regex.compile(r"[局委厅办府院会部][、，,;；\s].*[局委厅办府院会部]")),
    ("above", regex.compile(r"^[省市县区]?(?:委|人民政府|政府|委员会|[\p{Han}]{0,6}[局厅])$|领导|[局县市区厅]长")),
    ("organ", regex.compile(r"[局委厅办府院会部所站校馆中心镇乡处队]$|街道|办事处")),
)
#: Characters searched for voices; a long annex may have another author.
_VOICES_WITHIN: Final = 4000
_TAIL: Final = 300
_PERSON_AT_MOST: Final = 6
_SHORT, _LONG = 350, 900
_SPEAKERS: Final = 3
_A_LAW: Final = 8

#: Trait → its meaning in Chinese, for the reasons of a suggestion.
MEANINGS: Final = {
    "red_head": "有版头",
    "addressee=deputy": "主送人大代表或政协委员",
    "addressee=public": "写给公众",
    "addressee=many": "主送多个下属单位",
    "addressee=firm": "主送一家企业",
    "addressee=court": "送法院、检察院",
    "addressee=organs": "主送几个机关",
    "addressee=above": "主送上级或同级机关",
    "addressee=organ": "主送一个单位",
    "addressee=person": "写给一个人",
    "contact": "文末留有联系人",
    "signed": "有机关落款和日期",
    "law": "有成章的条文",
    "articles": "有几条条文",
    "table": "有表格",
    "roster": "逐个列出人员",
    "annex": "有附件",
    "we": "以本机关口吻陈述",
    "you_organ": "对某一单位说话",
    "you_person": "对某一个人说话",
    "transcript": "一问一答",
    "speakers": "逐人记录发言",
    "short": "篇幅短",
    "long": "篇幅长",
}


def form(text: str, anatomy: Anatomy) -> Iterator[tuple[str, Span | None]]:
    """Yield the name and place of each trait of form; None if it has no place."""
    text = text.replace(PARAGRAPH_BREAK, "\n")  # same length; lines must not depend on the format
    yield f"kind={anatomy.kind or 'none'}", anatomy.title
    yield from _head(text, anatomy)
    yield from _voices(text[:_VOICES_WITHIN])
    if anatomy.signature:
        yield "signed", anatomy.signature
    contact = _CONTACT.search(text, max(0, len(text) - _TAIL))
    if contact:
        yield "contact", Span(*contact.span())
    if anatomy.clauses:
        name = "law" if len(anatomy.clauses) >= _A_LAW else "articles"
        yield name, Span(anatomy.clauses[0].start, anatomy.clauses[0].end)
    if anatomy.tables:
        table = anatomy.tables[0]
        yield ("roster" if anatomy.rosters else "table"), Span(table.start, table.end)
    if anatomy.annexes:
        yield "annex", anatomy.annexes[0]
    size = len(text) - text.count(" ")
    if not _SHORT <= size <= _LONG:
        yield ("short" if size < _SHORT else "long"), None


def describe(name: str) -> str:
    """Return the meaning of a trait in Chinese."""
    if name.startswith("kind="):
        kind = name.removeprefix("kind=")
        return f"文种是{kind}" if kind in KINDS else "标题没有文种"
    if name.startswith("number="):
        return f"文号属“{name.removeprefix('number=')}”字"
    return MEANINGS[name]


def _head(text: str, anatomy: Anatomy) -> Iterator[tuple[str, Span | None]]:
    if anatomy.doc_number:
        series = _SERIES.search(text, *anatomy.doc_number)
        if series:
            yield f"number={series[1]}", anatomy.doc_number
    if anatomy.red_head:
        yield "red_head", anatomy.head
    if anatomy.addressee is None:
        return
    organs = text[slice(*anatomy.addressee)].strip()
    kind = next((kind for kind, pattern in _ADDRESSEES if pattern.search(organs)), None)
    if kind is None and len(organs) <= _PERSON_AT_MOST:
        kind = "person"
    if kind:
        yield f"addressee={kind}", anatomy.addressee


def _voices(text: str) -> Iterator[tuple[str, Span | None]]:
    """Yield who addresses whom. A single "we" or "you" may be a quotation, so each needs two."""
    for name, pattern, words in _VOICES:
        matches = (
            [Span(*match.span()) for match in pattern.finditer(text)] if any(map(text.__contains__, words)) else ()
        )
        if len(matches) > 1:
            yield name, matches[0]
    lines = _with_colon(text)
    questions = [Span(*match.span()) for start in lines if (match := _QUESTION.match(text, start))]
    if len(questions) > 1:
        yield "transcript", questions[0]
    spoken = (match for start in lines if (match := _SPEAKER.match(text, start)))
    speakers = [match for match in spoken if not _LABEL.match(match[0].strip())]
    if len(speakers) >= _SPEAKERS:
        yield "speakers", Span(*speakers[0].span())


def _with_colon(text: str) -> list[int]:
    """Return the starts of lines with a colon in them or right after them: only these can name a speaker."""
    return list(dict.fromkeys(text.rfind("\n", 0, max(0, colon.start() - 1)) + 1 for colon in _COLON.finditer(text)))
