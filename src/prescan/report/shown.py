"""Text that all writers show in the same way: places, masked context, names without values."""

from __future__ import annotations

import bisect
import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.numbers import NUMBERS
from prescan.text.line_edges import line_end, line_start
from prescan.text.masked_text import MaskedText
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, VERDICT_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prescan.numbers import Number
    from prescan.report import Options
    from prescan.types import Document, Finding, Location, ScanResult

PART_LABELS: Final = {
    "body": "正文",
    "header": "页眉",
    "footer": "页脚",
    "table": "表格",
    "note": "脚注",
    "textbox": "文本框",
    "comment": "批注",
    "inserted": "插入的修订",
    "deleted": "删除的修订",
    "hidden": "隐藏内容",
    "metadata": "文件属性",
    "annotation": "注释",
    "form": "表单",
    "attachment": "附件",
    "image": "图片",
    "filename": "文件名",
}
#: What a verdict `clear` is called if doubts were found and a person accepted them all: 未见疑点 would be untrue.
ALL_HANDLED: Final = "疑点均已处置"
#: A property of a file that names a person, and a value of it that is the name of a unit instead.
_PERSON_PROPERTY: Final = regex.compile(
    "(?:作者|最后修改者|主管|经理|批注者|打印者|相机所有者|所有者|参与者|说明撰写者|提供者)：(.+)", regex.DOTALL
)
_UNIT: Final = regex.compile(r"\p{Han}{4,}(?:局|办|室|厅|委|会|部|处|科|院|所|站|队|中心|公司|政府|学校)")
#: Parts whose paragraphs are counted with those of the body.
_IN_THE_BODY: Final = frozenset({"body", "inserted", "deleted", "hidden"})
_CONTEXT: Final = 20
_QUOTED: Final = 30
#: Types whose values are words; the others are numbers.
_OF_WORDS: Final = frozenset({"person_name", "address"})
#: Letters and digits of a file name, without its suffix.
_LETTERS: Final = regex.compile(r"[\p{L}\p{N}](?!\w*$)")
_STOPS: Final = f"{CELL_BREAK}{PARAGRAPH_BREAK}"
#: In plain text a line end mostly ends a paragraph; elsewhere it is a soft wrap.
_LINE_STOPS: Final = f"{_STOPS}\n\r"
#: Finding types of which only the keyword may be shown.
_KEYWORD_ONLY: Final = frozenset({"secret_content", "work_secret"})
#: Numbers masked in file names and titles, in the order in which they are tried.
_IN_NAMES: Final = ("resident_id", "bank_card", "mobile_phone")
_CONTROL = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\uFFFE\uFFFF]+")


def place_words(location: Location, first: Mapping[tuple[str | None, int], int] | None = None) -> str:
    """Return a location in words: "第2页第4段", "表1 C5", "批注", "第3段 插入的修订".

    Paragraphs are counted from the beginning of the file, but people count within a page: with a page, the paragraph is
    left out unless `first` (`first_paragraphs`) tells at which number the page begins.
    """
    page = f"第{location.page}页" if location.page else ""
    if location.cell:
        within = f" {location.cell.replace('!', ' ')}"
    else:
        number = location.paragraph if location.part in _IN_THE_BODY else None
        if number and location.page:
            begins = (first or {}).get((location.member, location.page))
            number = number - begins + 1 if begins else None
        within = f"第{number}段" if number else ""
    place = f"{page}{within}".strip()
    if location.part in {"body", "table"} and place:
        return place
    return f"{place}{' ' if within else ''}{PART_LABELS[location.part]}"


def urgency(result: ScanResult) -> int:
    """Return the rank of a result's verdict; 0 is the most serious."""
    return list(VERDICT_LABELS).index(result.verdict)


def worst_verdict(results: Sequence[ScanResult]) -> str:
    """Return the most serious verdict of results; `clear` if there are none."""
    return min(results, key=urgency).verdict if results else "clear"


def verdict_words(results: Sequence[ScanResult]) -> str:
    """Return the worst verdict of results in words; if it is clear because doubts were accepted, their number."""
    worst = worst_verdict(results)
    number = sum(accepted(one) for one in results)
    return f"{ALL_HANDLED}（{number} 处）" if worst == "clear" and number else VERDICT_LABELS[worst]


def accepted(result: ScanResult) -> int:
    """Return how many findings a person accepted, so that they no longer count."""
    return sum(one.suppressed is not None for one in result.findings)


def first_paragraphs(document: Document) -> dict[tuple[str | None, int], int]:
    """Return the number of the first paragraph of each page, by the member of a container and the page."""
    first: dict[tuple[str | None, int], int] = {}
    for location in (block.location for block in document.blocks):
        if location.page and location.paragraph:
            at = (location.member, location.page)
            first[at] = min(location.paragraph, first.get(at, location.paragraph))
    return first


def versions_of(result: ScanResult) -> str:
    """Return the versions of program, rules and models of a result, in one line."""
    return "，".join(f"{name} {version}" for name, version in result.versions.items())


def suspected(label: str) -> str:
    """Return the label of a finding type as a suspicion (疑似…).

    >>> suspected("商业秘密"), suspected("疑似商业秘密")
    ('疑似商业秘密', '疑似商业秘密')
    """
    return label if label.startswith("疑似") else f"疑似{label}"


def shown_name(name: str, options: Options, result: ScanResult | None = None) -> str:
    """Return a file name or title with personal values masked: those of the findings, and numbers that are valid."""
    if options.show_values:
        return name
    for finding in result.findings if result else ():
        if finding.category == "personal":
            name = _without_value(name, finding, result.document.text if result else "")
    for number, pattern in _name_patterns():
        name = pattern.sub(functools.partial(_masked_if_valid, number), name)
    return name


@functools.cache
def _name_patterns() -> tuple[tuple[Number, regex.Pattern[str]], ...]:
    """Return the numbers to mask in names, each with its pattern; compiled on first use."""
    numbers = [NUMBERS[kind] for kind in _IN_NAMES]
    return tuple((number, regex.compile(rf"(?<![0-9])(?:{number.PATTERN})(?![0-9])")) for number in numbers)


def _without_value(name: str, finding: Finding, text: str) -> str:
    """Mask the value of a finding in a name; of a finding in the name itself only the masked form is known."""
    if finding.start is not None:
        return name.replace(text[finding.start : finding.end], finding.masked)
    if finding.location.part != "filename" or "*" not in finding.masked:
        return name
    pieces = [regex.escape(piece) for piece in finding.masked.split("*")]
    of_words = finding.type in _OF_WORDS
    if of_words and not any(pieces):  # the mask shows nothing, so its place is unknown
        return _LETTERS.sub("*", name)
    end = "[^./]*" if finding.type == "address" else ""  # only masks of addresses are shorter than the value
    return regex.sub(("." if of_words else "[0-9A-Za-z×✕]").join(pieces) + end, lambda _: finding.masked, name)


def _masked_if_valid(number: Number, match: regex.Match[str]) -> str:
    return number.mask(match[0]) if number.is_valid(match[0]) else match[0]


def masked_spans(result: ScanResult) -> list[tuple[int, int, str]]:
    """Return what of a text is not shown, with its mask: personal values, and names in the properties of the file."""
    spans = sorted(
        (f.start, f.end or 0, f.masked) for f in result.findings if f.category == "personal" and f.start is not None
    )
    document, names = result.document, []
    for block, start in zip(document.blocks, document.starts, strict=True):
        named = _PERSON_PROPERTY.fullmatch(block.text) if block.location.part == "metadata" else None
        if named is None or _UNIT.fullmatch(named[1]):
            continue
        at, end = start + named.start(1), start + named.end(1)
        inside = [(low, high) for low, high, _ in spans if at <= low < end]
        for low, high in (*inside, (end, end)):
            gap = document.text[at:low].strip()
            names += [(at, low, f"{gap[0]}*")] if gap else []
            at = max(at, high)
    return spans + names


class Contexts:
    """Returns the text around the findings of a result, all personal values in it masked."""

    def __init__(self, result: ScanResult, options: Options) -> None:
        """Prepare the values of one result for masking."""
        self._result, self._options = result, options
        self._members: dict[str, str] = {}
        self._text = result.document.text
        self._stops = _LINE_STOPS if result.document.media_type == "text/plain" else _STOPS
        secret_starts = (f.start for f in result.findings if f.type in _KEYWORD_ONLY and f.start is not None)
        self._secret = sorted({self._paragraph(start) for start in secret_starts})
        self._masking = MaskedText(self._text, [] if options.show_values else masked_spans(result))

    def around(self, finding: Finding) -> str:
        """Return a finding with up to 20 characters of its paragraph on each side; for a hidden place, its beginning.

        For suspected secret content and work secrets, and for findings beside them, only the masked value.
        """
        return printable("".join(self.parted(finding)))

    def parted(self, finding: Finding) -> tuple[str, str, str]:
        """Return the three parts of `around`: before the finding, the finding, after it."""
        if finding.start is None or finding.end is None or self._is_secret(finding.start, finding.end):
            return "", printable(finding.masked), ""
        if finding.category == "hidden_content":
            return self.quoted(finding.start, finding.end), "", ""
        low, high = self._edge(finding.start, -1), self._edge(finding.end, 1)
        before, after = self.masked(low, finding.start), self.masked(finding.end, high)
        return before.lstrip(), self.masked(finding.start, finding.end), after.rstrip()

    def place(self, finding: Finding) -> str:
        """Return the place of a finding in words, after the masked name of the member that contains it."""
        words, member = self.place_within(finding.location), finding.location.member
        if not member:
            return words
        if member not in self._members:
            self._members[member] = printable(shown_name(member, self._options, self._result))
        return f"{self._members[member]} {words}"

    def place_within(self, location: Location) -> str:
        """Return a place within its file in words."""
        return printable(place_words(location, self._first_paragraphs))

    @functools.cached_property
    def _first_paragraphs(self) -> dict[tuple[str | None, int], int]:
        return first_paragraphs(self._result.document)

    def masked(self, start: int, end: int) -> str:
        """Return a span of the text with values masked and without control characters."""
        return harmless(self._masking.span(start, end))

    def _is_secret(self, start: int, end: int) -> bool:
        """Return whether a span touches a paragraph with suspected secret content or work secrets."""
        index = bisect.bisect_right(self._secret, start, key=lambda paragraph: paragraph[1])
        return index < len(self._secret) and self._secret[index][0] < end

    def _paragraph(self, offset: int) -> tuple[int, int]:
        """Return the start and end of the paragraph, line or cell around an offset."""
        return line_start(self._text, offset, ends=self._stops), line_end(self._text, offset, ends=self._stops)

    def _edge(self, offset: int, step: int) -> int:
        """Return the offset where the context ends: 20 characters from `offset` (`step` -1 or 1), or at a break."""
        at = offset
        for distance in range(_CONTEXT + 1):
            at = offset + step * distance
            inside = 0 < at < len(self._text)
            if not inside or self._text[at - 1 if step < 0 else at] in self._stops:
                break
        return max(0, min(at, len(self._text)))

    def quoted(self, start: int, end: int) -> str:
        """Return the beginning of a span, masked, on one line; "" if nothing but the mask is left."""
        cut = min(end, start + _QUOTED)
        text = printable(self._masking.span(start, cut))
        return text + ("…" if cut < end else "") if text.strip("*") else ""


def printable(text: str) -> str:
    """Return text without control characters and outer white space; see `harmless`."""
    return harmless(text).strip()


def harmless(text: str) -> str:
    """Replace control characters, which can control a terminal, and characters XML forbids by spaces."""
    return _CONTROL.sub(" ", text)
