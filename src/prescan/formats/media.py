"""Pictures in office packages whose text is to be recognised: photographs of papers, screenshots, scans pasted in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from prescan.errors import ReadError
from prescan.formats.budget import SharedLimits
from prescan.formats.package import attribute, descendants
from prescan.types import Location, Picture

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from lxml import etree

    from prescan.formats.office_parts import Parts
    from prescan.formats.package import Package
    from prescan.formats.pdf.grid import Box
    from prescan.types import Block, Limits

_RASTER_EXTENSIONS: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".jp2")
#: Folders in which packages keep pictures: Office, OFD, OpenDocument.
_FOLDERS: Final = ("/media/", "/res/", "/pictures/")
#: How many pictures are searched for metadata, and how many bytes of each: metadata comes before the pixels.
_METADATA_AT_MOST: Final = 500
_METADATA_BYTES: Final = 1 << 17
_NO_PAGES: Final[Mapping[str, int]] = {}
_MIN_LONG_SIDE, _MIN_SHORT_SIDE = 60, 16
"""Pixels. A smaller picture is an icon or a line."""
_MIN_BYTES: Final = 2_000
_WORD_WIDTH, _LINE_HEIGHT = 40.0, 9.0
"""Points, for pictures whose box on the page is known."""
_VECTORS: Final = (".emf", ".wmf", ".svg", ".wdp")
_BEGINS: Final = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff[\xe0-\xef\xdb]")
#: First byte of a picture → how that kind ends, and how many bytes follow.
_ENDS: Final = {b"\x89": (b"IEND", 4), b"\xff": (b"\xff\xd9", 0)}
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
_PNG_WITH_ALPHA: Final = frozenset({4, 6})
"""Colour types of PNG with an alpha channel (ISO 15948, 11.2.2)."""
_UNDRAWN: Final = "文中有矢量图（emf、wmf、svg），其中的文字没有识别，请人工阅看，或另存为 pdf 后重扫"


def has_picture_parts(names: Collection[str]) -> bool:
    """Return whether one of the parts of a package lies in a folder of pictures."""
    return any(folder in f"/{name.lower()}" for name in names for folder in _FOLDERS)


def is_raster_picture(name: str) -> bool:
    """Return whether a part is a raster picture, by its extension."""
    return name.lower().endswith(_RASTER_EXTENSIONS)


def picture_metadata(package: Package) -> Iterator[Block]:
    """Yield the metadata of the pictures in a package, as far as it concerns people."""
    rasters = [name for name in package.names if is_raster_picture(name) and has_picture_parts((name,))][
        :_METADATA_AT_MOST
    ]
    if rasters:
        from prescan.formats.image.metadata import embedded_metadata  # noqa: PLC0415  few documents have any

        yield from embedded_metadata(package.packed(name).head(_METADATA_BYTES) for name in rasters)


def is_opaque(parts: Parts, part: str, picture: etree._Element) -> bool:
    """Return whether a `pic` element in a part shows an opaque picture; seals and signatures often are transparent."""
    blip = next(descendants(picture, "blip"), None)
    name = "" if blip is None else parts.targets(part).get(attribute(blip, "embed"), "")
    if (
        not is_raster_picture(name)
        or name not in parts.package
        or any(True for _ in descendants(picture, "alphaModFix"))
    ):
        return False
    return is_solid(parts.content(name))


def is_solid(data: bytes) -> bool:
    """Return whether a picture file has no alpha channel, judging by its header."""
    if data.startswith(_PNG_HEAD):
        return len(data) > 25 and data[25] not in _PNG_WITH_ALPHA and b"tRNS" not in data[: data.find(b"IDAT")]
    return data.startswith((b"\xff\xd8", b"BM"))  # JPEG and BMP have no alpha


def box_may_hold_text(box: Box) -> bool:
    """Return whether a box, in points, is large enough for a line of text."""
    sides = sorted((box[2] - box[0], box[3] - box[1]))
    return sides[0] >= _LINE_HEIGHT and sides[1] >= _WORD_WIDTH


def pictures(
    parts: Parts, pages: Mapping[str, int] = _NO_PAGES, *, without_text: bool, picture_pages: Collection[int] = ()
) -> Iterator[Picture]:
    """Yield the pictures of a package for recognition, each once, if any are wanted.

    `pages`: the page of some parts; `without_text`: the document holds no text, so its pictures are its pages;
    `picture_pages`: pages with nothing but pictures.
    """
    limits = SharedLimits.of(parts.limits)
    if not limits.wants_pictures:
        return
    for name in parts.package.names:
        lower, page = f"/{name.lower()}", pages.get(name)
        if not any(folder in lower for folder in _FOLDERS):
            continue
        if without_text and lower.endswith(_VECTORS):
            parts.note_unread("", ReadError("no_text_layer", _UNDRAWN))
        kind: Literal["page", "inset"] = "page" if without_text or page in picture_pages else "inset"
        content = parts.content(name) if is_raster_picture(name) else b""
        try:
            picture = picture_of(content, limits, page, kind, without_text=without_text) if content else None
        except ReadError as error:
            if kind == "page":
                parts.note_unread("", error)
            continue  # beside text, what cannot be opened is not taken for a picture
        if picture:
            yield picture


def picture_of(
    content: bytes, limits: SharedLimits, page: int | None, kind: Literal["page", "inset"], *, without_text: bool
) -> Picture | None:
    """Return a picture for recognition; None if none are wanted, it was met before, or it is too small for text.

    Its image is empty if the budget of pictures is spent. Raises ReadError if it cannot be opened.
    """
    if not limits.wants_pictures or not limits.is_new_picture(content):
        return None
    from prescan.formats.image.pixels import open_picture, size_of  # noqa: PLC0415  few documents have any

    image = open_picture(content)
    if min(image.size) < _MIN_SHORT_SIDE or max(image.size) < _MIN_LONG_SIDE:
        return None
    image_bytes = content if limits.take_picture(kind) else b""
    return Picture(
        "", Location("body" if without_text else "image", page), image=image_bytes, kind=kind, size=size_of(image)
    )


def pictures_of(contents: Iterable[bytes], limits: Limits, *, without_text: bool) -> Iterator[Picture]:
    """Yield the pictures among `contents` for recognition, each once, if any are wanted.

    `without_text`: the document holds no text, so its pictures are its pages.
    """
    shared = SharedLimits.of(limits)
    for content in contents if shared.wants_pictures else ():
        try:
            found = picture_of(content, shared, None, "page" if without_text else "inset", without_text=without_text)
        except ReadError:
            continue  # only looks like a picture
        if found:
            yield found


def carve_pictures(stream: bytes) -> Iterator[bytes]:
    """Yield the PNG and JPEG files in a stream, found by how they begin and end."""
    at = 0
    while found := _BEGINS.search(stream, at):
        end_mark, extra = _ENDS[found[0][:1]]
        end = stream.find(end_mark, found.end())
        at = len(stream) if end < 0 else end + len(end_mark) + extra
        yield stream[found.start() : at]


def may_show_text(content: bytes) -> bool:
    """Return whether `content` is a picture large enough for text; without Pillow, judge by its number of bytes."""
    try:
        from prescan.formats.image.pixels import open_picture  # noqa: PLC0415  few documents have any
    except ImportError:  # Pillow is optional
        return len(content) >= _MIN_BYTES
    try:
        image = open_picture(content)
    except ReadError:
        return False
    return min(image.size) >= _MIN_SHORT_SIDE and max(image.size) >= _MIN_LONG_SIDE
