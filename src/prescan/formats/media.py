"""Pictures in office packages whose text is to be recognised: photographs of papers, screenshots, scans pasted in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from prescan.errors import ReadError
from prescan.formats.budget import SharedLimits
from prescan.types import Location, Picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prescan.formats.office_parts import Parts

_DRAWN: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".jp2")
#: Where packages keep them: Office, OFD.
_FOLDERS: Final = ("/media/", "/res/")
_NO_PAGES: Final[Mapping[str, int]] = {}
_WIDE, _HIGH = 60, 16
"""Pixels. A smaller picture is an icon or a rule."""


def pictures(parts: Parts, pages: Mapping[str, int] = _NO_PAGES, *, alone: bool) -> Iterator[Picture]:
    """Yield the pictures of a package, each once, if any are wanted; `pages` gives the page of some parts.

    `alone`: nothing else is written in the document, so they are its pages.
    """
    limits = SharedLimits.of(parts.limits)
    if not limits.wants_pictures:
        return
    from prescan.formats.image import opened, size_of  # noqa: PLC0415  few documents have any

    for name in parts.package.names:
        lower = f"/{name.lower()}"
        if not lower.endswith(_DRAWN) or not any(folder in lower for folder in _FOLDERS):
            continue
        content = parts.content(name)
        try:
            image = opened(content)
        except ReadError:
            continue  # no picture, whatever it is called
        if min(image.size) < _HIGH or max(image.size) < _WIDE or not limits.is_new_picture(content):
            continue
        kind: Literal["page", "inset"] = "page" if alone else "inset"
        held = content if limits.one_more_picture(kind) else b""
        place = Location("body" if alone else "image", pages.get(name))
        yield Picture("", place, image=held, kind=kind, size=size_of(image))
