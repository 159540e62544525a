"""One file per format, and the table of them.

Every format module has `read(data, limits) -> Iterator[Block | Unread]`:
blocks in the order of the contract (body in reading order with tables row by row, then headers, footers, notes, text
boxes, comments, deletions, hidden parts, annotations, metadata, attachments), each as soon as it is known, so that what
was read before a limit is kept; an `Unread` for a part that could not be read; ReadError if nothing can be read at all.

A file inside a file is read by `read_member` with the limits its container was given.
"""

from __future__ import annotations

import functools
import importlib
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prescan.errors import ReadError
from prescan.formats.budget import Course, SharedLimits
from prescan.formats.naming import broken_promise
from prescan.formats.sniff import has_appended_zip, media_type, sniff
from prescan.types import PARAGRAPH_BREAK, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from prescan.types import Limits


class Format(NamedTuple):
    """A format: its media type, the module that reads it, and those that make other files of it (see `convert`).

    Modules are imported when first needed.
    """

    media_type: str
    module: str
    tasks: Mapping[str, str] = MappingProxyType({})
    """Task → module: "rewrite" (redacted), "search" (what must be gone), "mark" (with remarks), "pages" (images)."""
    again: str = ""
    """The format that LibreOffice saves a file in which could not be read (formats/rescue.py), or nothing."""
    key: str = ""
    """Its key in FORMATS."""


def _tasks(**modules: str) -> Mapping[str, str]:
    """Return the tasks of a format; what can be rewritten can be searched for what was left."""
    searched = {"search": "prescan.formats.search"} if "rewrite" in modules else {}
    return MappingProxyType({**modules, **searched})


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
    "doc": Format("application/msword", "prescan.formats.old.doc", again="docx"),
    "xls": Format("application/vnd.ms-excel", "prescan.formats.old.xls", again="xlsx"),
    "ppt": Format("application/vnd.ms-powerpoint", "prescan.formats.old.ppt", again="pptx"),
    "rtf": Format("application/rtf", "prescan.formats.old.rtf", again="docx"),
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
FORMATS: Final = {key: known._replace(key=key) for key, known in _TABLE.items()}


def identify(data: bytes, name: str) -> Format:
    """Return the format of `data` by its content; `name` only settles what content cannot.

    Raises ReadError: empty, encrypted, unsupported, corrupted.
    """
    if not data:
        raise ReadError("empty")
    found = FORMATS[sniff(data, name)]
    return found._replace(media_type=media_type(data)) if found.key == "image" else found


def read(
    data: bytes, found: Format, limits: Limits, name: str = "", course: Course | None = None
) -> Iterator[Block | Unread]:
    """Yield what the file says, block by block, and last what its `name` promises instead. Raises ReadError."""
    shared = SharedLimits.of(limits, course)
    reader = _module(found.module)
    yield from _rescued(reader, data, found, shared) if found.again else reader.read(data, shared)
    if said := broken_promise(name, found.key):
        yield Block("", Location("filename"), "", "wrong_extension", said)
    if has_appended_zip(data):
        yield Unread("", "unsupported", "文件末尾另接有一个压缩包，未读；请改后缀为 zip 解压后逐个扫描")


@functools.cache
def _module(name: str) -> ModuleType:
    """Return a module of the table, imported when first needed."""
    return importlib.import_module(name)


def _rescued(reader: ModuleType, data: bytes, found: Format, limits: SharedLimits) -> Iterator[Block | Unread]:
    """Yield what a file says, if need be by way of LibreOffice. Raises ReadError."""
    said = False
    try:
        for item in reader.read(data, limits):
            said = True
            yield item
    except ReadError as error:
        if said or error.code not in {"corrupted", "unsupported"}:
            raise
        rescue = importlib.import_module("prescan.formats.rescue")
        yield from rescue.read_again(data, found.again, limits, error)


def convert(
    task: str, data: bytes, found: Format, arguments: list[Any], limits: Limits
) -> tuple[dict[str, Any], bytes]:
    """Return what the format's module for `task` makes of a file, and what it says of it; both must fit JSON and bytes.

    Raises ReadError: unsupported if the format has no such module, or the module needs Pillow, which is not there.
    """
    if task not in found.tasks:
        raise ReadError("unsupported", "这种格式暂不支持此项处理，请另存为 docx、xlsx、pdf、html 或文本后再试")
    try:
        module = importlib.import_module(found.tasks[task])
    except ModuleNotFoundError as error:
        if error.name != "PIL":
            raise
        raise ReadError("unsupported", _NO_PILLOW) from None
    said, made = getattr(module, task)(data, arguments, SharedLimits.of(limits))
    return said, made


def read_member(path: str, data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what a file inside a file says; every place names `path`, and an Unread says what could not be read.

    `limits` are those of the container. Only MemoryError is raised: it ends the process, not the member.
    """
    held: Block | None = None
    try:
        inner = SharedLimits.of(limits).deeper()
        inner.take(len(data))
        for item in read(data, identify(data, path), inner, path):
            if isinstance(item, Unread):
                yield replace(item, name=_joined(path, item.name))
                continue
            if held:
                yield held
            member = _joined(path, item.location.member or "")
            held = replace(item, location=replace(item.location, member=member or None))
        failure = None
    except ReadError as error:
        failure = Unread(path, error.code, error.detail)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  a reader that fails on one member must not cost the others: it is said
        failure = Unread.of(path, "crashed")
    if held:  # what follows is another file, whatever a text ends with
        yield replace(held, sep=PARAGRAPH_BREAK)
    if failure:
        yield failure


def _joined(path: str, inner: str) -> str:
    """Return the path of what lies inside a member; a file that was merely compressed adds no name of its own."""
    return "/".join(part for part in (path, inner) if part)
