"""Straight lines in a picture: borders of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from prescan.formats.pdf.grid import Box

#: In points. Shorter ones are strokes of characters.
_LONG: Final = 60.0
_HIGH: Final = 24.0
_THICK: Final = 4.0
_RULES_AT_MOST: Final = 2_000
_ANGLE: Final = 0.05


def ruled(shown: Any, angle: float, scale: float) -> list[Box]:  # noqa: ANN401  an array of RGB pixels
    """Return horizontal and vertical lines in points (`scale` per pixel), after turning the picture by `angle`°."""
    try:
        import cv2  # noqa: PLC0415  comes with the recogniser
    except ImportError:
        return []
    grey = cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY)
    if abs(angle) > _ANGLE:
        height, width = grey.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        grey = cv2.warpAffine(grey, turn, (width, height), borderValue=255)
    dark = cv2.adaptiveThreshold(cv2.bitwise_not(grey), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 25, -12)
    found: list[Box] = []
    for level, length in ((True, _LONG), (False, _HIGH)):
        pixels = max(3, int(length / scale))
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (pixels, 1) if level else (1, pixels))
        kept = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
        kept = cv2.dilate(kept, cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3)))
        shapes, _ = cv2.findContours(kept, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for shape in shapes[:_RULES_AT_MOST]:
            x, y, width, height = (side * scale for side in cv2.boundingRect(shape))
            if level and height <= _THICK:
                found.append((x, y + height / 2 - 0.5, x + width, y + height / 2 + 0.5))
            elif not level and width <= _THICK:
                found.append((x + width / 2 - 0.5, y, x + width / 2 + 0.5, y + height))
    return found
