"""What a PDF holds beside its pages: notes, form values, properties, attachments; and the way round PDFium."""

from __future__ import annotations

import ctypes
import io
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from pypdfium2 import raw

from prescan.errors import ReadError
from prescan.formats.text import has_visible
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
#: What programs write when nobody said anything.
_DEFAULTS: Final = frozenset(
    {"untitled", "anonymous", "(anonymous)", "unspecified", "(unspecified)", "python-docx", "无标题", "未命名"}
)
_FILLED_IN: Final = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_CLOSING_ZERO: Final = 2
_MOST_NOTES: Final = 10_000
_LINE: Final = re.compile(r"\r\n?|\n")


class Extras:
    """Gathers what hides beside the pages while they are read."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 (pypdfium2 has no types)
        """Take an open pdfium document whose forms were initialised if it has any."""
        self._document = document
        self._notes: list[Block] = []
        self._fields: list[Block] = []
        self._attached: list[str] = []
        self._values: set[tuple[str, str]] = set()

    def take_page(self, page: Any, number: int) -> None:  # noqa: ANN401
        """Take in the annotations and form fields of a page."""
        for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
            note = raw.FPDFPage_GetAnnot(page, index)
            if not note:
                continue
            try:
                self._take(note, number)
            finally:
                raw.FPDFPage_CloseAnnot(note)

    def blocks(self) -> Iterator[Block]:
        """Yield form values, notes, properties and attachments."""
        yield from self._fields
        yield from self._notes
        yield from self._metadata()
        for index in range(raw.FPDFDoc_GetAttachmentCount(self._document)):
            attachment = raw.FPDFDoc_GetAttachment(self._document, index)
            self._attached.append(_string(lambda *to, held=attachment: raw.FPDFAttachment_GetName(held, *to)))
        for name in dict.fromkeys(self._attached):
            yield _attachment(name)

    def _take(self, note: Any, number: int) -> None:  # noqa: ANN401
        kind = raw.FPDFAnnot_GetSubtype(note)
        if kind == raw.FPDF_ANNOT_WIDGET:
            self._field(note, number)
            return
        if kind == raw.FPDF_ANNOT_FILEATTACHMENT:
            attachment = raw.FPDFAnnot_GetFileAttachment(note)
            if attachment:
                self._attached.append(_string(lambda *to: raw.FPDFAttachment_GetName(attachment, *to)))
        text = _string(lambda *to: raw.FPDFAnnot_GetStringValue(note, b"Contents", *to))
        if has_visible(text):
            self._notes.append(_note(text, number))

    def _field(self, note: Any, number: int) -> None:  # noqa: ANN401
        """Take in what was filled in; a field shown in several places counts once."""
        form = self._document.formenv
        if form is None or raw.FPDFAnnot_GetFormFieldType(form, note) not in _FILLED_IN:
            return
        value = _string(lambda *to: raw.FPDFAnnot_GetFormFieldValue(form, note, *to))
        name = _string(lambda *to: raw.FPDFAnnot_GetFormFieldName(form, note, *to))
        if has_visible(value) and (name, value) not in self._values:
            self._values.add((name, value))
            self._fields.append(Block(value, Location("form", number)))

    def _metadata(self) -> Iterator[Block]:
        for key, label in _PROPERTIES:
            value = _string(lambda *to, held=key: raw.FPDF_GetMetaText(self._document, held.encode(), *to))
            if has_visible(value) and value.strip().lower() not in _DEFAULTS:
                yield Block(f"{label}：{value}", Location("metadata"), hidden="metadata", note="文件属性")


def fallback(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Read with pypdf what PDFium takes for damaged, page by page. Raises ReadError if there is nothing to read."""
    import pypdf  # noqa: PLC0415 (slow to import and seldom needed)
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    # pypdf meets broken structures with whatever the missing piece raises.
    broken = (PyPdfError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, OSError)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("encrypted")
        pages = min(len(reader.pages), limits.pages)
    except broken as error:
        raise ReadError("corrupted") from error
    paragraph = 0
    for number in range(1, pages + 1):
        try:
            text = reader.pages[number - 1].extract_text()
        except broken:
            continue
        for line in filter(has_visible, _LINE.split(text)):
            paragraph += 1
            yield Block(line, Location("body", number, paragraph))
    if not paragraph:
        raise ReadError("corrupted")
    yield Unread.of("", "corrupted", "文件已损坏，只读出一部分，可能不全；请用原软件打开并另存后重扫")


def _note(text: str, number: int) -> Block:
    return Block(text, Location("annotation", number), hidden="annotation", note=f"第 {number} 页的注释")


def _attachment(name: str) -> Block:
    kind = PurePath(name).suffix.lstrip(".").lower() or "未知类型"
    return Block(name, Location("attachment"), hidden="attachment", note=f"附件：{kind}")


def _string(call: Callable[..., int]) -> str:
    """Return a string of PDFium's: it tells the length in bytes first, then fills a buffer with UTF-16."""
    size = call(None, 0)
    if size <= _CLOSING_ZERO:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return _repaired(buffer.raw[: size - _CLOSING_ZERO].decode("utf-16-le", "replace"))


def _repaired(text: str) -> str:
    """Decode UTF-16 that PDFium handed on byte by byte, as it does with some file names."""
    if not text.startswith("\xfe\xff"):
        return text
    return text.encode("latin-1", "replace").decode("utf-16", "replace")
