"""One file per format, and the table of them.

Every format module has `read(data, limits) -> Iterator[Block | Unread]`. It yields
- blocks in the order of the contract: body in reading order with tables row by row, then headers, footers, notes, text
  boxes, comments, deletions, hidden parts, annotations, metadata, attachments. Each block is yielded as soon as it is
  known, so that what was read before a limit is reached is kept;
- an `Unread` for each part that could not be read.
It raises ReadError if nothing can be read at all.

A file inside a file is read by `read_member`, with the limits of its container.
"""

from __future__ import annotations

import functools
import importlib
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prescan.errors import ReadError
from prescan.formats.budget import ReadOptions, SharedLimits
from prescan.formats.extensions import extension_mismatch
from prescan.formats.sniff import has_appended_zip, media_type, sniff
from prescan.formats.text import has_visible, utf8
from prescan.types import PARAGRAPH_BREAK, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from prescan.types import Limits


class Format(NamedTuple):
    """A format: its media type, the module that reads it, and the modules for other tasks (see `convert`).

    Modules are imported when first needed.
    """

    media_type: str
    module: str
    tasks: Mapping[str, str] = MappingProxyType({})
    """Task → module: "rewrite" (a redacted copy), "search" (for values that must be gone), "mark" (a copy with
    remarks), "pages" (images of pages)."""
    rescue_as: str = ""
    """The format in which LibreOffice saves a file that could not be read (formats/rescue.py); "" = no rescue."""
    key: str = ""
    """Its key in FORMATS."""


def _tasks(**modules: str) -> Mapping[str, str]:
    """Return the tasks of a format, with "search" added if it has "rewrite"."""
    search = {"search": "prescan.formats.search"} if "rewrite" in modules else {}
    return MappingProxyType({**modules, **search})


_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_NO_PILLOW: Final = "画出这种文件的页面要用 Pillow，请安装：pip install 'prescan[web]'"
_MACROS: Final = "application/vnd.ms-excel."

_TABLE: Final[dict[str, Format]] = {
    "text": Format("text/plain", "prescan.formats.text", _tasks(rewrite="prescan.formats.plain_rewrite")),
    "csv": Format("text/plain", "prescan.formats.separated", _tasks(rewrite="prescan.formats.plain_rewrite")),
    "html": Format("text/html", "prescan.formats.html", _tasks(rewrite="prescan.formats.html.rewrite")),
    "mhtml": Format("multipart/related", "prescan.formats.mhtml"),
    "msg": Format("application/vnd.ms-outlook", "prescan.formats.old.msg"),
    "mail": Format("message/rfc822", "prescan.formats.mail"),
    "docx": Format(
        f"{_OFFICE}wordprocessingml.document",
        "prescan.formats.docx",
        _tasks(rewrite="prescan.formats.docx.rewrite", mark="prescan.formats.docx.mark"),
    ),
    "xlsx": Format(
        f"{_OFFICE}spreadsheetml.sheet", "prescan.formats.xlsx", _tasks(rewrite="prescan.formats.xlsx.rewrite")
    ),
    "pptx": Format(f"{_OFFICE}presentationml.presentation", "prescan.formats.pptx"),
    "pdf": Format(
        "application/pdf",
        "prescan.formats.pdf",
        _tasks(
            rewrite="prescan.formats.pdf.rewrite", mark="prescan.formats.pdf.mark", pages="prescan.formats.pdf.images"
        ),
    ),
    "doc": Format("application/msword", "prescan.formats.old.doc", rescue_as="docx"),
    "xls": Format("application/vnd.ms-excel", "prescan.formats.old.xls", rescue_as="xlsx"),
    "ppt": Format("application/vnd.ms-powerpoint", "prescan.formats.old.ppt", rescue_as="pptx"),
    "rtf": Format("application/rtf", "prescan.formats.old.rtf", rescue_as="docx"),
    "odf": Format("application/vnd.oasis.opendocument", "prescan.formats.odf"),
    "ofd": Format("application/ofd", "prescan.formats.ofd", _tasks(pages="prescan.formats.ofd.images")),
    "flat": Format("application/xml", "prescan.formats.rescue"),
    "xlsb": Format(f"{_MACROS}sheet.binary.macroEnabled.12", "prescan.formats.rescue"),
    "image": Format("image/*", "prescan.formats.image", _tasks(pages="prescan.formats.image.pages")),
    "zip": Format("application/zip", "prescan.formats.archive"),
    "tar": Format("application/x-tar", "prescan.formats.archive"),
    "gz": Format("application/gzip", "prescan.formats.archive"),
    "bz2": Format("application/x-bzip2", "prescan.formats.archive"),
    "xz": Format("application/x-xz", "prescan.formats.archive"),
    "rar": Format("application/vnd.rar", "prescan.formats.archive"),
    "7z": Format("application/x-7z-compressed", "prescan.formats.archive"),
}
FORMATS: Final = {key: entry._replace(key=key) for key, entry in _TABLE.items()}


def identify(data: bytes, name: str) -> Format:
    """Return the format of `data` by its content; `name` is used only where the content leaves it open.

    Raises ReadError: empty, encrypted, unsupported, corrupted.
    """
    if not data:
        raise ReadError("empty")
    file_format = FORMATS[sniff(data, name)]
    return file_format._replace(media_type=media_type(data)) if file_format.key == "image" else file_format


def read(
    data: bytes, file_format: Format, limits: Limits, name: str = "", options: ReadOptions | None = None
) -> Iterator[Block | Unread]:
    """Yield the file's blocks, then one if the extension of `name` belongs to another format. Raises ReadError."""
    shared = SharedLimits.of(limits, options)
    reader = _module(file_format.module)
    yield from (
        _read_or_rescue(reader, data, file_format, shared) if file_format.rescue_as else reader.read(data, shared)
    )
    if mismatch := extension_mismatch(name, file_format.key):
        yield Block("", Location("filename"), "", "wrong_extension", mismatch)
    if has_appended_zip(data):
        yield Unread("", "unsupported", "文件末尾另接有一个压缩包，未读；请改后缀为 zip 解压后逐个扫描")


def is_plain_text(data: bytes, file_format: Format, name: str) -> bool:
    """Return whether `read` yields nothing of a file but the lines of its UTF-8 text (formats.text.lines).

    Such a file may be sent as it is, without blocks in between.
    """
    if file_format.key != "text" or extension_mismatch(name, "text") or has_appended_zip(data):
        return False
    text = utf8(data)
    return text is not None and has_visible(text)


@functools.cache
def _module(name: str) -> ModuleType:
    """Return a module of the table, imported when first needed."""
    return importlib.import_module(name)


def _read_or_rescue(
    reader: ModuleType, data: bytes, file_format: Format, limits: SharedLimits
) -> Iterator[Block | Unread]:
    """Yield the file's blocks; if it cannot be read, those of what LibreOffice makes of it. Raises ReadError."""
    yielded = False
    try:
        for item in reader.read(data, limits):
            yielded = True
            yield item
    except ReadError as error:
        if yielded or error.code not in {"corrupted", "unsupported"}:
            raise
        rescue = importlib.import_module("prescan.formats.rescue")
        yield from rescue.read_again(data, file_format.rescue_as, limits, error)


def convert(
    task: str, data: bytes, file_format: Format, arguments: list[Any], limits: Limits
) -> tuple[dict[str, Any], bytes]:
    """Run a task of the format on a file; return a description of the result, which fits JSON, and the result itself.

    Raises ReadError: unsupported if the format lacks the task, or the task needs Pillow and it is not installed.
    """
    if task not in file_format.tasks:
        raise ReadError("unsupported", "这种格式暂不支持此项处理，请另存为 docx、xlsx、pdf、html 或文本后再试")
    try:
        module = importlib.import_module(file_format.tasks[task])
    except ModuleNotFoundError as error:
        if error.name != "PIL":
            raise
        raise ReadError("unsupported", _NO_PILLOW) from None
    description, result = getattr(module, task)(data, arguments, SharedLimits.of(limits))
    return description, result


def read_member(path: str, data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of a file inside a file, with `path` in every location; whatever fails becomes an Unread.

    `limits` are those of the container. Only MemoryError is raised: it ends the process, not the member.
    """
    last: Block | None = None
    try:
        inner = SharedLimits.of(limits).deeper()
        inner.take(len(data))
        for item in read(data, identify(data, path), inner, path):
            if isinstance(item, Unread):
                yield replace(item, name=_joined(path, item.name))
                continue
            if last:
                yield last
            member = _joined(path, item.location.member or "")
            last = replace(item, location=replace(item.location, member=member or None))
        failure = None
    except ReadError as error:
        failure = Unread(path, error.code, error.detail)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  one broken member must not cost the others; it is reported
        failure = Unread.of(path, "crashed")
    if last:  # another file follows, so the paragraph ends here
        yield replace(last, sep=PARAGRAPH_BREAK)
    if failure:
        yield failure


def _joined(path: str, inner: str) -> str:
    """Return the path of `inner` inside `path`; either may be "" (a gz, say, adds no name of its own)."""
    return "/".join(part for part in (path, inner) if part)
