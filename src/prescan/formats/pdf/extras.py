"""What a PDF holds besides its pages: annotations, form values, bookmarks, scripts, properties, attachments."""

from __future__ import annotations

import ctypes
import html
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pypdfium2 import raw

from prescan.formats.html.parts import is_telling, literals
from prescan.formats.image.metadata import embedded_metadata
from prescan.formats.pdf import undrawn
from prescan.formats.pdf import xmp as pdf_xmp
from prescan.formats.pdf.fallback import attached_file
from prescan.formats.pdf.forms import MOST_NOTES, Fields
from prescan.formats.pdf.strings import decode_string, pdfium_string
from prescan.formats.text import has_visible
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.pdf.residue import Objects
    from prescan.formats.pdf.revisions import TextIndex
    from prescan.types import Limits

_PROPERTIES: Final = (
    ("Title", "标题"),
    ("Author", "作者"),
    ("Subject", "主题"),
    ("Keywords", "关键词"),
    ("Company", "单位"),
    ("Manager", "经理"),
    ("Category", "类别"),
    ("Comments", "备注"),
    ("LastModifiedBy", "最后修改者"),
)
_MOST_BOOKMARKS: Final = 10_000
#: Annotations that show no text of their own, or whose text is read elsewhere.
_WITHOUT_TEXT: Final = frozenset(
    {
        *(raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_FILEATTACHMENT),
        *(raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE, raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_SQUIGGLY),
    }
)
_MOST_STAMPED: Final = 200
_EXIF: Final = b"Exif\0\0"
_RECORD: Final = 1 << 16
_RECORDS_AT_MOST: Final = 500
_FORM_VALUE: Final = re.compile(rb">([^<>]{1,4000})</")
#: A script that runs when something is opened or clicked, where the object is not compressed.
_SCRIPT: Final = re.compile(rb"/JS\s*(?:\(((?:[^()\\]|\\.)*+)\)|<([0-9A-Fa-f\s]*+)>)", re.DOTALL)


class _Attachment(NamedTuple):
    name: str
    data: bytes | None
    """None if it cannot be extracted."""
    too_large: bool = False


class Extras:
    """Collects what is outside the text of pages, page by page and then for the document."""

    def __init__(self, data: bytes, document: Any, objects: Objects, limits: Limits) -> None:  # noqa: ANN401
        """`document`: open in pdfium; `data`: its bytes; `objects`: the objects in them."""
        self._data = data
        self._document = document
        self.limits = limits
        self._objects = objects
        self._notes: list[Block] = []
        self._fields = Fields()
        self._with_fields: list[int] = []
        self._attached: dict[_Attachment, None] = {}
        self.with_appearance: list[int] = []
        """Pages with annotations that may show text of their own: stamps, watermarks, boxes."""

    @property
    def has_outline(self) -> bool:
        """Whether the document has bookmarks."""
        return bool(raw.FPDFBookmark_GetFirstChild(self._document, None))

    @property
    def has_attachments(self) -> bool:
        """Whether anything is attached, to the document or to a page read so far."""
        return bool(self._attached) or raw.FPDFDoc_GetAttachmentCount(self._document) > 0

    @property
    def has_residue(self) -> bool:
        """Whether stamps, forms or strings may hold texts that nothing else reports."""
        return bool(self.with_appearance) or self._objects.has_more

    def take_page(self, page: Any, number: int) -> None:  # noqa: ANN401
        """Collect the annotations of a page, and note whether it has form fields."""
        for index in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_NOTES)):
            annotation = raw.FPDFPage_GetAnnot(page, index)
            if not annotation:
                continue
            try:
                self._add_annotation(annotation, number)
            finally:
                raw.FPDFPage_CloseAnnot(annotation)

    def page_blocks(self) -> Iterator[Block]:
        """Yield form values and annotations."""
        if self._with_fields:
            self._fields.read(self._data, self._with_fields)
        yield from self._fields.values
        yield from self._notes

    def document_blocks(self, reported: TextIndex | None) -> Iterator[Block | Unread]:
        """Yield names of fields, scripts, bookmarks that are not in the text, properties, attachments."""
        for name in self._fields.names:
            yield _hidden(name, "表单域的名称或提示")
        yield from self._script_blocks()
        if reported:
            for title in self._bookmarks():
                if not reported.contains(title):
                    reported.add(title)
                    yield Block(title, Location("metadata"), hidden="metadata", note="书签")
        yield from self._metadata()
        for index in range(raw.FPDFDoc_GetAttachmentCount(self._document)):
            self._add_attachment(raw.FPDFDoc_GetAttachment(self._document, index))
        for attached in self._attached:
            yield from self._attachment(attached)
        known = {(attached.data or b"").rstrip() for attached in self._attached}
        for number, content in enumerate(self._objects.files(self.limits.expanded_mb << 20), 1):
            if content.rstrip() not in known:  # a line end may come before `endstream`
                known.add(content.rstrip())
                yield from self._attachment(_Attachment(f"未列出的附件{number}", content))

    def residue(self, reported: TextIndex) -> Iterator[Block]:
        """Yield texts of XFA forms and strings that were not reported. Call it after everything else was reported."""
        for part in self._objects.form(self.limits.expanded_mb << 20):
            for found in _FORM_VALUE.finditer(part):
                text = html.unescape(found[1].decode("utf-8", "replace")).strip()
                if has_visible(text) and not reported.contains(text):
                    reported.add(text)
                    yield Block(text, Location("form"), note="表单（XFA）中的数据")
        for text, where in self._objects.strings():
            if not reported.contains(text):
                reported.add(text)
                yield _hidden(text, where)

    def stamps(self, reported: TextIndex) -> Iterator[Block]:
        """Yield the texts that annotations show. Draws them into their pages, so call it last."""
        for number in self.with_appearance[:_MOST_STAMPED]:
            page = self._document[number - 1]
            places = [
                place
                for index in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_NOTES))
                if (place := _box(page, index))
            ]
            flat = raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
            page.close()
            if not flat:
                continue
            page = self._document[number - 1]
            text_page = page.get_textpage()
            for place in places:
                text = text_page.get_text_bounded(*place).replace("\r\n", "\n").strip()
                if has_visible(text) and not reported.contains(text):
                    reported.add(text)
                    yield Block(
                        text,
                        Location("annotation", number),
                        hidden="annotation",
                        note=f"第 {number} 页的图章或注释中的文字",
                    )
            text_page.close()
            page.close()

    def undrawn(self, reported: TextIndex) -> Iterator[Block]:
        """Yield texts of drawings that were not reported. Call it after `stamps`, which are drawings too."""
        if any(self._objects.unlisted):
            for text, where in undrawn.hidden_texts(self._data, self._objects.unlisted, reported):
                yield _hidden(text, where)

    def _add_annotation(self, annotation: Any, number: int) -> None:  # noqa: ANN401
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind == raw.FPDF_ANNOT_WIDGET:
            if number not in self._with_fields[-1:]:
                self._with_fields.append(number)
            return
        if kind == raw.FPDF_ANNOT_FILEATTACHMENT:
            self._add_attachment(raw.FPDFAnnot_GetFileAttachment(annotation))
        if kind not in _WITHOUT_TEXT and number not in self.with_appearance:
            self.with_appearance.append(number)
        text = pdfium_string(lambda *to: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", *to))
        if has_visible(text):
            self._notes.append(
                Block(text, Location("annotation", number), hidden="annotation", note=f"第 {number} 页的注释")
            )

    def _add_attachment(self, attachment: Any) -> None:  # noqa: ANN401
        """Extract an attached file."""
        if not attachment:
            return
        name = pdfium_string(lambda *to: raw.FPDFAttachment_GetName(attachment, *to))
        size = ctypes.c_ulong()
        if not raw.FPDFAttachment_GetFile(attachment, None, 0, size):
            self._attached[_Attachment(name, attached_file(self._data, name))] = None
        elif size.value > self.limits.expanded_mb << 20:
            self._attached[_Attachment(name, None, too_large=True)] = None
        else:
            buffer = ctypes.create_string_buffer(size.value)
            raw.FPDFAttachment_GetFile(attachment, buffer, size.value, size)
            self._attached[_Attachment(name, buffer.raw)] = None

    def _attachment(self, attached: _Attachment) -> Iterator[Block | Unread]:
        """Yield a block with the name of an attached file, then its own blocks."""
        from prescan.formats import read_member  # noqa: PLC0415 (imports the readers, this one among them)

        kind = PurePath(attached.name).suffix.lstrip(".").lower() or "未知类型"
        yield Block(attached.name, Location("attachment"), hidden="attachment", note=f"附件：{kind}")
        if attached.data is None:
            yield Unread.of(attached.name, "archive_limit" if attached.too_large else "corrupted")
        else:
            yield from read_member(attached.name, attached.data, self.limits)

    def _bookmarks(self) -> Iterator[str]:
        """Yield the titles of the outline, which may be cyclic in a hostile file."""
        seen: set[int] = set()
        open_ends = [raw.FPDFBookmark_GetFirstChild(self._document, None)]
        while open_ends and len(seen) < _MOST_BOOKMARKS:
            bookmark = open_ends.pop()
            if not bookmark or ctypes.addressof(bookmark.contents) in seen:
                continue
            seen.add(ctypes.addressof(bookmark.contents))
            title = pdfium_string(lambda *to, held=bookmark: raw.FPDFBookmark_GetTitle(held, *to), ctypes.c_void_p)
            if has_visible(title):
                yield title
            open_ends.append(raw.FPDFBookmark_GetNextSibling(self._document, bookmark))
            open_ends.append(raw.FPDFBookmark_GetFirstChild(self._document, bookmark))

    def _script_blocks(self) -> Iterator[Block]:
        """Yield the string literals of scripts that a reader should see."""
        scripts = dict(self._fields.scripts)
        for index in range(max(raw.FPDFDoc_GetJavaScriptActionCount(self._document), 0)):
            action = raw.FPDFDoc_GetJavaScriptAction(self._document, index)
            if action:
                script = pdfium_string(lambda *to, held=action: raw.FPDFJavaScriptAction_GetScript(held, *to))
                scripts[script] = None
                raw.FPDFDoc_CloseJavaScriptAction(action)
        scripts.update((decode_string(*found.groups()), None) for found in _SCRIPT.finditer(self._data))
        scripts.update(dict.fromkeys(self._objects.scripts(self.limits.expanded_mb << 20)))
        texts = dict.fromkeys(text for script in scripts for text in literals(script) if is_telling(text))
        for text in texts:
            yield _hidden(text, "脚本中的文字")

    def _metadata(self) -> Iterator[Block]:
        """Yield the document's properties, those in XMP if they differ, and the metadata of photographs."""
        texts: dict[str, None] = {}
        for key, label in _PROPERTIES:
            value = pdfium_string(lambda *to, held=key: raw.FPDF_GetMetaText(self._document, held.encode(), *to))
            if pdf_xmp.is_property(value):
                texts[value.strip()] = None
                yield pdf_xmp.block(label, value)
        yield from pdf_xmp.blocks(self._data, texts)
        yield from embedded_metadata(self._data[at : at + _RECORD] for at in _records(self._data))


def _records(data: bytes) -> Iterator[int]:
    """Yield the offsets of EXIF blocks in photographs that are embedded as cameras made them."""
    at = data.find(_EXIF)
    for _ in range(_RECORDS_AT_MOST):
        if at < 0:
            return
        yield at
        at = data.find(_EXIF, at + 1)


def _box(page: Any, index: int) -> tuple[float, float, float, float] | None:  # noqa: ANN401
    """Return left, bottom, right, top of an annotation that may show text of its own, None for any other."""
    annotation, box = raw.FPDFPage_GetAnnot(page, index), raw.FS_RECTF()
    if not annotation:
        return None
    try:
        if raw.FPDFAnnot_GetSubtype(annotation) in {*_WITHOUT_TEXT, raw.FPDF_ANNOT_WIDGET}:
            return None
        return (box.left, box.bottom, box.right, box.top) if raw.FPDFAnnot_GetRect(annotation, box) else None
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _hidden(text: str, note: str) -> Block:
    return Block(text, Location("hidden"), hidden="hidden_text", note=note)
