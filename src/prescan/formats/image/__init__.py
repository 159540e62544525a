"""Picture files (png, jpeg, tiff, bmp, webp …): their metadata, and the picture itself for text recognition.

Only the header of a picture is parsed here; it is decoded where text is recognised, under limits of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.errors import ReadError
from prescan.formats.budget import SharedLimits
from prescan.formats.image.metadata import picture_metadata
from prescan.types import Location, Picture, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

    from prescan.types import Block, Limits


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the metadata of a picture file, then a Picture for each page. Raises ReadError: no_text_layer."""
    shared = SharedLimits.of(limits)
    metadata = list(picture_metadata(data))
    yield from metadata
    try:
        image = _open(data, wanted=shared.wants_pictures)
    except ReadError as error:
        if not metadata:
            raise
        yield Unread("", error.code, error.detail)
        return
    from prescan.formats.image import pixels  # noqa: PLC0415  as below

    count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    for number in range(1, min(count, limits.pages) + 1):
        within_budget = shared.take_picture("page")
        content = (data if count == 1 else pixels.frame(image, number)) if within_budget else b""
        yield Picture("", Location(page=number), image=content, size=pixels.size_of(image))
    if count > limits.pages:
        rest = f"第 {limits.pages + 1}—{count} 页"
        yield Unread.of("", "archive_limit", f"页数超过上限，{rest}没有读；请拆分后重扫")


def _open(data: bytes, *, wanted: bool) -> Image.Image:
    """Open a picture whose text is wanted. Raises ReadError, also if it is not wanted."""
    if not wanted:
        raise ReadError("no_text_layer")
    from prescan.formats.image import pixels  # noqa: PLC0415  Pillow is there where text is recognised

    return pixels.open_picture(data)
