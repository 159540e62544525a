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

_DRAWN: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".jp2")
#: Where packages keep them: Office, OFD, OpenDocument.
_FOLDERS: Final = ("/media/", "/res/", "/pictures/")
#: Pictures that are looked at for what was recorded with them, and how far: it stands in front of the picture.
_RECORDED_AT_MOST: Final = 500
_RECORD: Final = 1 << 17
_NO_PAGES: Final[Mapping[str, int]] = {}
_WIDE, _HIGH = 60, 16
"""Pixels. A smaller picture is an icon or a rule."""
_BYTES: Final = 2_000
_WORD, _LINE = 40.0, 9.0
"""Points, for pictures whose place on the page is known."""
_VECTORS: Final = (".emf", ".wmf", ".svg", ".wdp")
_BEGINS: Final = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff[\xe0-\xef\xdb]")
#: How each kind ends, by its first byte, and how many bytes follow.
_ENDS: Final = {b"\x89": (b"IEND", 4), b"\xff": (b"\xff\xd9", 0)}
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
_PNG_CLEAR: Final = frozenset({4, 6})
"""Colour types of PNG with an alpha channel (ISO 15948, 11.2.2)."""
_UNDRAWN: Final = "文中有矢量图（emf、wmf、svg），其中的文字没有识别，请人工阅看，或另存为 pdf 后重扫"


def holds_pictures(names: Collection[str]) -> bool:
    """Tell whether one of the parts of a package lies where pictures do."""
    return any(folder in f"/{name.lower()}" for name in names for folder in _FOLDERS)


def is_drawn(name: str) -> bool:
    """Tell whether a part is a picture of pixels, by its name."""
    return name.lower().endswith(_DRAWN)


def recorded_in(package: Package) -> Iterator[Block]:
    """Yield what was recorded with the pictures of a package and concerns people."""
    drawn_ones = [name for name in package.names if is_drawn(name)][:_RECORDED_AT_MOST]
    if drawn_ones:
        from prescan.formats.image.recorded import recorded_inside  # noqa: PLC0415  few documents have any

        yield from recorded_inside(package.packed(name).beginning(_RECORD) for name in drawn_ones)


def is_opaque(parts: Parts, part: str, picture: etree._Element) -> bool:
    """Tell whether nothing is seen through a picture that stands in a part; seals and signatures often are clear."""
    blip = next(descendants(picture, "blip"), None)
    name = "" if blip is None else parts.targets(part).get(attribute(blip, "embed"), "")
    if not is_drawn(name) or name not in parts.package or any(True for _ in descendants(picture, "alphaModFix")):
        return False
    return is_solid(parts.content(name))


def is_solid(data: bytes) -> bool:
    """Tell whether nothing is seen through the picture in a file, as far as its head tells."""
    if data.startswith(_PNG_HEAD):
        return len(data) > 25 and data[25] not in _PNG_CLEAR and b"tRNS" not in data[: data.find(b"IDAT")]
    return data.startswith((b"\xff\xd8", b"BM"))  # JPEG and BMP know no alpha


def may_hold_text(box: Box) -> bool:
    """Tell whether a line of text may stand in a box; sizes in points."""
    sides = sorted((box[2] - box[0], box[3] - box[1]))
    return sides[0] >= _LINE and sides[1] >= _WORD


def pictures(
    parts: Parts, pages: Mapping[str, int] = _NO_PAGES, *, alone: bool, whole: Collection[int] = ()
) -> Iterator[Picture]:
    """Yield the pictures of a package, each once, if any are wanted; `pages` gives the page of some parts.

    `alone`: nothing else is written in the document, so they are its pages; `whole`: pages of nothing but pictures.
    """
    limits = SharedLimits.of(parts.limits)
    if not limits.wants_pictures:
        return
    for name in parts.package.names:
        lower, page = f"/{name.lower()}", pages.get(name)
        if not any(folder in lower for folder in _FOLDERS):
            continue
        if alone and lower.endswith(_VECTORS):
            parts.miss("", ReadError("no_text_layer", _UNDRAWN))
        kind: Literal["page", "inset"] = "page" if alone or page in whole else "inset"
        content = parts.content(name) if is_drawn(name) else b""
        try:
            picture = drawn(content, limits, page, kind, alone=alone) if content else None
        except ReadError as error:
            if kind == "page":
                parts.miss("", error)
            continue  # elsewhere what cannot be opened is no picture, whatever it is called
        if picture:
            yield picture


def drawn(
    content: bytes, limits: SharedLimits, page: int | None, kind: Literal["page", "inset"], *, alone: bool
) -> Picture | None:
    """Return a picture in a document; None if pictures are not wanted, or it was seen before, or is too small for text.

    Raises ReadError if it cannot be opened.
    """
    if not limits.wants_pictures or not limits.is_new_picture(content):
        return None
    from prescan.formats.image.pixels import opened, size_of  # noqa: PLC0415  few documents have any

    image = opened(content)
    if min(image.size) < _HIGH or max(image.size) < _WIDE:
        return None
    held = content if limits.one_more_picture(kind) else b""
    return Picture("", Location("body" if alone else "image", page), image=held, kind=kind, size=size_of(image))


def pasted(contents: Iterable[bytes], limits: Limits, *, alone: bool) -> Iterator[Picture]:
    """Yield the pictures among files that lie in an old document, each once, if any are wanted.

    `alone`: nothing is written in the document, so they are its pages.
    """
    shared = SharedLimits.of(limits)
    for content in contents if shared.wants_pictures else ():
        try:
            found = drawn(content, shared, None, "page" if alone else "inset", alone=alone)
        except ReadError:
            continue  # bytes that only begin like a picture
        if found:
            yield found


def carved(stream: bytes) -> Iterator[bytes]:
    """Yield the PNG and JPEG files that lie in a stream one after the other, found by how they begin and end."""
    at = 0
    while found := _BEGINS.search(stream, at):
        end_mark, extra = _ENDS[found[0][:1]]
        end = stream.find(end_mark, found.end())
        at = len(stream) if end < 0 else end + len(end_mark) + extra
        yield stream[found.start() : at]


def may_hold_words(content: bytes) -> bool:
    """Tell whether bytes are a picture that is large enough for text; by their number where nothing can open it."""
    try:
        from prescan.formats.image.pixels import opened  # noqa: PLC0415  few documents have any
    except ImportError:  # Pillow comes with the extras
        return len(content) >= _BYTES
    try:
        image = opened(content)
    except ReadError:
        return False
    return min(image.size) >= _HIGH and max(image.size) >= _WIDE
