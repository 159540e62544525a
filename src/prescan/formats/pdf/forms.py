"""Form fields of a PDF: their values, names and scripts.

PDFium walks the whole tree of fields when the first page is opened together with its form; with a hostile tree that
never ends. So the form is opened after all pages were read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from prescan.formats.html.parts import is_telling
from prescan.formats.pdf.strings import pdfium_string
from prescan.formats.text import has_visible
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_NOTES: Final = 10_000
_WITH_VALUE: Final = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_HIDDEN_FLAGS: Final = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD: Final = raw.FPDF_FORMFLAG_TEXT_PASSWORD
_SCRIPT_EVENTS: Final = (
    raw.FPDF_ANNOT_AACTION_KEY_STROKE,
    raw.FPDF_ANNOT_AACTION_FORMAT,
    raw.FPDF_ANNOT_AACTION_VALIDATE,
    raw.FPDF_ANNOT_AACTION_CALCULATE,
)


class Fields:
    """The contents of the form fields of a document."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self.values: list[Block] = []
        self.names: dict[str, None] = {}
        self.scripts: dict[str, None] = {}
        self._seen: set[tuple[str, str]] = set()

    def read(self, data: bytes, numbers: Iterable[int]) -> None:
        """Read the fields on the pages with these numbers (from 1)."""
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
            annotation = raw.FPDFPage_GetAnnot(page, index)
            if not annotation:
                continue
            try:
                if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
                    self._field(form, annotation, number)
            finally:
                raw.FPDFPage_CloseAnnot(annotation)

    def _field(self, form: Any, annotation: Any, number: int) -> None:  # noqa: ANN401
        """Read the value and the names of a field; a field shown in several places counts once."""
        name = pdfium_string(lambda *to: raw.FPDFAnnot_GetFormFieldName(form, annotation, *to))
        prompt = pdfium_string(lambda *to: raw.FPDFAnnot_GetFormFieldAlternateName(form, annotation, *to))
        self.names.update((text, None) for text in (name, prompt) if is_telling(text))
        for event in _SCRIPT_EVENTS:
            script = pdfium_string(
                lambda *to, on=event: raw.FPDFAnnot_GetFormAdditionalActionJavaScript(form, annotation, on, *to)
            )
            if script:
                self.scripts[script] = None
        if raw.FPDFAnnot_GetFormFieldType(form, annotation) not in _WITH_VALUE:
            return
        value = pdfium_string(lambda *to: raw.FPDFAnnot_GetFormFieldValue(form, annotation, *to))
        if has_visible(value) and (name, value) not in self._seen:
            self._seen.add((name, value))
            is_hidden = (
                raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN_FLAGS
                or raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD
            )
            kind, words = ("hidden_text", f"第 {number} 页隐藏的表单值") if is_hidden else (None, "")
            self.values.append(Block(value, Location("form", number), hidden=kind, note=words))
