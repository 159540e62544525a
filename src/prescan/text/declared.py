"""Finds the disclosure attribute a document states about itself: in its 附注, after 公开属性, or as a ticked box.

Old names are mapped: 免予公开 and 内部公开 to 不予公开, 社会公开 to 主动公开. Uses the squeeze view, in which spaced,
full-width and traditional forms are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.text.view import fold, squeeze
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.types import Attribute

_DECLARED: Final[tuple[tuple[Attribute, str], ...]] = (
    ("on_request", r"依申请公开"),
    ("withheld", r"不予公开|[免兔][予于]公开|内部公开|不公开|不宜公开"),
    ("proactive", r"主动公开|社会公开|公开发布"),
)
_NAMED = "|".join(f"(?P<{attribute}>{pattern})" for attribute, pattern in _DECLARED)
_ANY = _NAMED + r"|(?P<proactive>(?:删减后|全文)?公开(?!\p{Han}))"
_DECLARATION = regex.compile(
    rf"(?<![“「『‘]\(?)(?:\(?此件(?:可|为|属|经删减后)?(?:{_ANY})(?:发布)?\)?"
    rf"|(?:政府)?(?:信息)?公开(?:属性|类别|方式|选项|形式):?[\t|]*\(?(?:{_ANY})\)?(?!\s*[/、]|[不依主])"
    rf"|^\((?:{_ANY})\)$)"
)
_TICK = "[☑√✓✔☒▣■●]"
_BOX = rf"(?:[(\[]{_TICK}?[)\]]|{_TICK}|[□☐○◯])"
#: An option of a form, with its box before or after it.
_OPTION = regex.compile(rf"(?:(?P<before>{_BOX})(?:{_ANY})|{_NAMED})(?:(?=(?P<after>{_BOX}))|)")

#: Part of every such statement, with any characters in between that a view drops.
_PUBLIC = regex.compile(r"公\P{Han}*+[开開]")


class Declared(NamedTuple):
    """The disclosure attribute a document states about itself, and its place."""

    attribute: Attribute
    span: Span


def read_declared(text: str, lines: Iterable[Span]) -> Declared | None:
    """Return the attribute stated by the first of `lines` that states one; spans index `text`."""
    for line in lines:
        line_text = text[line.start : line.end]
        if "公" not in line_text or not _PUBLIC.search(line_text):
            continue
        view = squeeze(fold(line_text))
        for match in _declarations(view.text):
            attribute = next(name for name, _ in _DECLARED if match.group(name))
            start, end = view.span(*match.span())
            return Declared(attribute, Span(line.start + start, line.start + end))
    return None


def _declarations(line: str) -> list[regex.Match[str]]:
    """Return the declarations of a line. Of options with boxes, only the ticked ones."""
    options = list(_OPTION.finditer(line))  # the first shows on which side of the options the boxes are
    if any(option["before"] or option["after"] for option in options):
        side = "before" if options[0]["before"] else "after"
        return [option for option in options if regex.search(_TICK, option[side] or "")]
    return list(_DECLARATION.finditer(line))
