"""Redacted copies of PDFs: text operators are rewritten, pages are copied without anything a reader does not see.

PDFium flattens the file (forms become part of their pages, other annotations are removed); pypdf writes a new file with
only the pages: no outline, names, scripts, attachments, metadata, structure tree or earlier revision.
Where a value cannot be removed exactly, its page becomes a picture.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pypdfium2 as pdfium
from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError, DeprecationError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject
from pypdfium2 import raw

from prescan.errors import ReadError
from prescan.formats import picture_cleaning
from prescan.formats.edits import RewriteRequest, Rewritten, count_phrases
from prescan.formats.pdf import read
from prescan.formats.pdf.fonts import entry
from prescan.formats.pdf.operators import Rewriter, keep_used
from prescan.formats.pdf.paint import page_of, page_picture
from prescan.formats.pdf.revisions import revision_ends
from prescan.formats.pdf.shapes import TEXT, page_shapes
from prescan.formats.pdf.suspects import COVERING
from prescan.formats.pdf.targeting import PageChange, block_changes, has_covered_picture, page_change, touches_picture
from prescan.formats.pdf.text import placement
from prescan.formats.pdf.text_edits import NotExactError
from prescan.types import Block

if TYPE_CHECKING:
    from prescan.formats.pdf.shapes import PdfBox
    from prescan.formats.pdf.targeting import BlockChange
    from prescan.types import Limits

_PAGE_KEYS: Final = ("/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group")
_RESOURCES: Final = ("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/ProcSet")
#: Keys with what the objects of a page hold besides what they draw.
_METADATA_KEYS: Final = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/Alternates", "/OPI", "/StructParent", "/StructParents", "/AF"),
    *("/Thumb", "/Annots", "/AA", "/A", "/ID", "/Name", "/Ref", "/Parent", "/PZ", "/Measure", "/PtData", "/B"),
)
_UNITS: Final = {"附件": "个", "书签": "个", "较早版本": "个", "脚本": "个", "文件属性": "项"}
_TEXT_MARKS: Final = (b"ActualText", b"/Alt", b"/E(")
_DRAWN: Final = re.compile(rb"/([^\s/<>\[\]()]+)\s+(?:Do|scn|SCN)\b")
_CODED: Final = re.compile(r"#([0-9A-Fa-f]{2})")
#: Errors for which a page becomes a picture: a value cannot be removed exactly, or the page violates the standard.
_NOT_REWRITTEN: Final = (
    *(NotExactError, PyPdfError, DependencyError, DeprecationError),
    *(KeyError, IndexError, TypeError, ValueError, AttributeError),
)
_NO_FONT: Final = "第 {pages} 页转为图片，其字体未嵌入文件，请核对文字是否完整"
_SCAN: Final = "图片 {count} 张未作文字识别，请人工查看其中是否有不得公开的内容"


def rewrite(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return the document with the edits applied and everything that is not seen removed. Raises ReadError."""
    request = RewriteRequest.from_wire(arguments)
    changes = block_changes((item for item in read(data, limits) if isinstance(item, Block)), request.edits)
    removed: Counter[str] = Counter({"较早版本": len(revision_ends(data))})
    flat, covered_boxes = _flatten(data, removed)
    copy = _Copy(flat, covered_boxes, bars=request.bars)
    try:
        copied = copy.write(changes)
    finally:
        copy.close()
    listed = []
    if copy.without_font:
        listed.append(_NO_FONT.format(pages="、".join(map(str, copy.without_font))))
    if copy.pictures:
        listed.append(_SCAN.format(count=copy.pictures))
    return Rewritten(copied, count_phrases(removed, _UNITS), tuple(copy.page_images), tuple(listed)).to_wire()


def _flatten(data: bytes, removed: Counter[str]) -> tuple[bytes, dict[int, list[PdfBox]]]:
    """Return the file with its forms drawn into its pages and all other annotations removed; count what is removed.

    Also return by page the boxes where annotations covered pictures: what they hid must stay hidden.
    """
    covered_boxes: dict[int, list[PdfBox]] = {}
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        raise ReadError("corrupted", "文件结构有误，无法改写；请用原软件另存后再脱敏") from None
    try:
        removed["附件"] = raw.FPDFDoc_GetAttachmentCount(document)
        removed["脚本"] = max(raw.FPDFDoc_GetJavaScriptActionCount(document), 0)
        removed["书签"] = sum(1 for _ in document.get_toc(max_depth=20))
        removed["文件属性"] = len(document.get_metadata_dict(skip_empty=True))
        for number, page in enumerate(document, 1):
            widgets = 0
            for index in reversed(range(raw.FPDFPage_GetAnnotCount(page))):
                note = raw.FPDFPage_GetAnnot(page, index)
                kind, box = raw.FPDFAnnot_GetSubtype(note), _place(note)
                raw.FPDFPage_CloseAnnot(note)
                if kind == raw.FPDF_ANNOT_WIDGET:
                    widgets += 1
                    continue
                if kind in COVERING and touches_picture(page, box):
                    covered_boxes.setdefault(number, []).append(box)
                removed["链接" if kind == raw.FPDF_ANNOT_LINK else "注释"] += kind != raw.FPDF_ANNOT_POPUP
                raw.FPDFPage_RemoveAnnot(page, index)
            if widgets:
                removed["表单域"] += widgets
                raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
            page.close()
        out = io.BytesIO()
        document.save(out, flags=raw.FPDF_REMOVE_SECURITY)
    finally:
        document.close()
    return out.getvalue(), covered_boxes


def _place(note: Any) -> PdfBox:  # noqa: ANN401
    edges = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(note, edges)
    bottom, top = sorted((edges.bottom, edges.top))
    return edges.left, bottom, edges.right, top


class _Copy:
    """The copy that is being made."""

    def __init__(self, data: bytes, covered_boxes: dict[int, list[PdfBox]], *, bars: bool) -> None:
        self.page_images: list[int] = []
        self.without_font: list[int] = []
        self.pictures = 0
        self._bars = bars
        self._covered_boxes = covered_boxes
        self._document = pdfium.PdfDocument(data)
        self._reader = PdfReader(io.BytesIO(data))
        self._writer = PdfWriter()
        root: Any = self._reader.trailer["/Root"]
        self._layered = "/OCProperties" in root and _has_hidden_layer(root["/OCProperties"])

    def close(self) -> None:
        """Close the source."""
        self._document.close()

    def write(self, changes: dict[int, list[BlockChange]]) -> bytes:
        """Return the bytes of the copy."""
        for number, source in enumerate(self._reader.pages, 1):
            self._page(number, source, changes.get(number, []))
        _remove_metadata(self._writer)
        self.pictures = _clean_pictures(self._writer)
        self._writer.metadata = None
        self._writer.compress_identical_objects(remove_unreferenced=True)
        out = io.BytesIO()
        self._writer.write(out)
        return out.getvalue()

    def _page(self, number: int, source: Any, changes: list[BlockChange]) -> None:  # noqa: ANN401
        kept = DictionaryObject({NameObject(key): source[key] for key in _PAGE_KEYS if key in source})
        resources_ = entry(kept, "/Resources", DictionaryObject())
        resources = DictionaryObject(
            {NameObject(key): resources_.raw_get(key) for key in _RESOURCES if key in resources_}
        )
        kept[NameObject("/Resources")] = resources
        page = self._document[number - 1]
        try:
            change = page_change(page, changes) if changes else None
            hides = number in self._covered_boxes or ("/XObject" in resources_ and has_covered_picture(page))
            if hides or (self._layered and _on_layers(resources_)) or (change and not change.is_exact):
                self._draw(number, page, change)
            elif (change and change.objects) or _has_alternative_text(source):
                try:
                    self._rewrite(source, kept, change)
                except _NOT_REWRITTEN:
                    self._draw(number, page, change)
            else:
                keep_used(resources, _names_drawn(source))
                self._writer.add_page(_as_page(source, kept))
        finally:
            page.close()

    def _rewrite(self, source: Any, kept: DictionaryObject, change: PageChange | None) -> None:  # noqa: ANN401
        """Add a page with rewritten text operators. Raises NotExactError."""
        changes = change or PageChange(text_count=-1)
        widths = {order: raw.FPDFTextObj_GetFont(handle) for order, handle in changes.fonts.items()}
        rewriter = Rewriter(changes, lambda order, letter: _width(widths[order], letter))
        content, resources = rewriter.page(source.get_contents(), kept["/Resources"], self._reader, check=bool(change))
        if self._bars and changes.bars:
            content = b"q\n" + content + b"\nQ\n" + b"".join(map(_bar, changes.bars))
        stream = StreamObject()
        stream.set_data(content)
        kept[NameObject("/Resources")] = resources
        kept[NameObject("/Contents")] = stream.flate_encode()
        self._writer.add_page(_as_page(source, kept))

    def _draw(self, number: int, page: Any, change: PageChange | None) -> None:  # noqa: ANN401
        """Add a page as a picture."""
        place, *_ = placement(page)
        boxes = [*(change.boxes if change else ()), *map(place, self._covered_boxes.get(number, ()))]
        image, width, height = page_picture(page, boxes)
        copied, content = page_of(self._writer._add_object(image), width, height)  # noqa: SLF001
        copied[NameObject("/Contents")] = self._writer._add_object(content)  # noqa: SLF001
        added = self._writer.add_blank_page(width, height)
        added.update(copied)
        self.page_images.append(number)
        if not all(shape.always_draws for shape in page_shapes(page) if shape.kind == TEXT):
            self.without_font.append(number)


def _as_page(source: Any, kept: DictionaryObject) -> Any:  # noqa: ANN401
    """Return the page with only the entries in `kept`."""
    for key in list(source):
        del source[key]
    source.update(kept)
    return source


def _width(font: Any, letter: str) -> float:  # noqa: ANN401
    """Return the advance of a character in thousandths of the size, according to PDFium."""
    width = ctypes.c_float()
    if not raw.FPDFFont_GetGlyphWidth(font, ord(letter[0]), 1000.0, width):
        raise NotExactError
    return float(width.value)


def _bar(box: PdfBox) -> bytes:
    left, bottom, right, top = box
    return f"q 0 g {left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re f Q\n".encode()


def _has_hidden_layer(layers: Any) -> bool:  # noqa: ANN401
    """Return whether a layer is off when the document is opened."""
    default = entry(layers, "/D", {})
    return bool(entry(default, "/OFF")) or entry(default, "/BaseState", "/ON") != "/ON"


def _on_layers(resources: Any) -> bool:  # noqa: ANN401
    """Return whether a page draws anything that belongs to a layer."""
    forms = entry(resources, "/XObject", {})
    return "/Properties" in resources or any("/OC" in forms[name].get_object() for name in forms)


def _has_alternative_text(page: Any) -> bool:  # noqa: ANN401
    """Return whether the content of a page has alternative texts besides what it shows."""
    contents = page.get_contents()
    return contents is not None and any(mark in contents.get_data() for mark in _TEXT_MARKS)


def _names_drawn(page: Any) -> set[str]:  # noqa: ANN401
    """Return the names of everything a page may draw, rather too many than too few."""
    contents = page.get_contents()
    names = _DRAWN.findall(contents.get_data()) if contents is not None else ()
    return {_CODED.sub(lambda code: chr(int(code[1], 16)), f"/{name.decode('latin-1')}") for name in names}


def _remove_metadata(writer: PdfWriter) -> None:
    """Remove from all objects what they hold besides what they draw."""
    for resources_ in writer._objects:  # noqa: SLF001
        if not isinstance(resources_, DictionaryObject) or entry(resources_, "/Type") == "/Pages":
            continue
        for key in _METADATA_KEYS:
            if key in resources_ and not (key == "/Parent" and entry(resources_, "/Type") == "/Page"):
                del resources_[key]
        if isinstance(inner := entry(resources_, "/Resources"), DictionaryObject):
            for key in [key for key in inner if key not in _RESOURCES]:
                del inner[key]


def _clean_pictures(writer: PdfWriter) -> int:
    """Remove the metadata of pictures; return the number of pictures."""
    count = 0
    for resources_ in writer._objects:  # noqa: SLF001
        if isinstance(resources_, StreamObject) and entry(resources_, "/Subtype") == "/Image":
            count += 1
            filters = entry(resources_, "/Filter")
            if filters == "/DCTDecode" or filters == ArrayObject([NameObject("/DCTDecode")]):
                resources_._data = picture_cleaning.clean_jpeg(resources_._data) or resources_._data  # noqa: SLF001
    return count
