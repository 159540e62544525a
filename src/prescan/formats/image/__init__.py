"""Picture files (png, jpeg, tiff, bmp, webp …): what was recorded with them, and the picture for text to be recognised.

Only the head of a picture is parsed here; what it shows is decoded where text is recognised, under limits of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.errors import ReadError
from prescan.formats.budget import SharedLimits
from prescan.formats.image.recorded import recorded
from prescan.types import Location, Picture, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

    from prescan.types import Block, Limits


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what was recorded with a picture and the picture of each page. Raises ReadError: no_text_layer."""
    shared = SharedLimits.of(limits)
    told = list(recorded(data))
    yield from told
    try:
        image = _opened(data, wanted=shared.wants_pictures)
    except ReadError as error:
        if not told:
            raise
        yield Unread("", error.code, error.detail)
        return
    from prescan.formats.image import pixels  # noqa: PLC0415  as below

    count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    for number in range(1, min(count, limits.pages) + 1):
        drawn = shared.one_more_picture("page")
        held = (data if count == 1 else pixels.frame(image, number)) if drawn else b""
        yield Picture("", Location(page=number), image=held, size=pixels.size_of(image))
    if count > limits.pages:
        rest = f"第 {limits.pages + 1}—{count} 页"
        yield Unread.of("", "archive_limit", f"页数超过上限，{rest}没有读；请拆分后重扫")


def _opened(data: bytes, *, wanted: bool) -> Image.Image:
    """Open a picture whose text is wanted. Raises ReadError, also where it is not wanted."""
    if not wanted:
        raise ReadError("no_text_layer")
    from prescan.formats.image import pixels  # noqa: PLC0415  Pillow is there where text is recognised

    return pixels.opened(data)
