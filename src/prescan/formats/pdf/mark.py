"""A copy of a PDF with remarks: highlights at the spans, one note on the first page for the others."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from prescan.errors import ReadError
from prescan.formats.edits import Remark
from prescan.formats.pdf import read
from prescan.formats.pdf.glyphs import locate
from prescan.types import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.formats.pdf.glyphs import SpanGlyphs
    from prescan.formats.pdf.shapes import PdfBox
    from prescan.types import Limits

_AUTHOR: Final = "prescan 机审"
#: Red, green, blue from 0 to 1. The remark names the level too, so colour is never the only sign.
_COLORS: Final = {"block": (1.0, 0.62, 0.58), "review": (1.0, 0.86, 0.4), "note": (0.72, 0.85, 1.0)}
_NOTE_SIZE: Final = 20.0
_NOTE_INDENT: Final = 12.0
_PRINTED: Final = 4
"""The flag of an annotation that is printed."""
_DAMAGED: Final = "文件结构有损坏，写不出批注版；请用原软件打开并另存后重试"


def mark(data: bytes, arguments: Sequence[dict[str, Any]], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return how many remarks are at their spans and how many in the note, and the copy. Raises ReadError."""
    remarks = [Remark(**item) for item in arguments]
    blocks = [item for item in read(data, limits) if isinstance(item, Block)]
    placed = _locate(data, blocks, remarks)
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415  slow to import

    try:
        copied = _annotated(data, remarks, placed)
    except DependencyError as error:
        raise ReadError("encrypted", "文件带权限口令，写不出批注版；请解除口令后再试") from error
    except (PyPdfError, KeyError, ValueError, TypeError, IndexError, AttributeError) as error:  # pypdf on odd files
        raise ReadError("corrupted", _DAMAGED) from error
    count = sum(bool(glyphs) for glyphs in placed)
    return {"marked": count, "elsewhere": len(remarks) - count}, copied


def _locate(data: bytes, blocks: Sequence[Block], remarks: Sequence[Remark]) -> list[list[SpanGlyphs]]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return [[] for _ in remarks]
    try:
        if raw.FPDF_GetFormType(document) != raw.FORMTYPE_NONE:
            document.init_forms()
        return locate(document, blocks, [(one.start, one.end) for one in remarks])
    finally:
        document.close()


def _annotated(data: bytes, remarks: Sequence[Remark], placed: Sequence[Sequence[SpanGlyphs]]) -> bytes:
    import pypdf  # noqa: PLC0415  slow to import

    # incremental: the remarks are appended to the unchanged file
    writer = pypdf.PdfWriter(io.BytesIO(data), incremental=True)
    without_place = [one for one, glyphs in zip(remarks, placed, strict=True) if not glyphs]
    if without_place:
        text = "\n".join(f"{one.title}：{one.comment}" for one in without_place)
        _, _, right, top = map(float, writer.pages[0].mediabox)
        at = float(writer.pages[0].mediabox.left) + _NOTE_INDENT
        box = (at, top - _NOTE_INDENT - _NOTE_SIZE, min(at + _NOTE_SIZE, right), top - _NOTE_INDENT)
        worst = without_place[0]
        writer.add_annotation(0, _annotation("/Text", [box], worst, f"不在页面上的疑点\n{text}"))
    for one, glyphs in zip(remarks, placed, strict=True):
        for on_page in glyphs:
            annotation = _annotation("/Highlight", on_page.boxes, one, f"{one.title}\n{one.comment}")
            writer.add_annotation(on_page.page - 1, annotation)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _annotation(subtype: str, boxes: Sequence[PdfBox], one: Remark, contents: str) -> Any:  # noqa: ANN401  a pypdf object
    """Return an annotation over `boxes` (left, bottom, right, top in the page's own coordinates)."""
    from pypdf.generic import (  # noqa: PLC0415  slow to import
        ArrayObject,
        DictionaryObject,
        FloatObject,
        NameObject,
        NumberObject,
        TextStringObject,
    )

    def floats(values: Sequence[float]) -> Any:  # noqa: ANN401
        return ArrayObject([FloatObject(round(value, 2)) for value in values])

    around = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    attributes = {
        "/Type": NameObject("/Annot"),
        "/Subtype": NameObject(subtype),
        "/Rect": floats(around),
        "/Contents": TextStringObject(contents),
        "/T": TextStringObject(_AUTHOR),
        "/C": floats(_COLORS.get(one.level, _COLORS["note"])),
        "/F": NumberObject(_PRINTED),
    }
    if subtype == "/Highlight":
        # Viewers expect the corners as top left, top right, bottom left, bottom right, unlike ISO 32000.
        corners = [edge for left, low, right, top in boxes for edge in (left, top, right, top, left, low, right, low)]
        attributes["/QuadPoints"] = floats(corners)
    return DictionaryObject({NameObject(key): value for key, value in attributes.items()})
