"""What a part of a document says beside its text: codes of fields, texts in attributes, what comes later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.formats.concealment import Concealment, is_substantial
from prescan.formats.docx import marks
from prescan.formats.package import attribute
from prescan.types import Block, Location

if TYPE_CHECKING:
    from lxml import etree


class Aside:
    """Collects what stands beside the text while a part is walked."""

    def __init__(self, *, page: int | None) -> None:
        """`page`: the first page, or None if the part does not tell where its pages ended."""
        self.later: dict[str, list[Block]] = {
            part: [] for part in ("textbox", "comment", "deleted", "hidden", "form", "image")
        }
        self.page = page
        self._fields: list[list[str]] = []
        """The codes of the fields that are open, the innermost last."""
        self._told: set[tuple[str, str]] = set()

    def tell(self, text: str, mark: Concealment) -> None:
        """Collect a text, each once: a drawing and its fallback both carry it."""
        if (mark.part, text) not in self._told:
            self._told.add((mark.part, text))
            place = Location(mark.part, self.page)
            self.later[mark.part].append(Block(text, place, hidden=mark.hidden, note=mark.note))

    def attributes(self, element: etree._Element, name: str) -> None:
        """Collect the texts that an element called `name` holds in its attributes."""
        mark, attributes = marks.ATTRIBUTE_TEXTS[name]
        for wanted in attributes:
            text = attribute(element, wanted)
            shown = mark.hidden is None and wanted != "value"
            if text.strip() and (shown or is_substantial(text)):
                self.tell(text, mark)

    def field_mark(self, kind: str) -> str:
        """Take in the begin, the middle or the end of a field; return a code that the page shows."""
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
        """Take in a piece of the code of the innermost field; return one without a field that the page shows."""
        if not self._fields:
            return self.whole_field(code)
        self._fields[-1].append(code)
        return ""

    def whole_field(self, code: str) -> str:
        """Return the code of an equation, which is what the page shows; collect any other that says something."""
        if marks.is_equation(code):
            return code
        if marks.telling_field(code):
            self.tell(code, marks.FIELD_CODE)
        return ""

    def end_fields(self) -> None:
        """Collect the codes of fields that the part opens but never closes."""
        for code in self._fields:
            if marks.telling_field("".join(code)):
                self.tell("".join(code), marks.FIELD_CODE)
        self._fields.clear()
