"""Opening, decoding and measuring picture files; needs Pillow, which comes with the extras `ocr` and `web`."""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    ImageOps,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from prescan.errors import ReadError

#: The formats Pillow may read; its other readers are little used and little tested. Only these are loaded.
KINDS: Final = tuple(
    plugin.format
    for plugin in (
        PngImagePlugin.PngImageFile,
        JpegImagePlugin.JpegImageFile,
        GifImagePlugin.GifImageFile,
        TiffImagePlugin.TiffImageFile,
        BmpImagePlugin.BmpImageFile,
        WebPImagePlugin.WebPImageFile,
        Jpeg2KImagePlugin.Jpeg2KImageFile,
        IcoImagePlugin.IcoImageFile,
        AvifImagePlugin.AvifImageFile,
    )
)
_POINTS: Final = 72
#: Plausible resolutions of a scan; any other says nothing about the size on paper.
_DPI: Final = (96, 1_200)
_A4_LONG: Final = 842.0
_PIXELS_AT_MOST: Final = 120_000_000
_BROKEN: Final = "图片打不开（已损坏，或这种图片暂不支持），请人工阅看，或用看图软件另存为 png、jpg 后重扫"
_TOO_LARGE: Final = "图片的像素超过上限，没有识别；请缩小后重扫，或人工阅看"


def open_picture(data: bytes) -> Image.Image:
    """Open a picture without decoding it. Raises ReadError: no_text_layer, too_large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=KINDS)
    except Image.DecompressionBombError:
        raise ReadError("too_large", _TOO_LARGE) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError):
        raise ReadError("no_text_layer", _BROKEN) from None
    if image.width * image.height > _PIXELS_AT_MOST:
        raise ReadError("too_large", _TOO_LARGE)
    return image


def decode_picture(image: Image.Image) -> Image.Image:
    """Return an opened picture rotated upright, on white, in grey or RGB. Raises ReadError: no_text_layer."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upright = ImageOps.exif_transpose(image)
            if upright.mode in {"1", "L", "RGB"}:
                return upright.convert("L" if upright.mode == "1" else upright.mode)
            if upright.mode.startswith(("I", "F")):  # 16 bits a pixel, and more
                low, high = upright.getextrema()
                span = max(1.0, float(high) - float(low))  # type: ignore[arg-type]  # one band: two numbers
                return upright.convert("F").point(lambda value: (value - float(low)) * 255 / span).convert("L")  # type: ignore[arg-type]
            with_alpha = upright.convert("RGBA")
            background = Image.new("RGBA", with_alpha.size, "white")
            background.alpha_composite(with_alpha)
            return background.convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError):
        raise ReadError("no_text_layer", _BROKEN) from None


def size_of(image: Image.Image) -> tuple[float, float]:
    """Return the displayed width and height in points: by the stated resolution, else the longer side as that of A4."""
    width, height = image.size
    try:
        stated = [float(value) for value in image.info.get("dpi", (0, 0))]
        turned = image.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, ZeroDivisionError):
        stated, turned = [0.0], False
    dpi = stated[0] if _DPI[0] <= stated[0] <= _DPI[1] else max(width, height) * _POINTS / _A4_LONG
    size = width * _POINTS / dpi, height * _POINTS / dpi
    return (size[1], size[0]) if turned else size


def frame(image: Image.Image, number: int) -> bytes:
    """Return page `number` (from 1) of a picture file as a PNG; an unreadable byte if it cannot be decoded."""
    out = io.BytesIO()
    try:
        image.seek(number - 1)
        if image.width * image.height <= _PIXELS_AT_MOST:
            decode_picture(image).save(out, "PNG", compress_level=1)
    except (OSError, EOFError, ValueError, ReadError):
        return b"\0"  # becomes an Unread at recognition
    return out.getvalue() or b"\0"
