"""Recognises a picture: once as a whole, again where marks are, and without red where a seal may cover them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from prescan.formats.boxes import area, covered_share
from prescan.formats.ocr.lines import RecognisedLine, Sheet
from prescan.formats.ocr.rules import ruled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from prescan.formats.ocr.lines import Recogniser

    Pixels = NDArray[np.uint8]

_POINTS: Final = 72
_DPI: Final = 200
_HEAD_DPI: Final = 300
_SIDE_AT_MOST: Final = 2_800
#: 密级, 份号, 紧急程度 and the name of the office are in the upper third of the first page.
_HEAD: Final = 0.3
#: How much redder than other channels a pixel of a seal is, and how many make a seal.
_REDDER: Final = 48
_RED_PIXELS: Final = 400
_MARGIN: Final = 0.01
_SAME_PLACE: Final = 0.5
_SEEN_AGAIN: Final = 0.6
"""Minimum certainty of text that only the second pass finds."""
_SKEWED: Final = 0.15
_SKEW_AT_MOST: Final = 10.0
#: A page is sideways or upside down if most lines are upright boxes, or are read badly.
_MANY_LINES: Final = 4
_UNREADABLE: Final = 0.75
_BLANK: Final = 0.0003
_DARKER: Final = 40


def recognise_picture(
    image: Image.Image, size: tuple[float, float] | None, recogniser: Recogniser, *, head: bool
) -> Sheet:
    """Return the lines in a picture (upright, L or RGB). `head`: it is a first page, whose upper part matters most."""
    width, height = size or (float(image.width), float(image.height))
    whole = _scaled_pixels(image, _DPI / _POINTS * width / image.width)
    lines = recogniser(whole)
    turned = _turned(whole, lines, recogniser)
    if turned:
        image = image.rotate(turned, expand=True)
        whole = np.rot90(whole, turned // 90)
        lines = recogniser(whole)
        if turned != 180:
            width, height = height, width
    scale = width / whole.shape[1]
    lines = [line.moved(scale) for line in lines]
    if head:
        part = image.crop((0, 0, image.width, max(1, int(image.height * _HEAD))))
        closer = _scaled_pixels(part, _HEAD_DPI / _POINTS * width / image.width)
        lines = _merged(lines, _second_pass(closer, recogniser, width / closer.shape[1], 0.0))
    top = int(whole.shape[0] * _HEAD) if head else 0
    lines = _merged(lines, _under_seal(whole, top, recogniser, scale))
    angle = _angle(lines)
    box = (0.0, 0.0, width, height)
    held = [line for line in lines if covered_share(box, line.box) > _SAME_PLACE]
    if turned:  # people see the picture as it lies in the file
        back = [_turned_back(line, turned, width, height) for line in held]
        return Sheet(back, [], size or (width, height), 0.0, blank=False)
    return Sheet(held, ruled(whole, angle, scale), (width, height), angle, _is_blank(whole))


def _scaled_pixels(image: Image.Image, factor: float) -> Pixels:
    """Return the pixels of a picture, scaled, but not beyond what a recogniser can take."""
    factor = min(factor, _SIDE_AT_MOST / max(image.size))
    factor = min(factor, 1.0) if factor < 1.1 else min(factor, 2.0)
    if factor != 1.0:
        target = max(1, round(image.width * factor)), max(1, round(image.height * factor))
        image = image.resize(target, Image.Resampling.LANCZOS if factor < 1 else Image.Resampling.BICUBIC)
    return np.asarray(image.convert("RGB"))


def _second_pass(pixels: Pixels, recogniser: Recogniser, scale: float, top: float) -> list[RecognisedLine]:
    """Recognise a part of a picture as it is, and without red if it has any."""
    lines = [] if _red(pixels).sum() >= _RED_PIXELS else recogniser(pixels)
    if not lines:
        lines = recogniser(_without_red(pixels))
    return [line.moved(scale, 0.0, top) for line in lines]


def _under_seal(pixels: Pixels, top: int, recogniser: Recogniser, scale: float) -> list[RecognisedLine]:
    """Recognise without red where a seal is, from row `top` on."""
    rows = np.flatnonzero(_red(pixels[top:]).sum(axis=1))
    if len(rows) == 0 or _red(pixels[top:]).sum() < _RED_PIXELS:
        return []
    margin = int(pixels.shape[0] * _MARGIN)
    first, last = max(0, top + int(rows[0]) - margin), min(pixels.shape[0], top + int(rows[-1]) + 1 + margin)
    return [line.moved(scale, 0.0, first * scale) for line in recogniser(_without_red(pixels[first:last]))]


def _red(pixels: Pixels) -> NDArray[np.bool_]:
    red, green, blue = (pixels[:, :, band].astype(np.int16) for band in range(3))
    marked: NDArray[np.bool_] = red - np.maximum(green, blue) > _REDDER
    return marked


def _without_red(pixels: Pixels) -> Pixels:
    """Return the pixels with red turned white: black print stays, also under a seal."""
    grey: Pixels = np.repeat(pixels[:, :, :1], 3, axis=2)
    return grey


def _merged(lines: list[RecognisedLine], more: Iterable[RecognisedLine]) -> list[RecognisedLine]:
    """Replace lines by those of a second pass at the same place, if they are longer or more certain."""
    held = list(lines)
    for line in more:
        there = [one for one in held if _same_place(one, line)]
        if there:
            before = sum(one.score * len(one.text) for one in there)
            if line.score * len(line.text) >= before:
                held = [one for one in held if one not in there]
                held.append(line)
        elif line.score >= _SEEN_AGAIN:
            held.append(line)
    return held


def _same_place(one: RecognisedLine, other: RecognisedLine) -> bool:
    small, large = sorted((one.box, other.box), key=area)
    return covered_share(large, small) > _SAME_PLACE


def _angle(lines: list[RecognisedLine]) -> float:
    """Return the slope of the lines in degrees to the right; long ones count more."""
    found = []
    for line in lines:
        (left, top), (right, bottom) = line.corners[:2]
        length = math.hypot(right - left, bottom - top)
        if right - left > 3 * (line.corners[3][1] - top) > 0:
            found.append((math.degrees(math.atan2(bottom - top, right - left)), length))
    half, passed = sum(length for _, length in found) / 2, 0.0
    for angle, length in sorted(found):
        passed += length
        if passed >= half:
            return angle if _SKEWED <= abs(angle) <= _SKEW_AT_MOST else 0.0
    return 0.0


def _turned(pixels: Pixels, lines: list[RecognisedLine], recogniser: Recogniser) -> int:
    """Return the degrees to turn a picture to the left to make it upright; 0 if it is."""
    if len(lines) < _MANY_LINES:
        return 0
    upright = sum(line.box[3] - line.box[1] > 1.5 * (line.box[2] - line.box[0]) for line in lines if len(line.text) > 1)
    sideways = upright * 2 > len(lines)
    worth = _score(lines)
    if not sideways and sum(line.score for line in lines) / len(lines) >= _UNREADABLE:
        return 0
    small = pixels[::2, ::2]
    tried = {
        turn: _score(recogniser(np.ascontiguousarray(np.rot90(small, turn // 90))))
        for turn in ((90, 270) if sideways else (180,))
    }
    best = max(tried, key=lambda turn: tried[turn])
    return best if sideways or tried[best] > 1.2 * worth else 0


def _score(lines: list[RecognisedLine]) -> float:
    return sum(line.score**4 * len(line.text) for line in lines)


def _turned_back(line: RecognisedLine, turned: int, width: float, height: float) -> RecognisedLine:
    """Return a line with its corners in the picture before it was turned."""
    places = {
        90: lambda x, y: (height - y, x),
        180: lambda x, y: (width - x, height - y),
        270: lambda x, y: (y, width - x),
    }
    first, second, third, fourth = (places[turned](x, y) for x, y in line.corners)
    return line._replace(corners=(first, second, third, fourth))


def _is_blank(pixels: Pixels) -> bool:
    grey = pixels[:, :, 1].astype(np.int16)
    dark = np.abs(grey - np.median(grey)) > _DARKER
    return bool(dark.mean() < _BLANK)
