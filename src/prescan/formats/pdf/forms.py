"""Form fields of a PDF: what was filled in, what the fields are called, the scripts they run.

PDFium walks the whole tree of fields when the first page is opened together with its form, and a hostile tree takes it
for ever. So the form is opened after the pages were read: their text is safe by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from prescan.formats.html.parts import is_telling
from prescan.formats.pdf.strings import string
from prescan.formats.text import has_visible
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_NOTES: Final = 10_000
_FILLED_IN: Final = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_UNSEEN: Final = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD: Final = raw.FPDF_FORMFLAG_TEXT_PASSWORD
_SCRIPTED: Final = (
    raw.FPDF_ANNOT_AACTION_KEY_STROKE,
    raw.FPDF_ANNOT_AACTION_FORMAT,
    raw.FPDF_ANNOT_AACTION_VALIDATE,
    raw.FPDF_ANNOT_AACTION_CALCULATE,
)


class Fields:
    """What the form fields of a document hold."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.values: list[Block] = []
        self.names: dict[str, None] = {}
        self.scripts: dict[str, None] = {}
        self._told: set[tuple[str, str]] = set()

    def read(self, data: bytes, numbers: Iterable[int]) -> None:
        """Take in the fields on the pages with these numbers (from 1)."""
        document = pdfium.PdfDocument(data)
        try:
            if raw.FPDF_GetFormType(document) != raw.FORMTYPE_NONE:
                document.init_forms()
            for number in numbers if document.formenv else ():
                page = document[number - 1]
                self._page(document.formenv, page, number)
                page.close()
        finally:
            document.close()

    def _page(self, form: Any, page: Any, number: int) -> None:  # noqa: ANN401 (pypdfium2 has no types)
        for index in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_NOTES)):
            note = raw.FPDFPage_GetAnnot(page, index)
            if not note:
                continue
            try:
                if raw.FPDFAnnot_GetSubtype(note) == raw.FPDF_ANNOT_WIDGET:
                    self._field(form, note, number)
            finally:
                raw.FPDFPage_CloseAnnot(note)

    def _field(self, form: Any, note: Any, number: int) -> None:  # noqa: ANN401
        """Take in what was filled in, and what the field is called; one shown in several places counts once."""
        name = string(lambda *to: raw.FPDFAnnot_GetFormFieldName(form, note, *to))
        prompt = string(lambda *to: raw.FPDFAnnot_GetFormFieldAlternateName(form, note, *to))
        self.names.update((text, None) for text in (name, prompt) if is_telling(text))
        for event in _SCRIPTED:
            script = string(lambda *to, on=event: raw.FPDFAnnot_GetFormAdditionalActionJavaScript(form, note, on, *to))
            if script:
                self.scripts[script] = None
        if raw.FPDFAnnot_GetFormFieldType(form, note) not in _FILLED_IN:
            return
        value = string(lambda *to: raw.FPDFAnnot_GetFormFieldValue(form, note, *to))
        if has_visible(value) and (name, value) not in self._told:
            self._told.add((name, value))
            unseen = raw.FPDFAnnot_GetFlags(note) & _UNSEEN or raw.FPDFAnnot_GetFormFieldFlags(form, note) & _PASSWORD
            kind, words = ("hidden_text", f"第 {number} 页隐藏的表单值") if unseen else (None, "")
            self.values.append(Block(value, Location("form", number), hidden=kind, note=words))
