"""Texts of a part that are not in the flow of its text: field codes, attributes, and what the contract puts later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.formats.concealment import Concealment, is_substantial
from prescan.formats.docx import concealments
from prescan.formats.package import attribute
from prescan.types import Block, Location

if TYPE_CHECKING:
    from lxml import etree


class SideTexts:
    """Collects texts outside the flow while a part is walked."""

    def __init__(self, *, page: int | None) -> None:
        """`page`: the first page; None if the part does not record its page breaks."""
        self.later: dict[str, list[Block]] = {
            part: [] for part in ("textbox", "comment", "deleted", "hidden", "form", "image")
        }
        self.page = page
        self._fields: list[list[str]] = []
        """The pieces of code of each open field, the innermost last."""
        self._collected: set[tuple[str, str]] = set()

    def collect(self, text: str, concealment: Concealment) -> None:
        """Collect a text once: a drawing and its fallback hold the same."""
        if (concealment.part, text) not in self._collected:
            self._collected.add((concealment.part, text))
            place = Location(concealment.part, self.page)
            self.later[concealment.part].append(Block(text, place, hidden=concealment.hidden, note=concealment.note))

    def collect_attributes(self, element: etree._Element, name: str) -> None:
        """Collect the texts that an element called `name` holds in its attributes."""
        concealment, names = concealments.ATTRIBUTE_TEXTS[name]
        for wanted in names:
            text = attribute(element, wanted)
            shown = concealment.hidden is None and wanted != "value"
            if text.strip() and (shown or is_substantial(text)):
                self.collect(text, concealment)

    def field_char(self, kind: str) -> str:
        """Process a `fldChar` (begin, separate, end); return the field code if the page shows it, else ""."""
        if kind == "begin":
            self._fields.append([])
            return ""
        if not self._fields:
            return ""
        code = "".join(self._fields[-1])
        self._fields[-1].clear()
        if kind == "end":
            self._fields.pop()
        return self.whole_field(code)

    def field_code(self, code: str) -> str:
        """Add a piece of code to the innermost field; outside of any field, return it if the page shows it, else ""."""
        if not self._fields:
            return self.whole_field(code)
        self._fields[-1].append(code)
        return ""

    def whole_field(self, code: str) -> str:
        """Return the code of an equation, which the page shows; collect any other that reveals a value, return ""."""
        if concealments.is_equation(code):
            return code
        if concealments.reveals_value(code):
            self.collect(code, concealments.FIELD_CODE)
        return ""

    def end_fields(self) -> None:
        """Collect the codes of fields that were opened but never closed."""
        for code in self._fields:
            if concealments.reveals_value("".join(code)):
                self.collect("".join(code), concealments.FIELD_CODE)
        self._fields.clear()
