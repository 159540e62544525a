"""Pictures of pages for tests, and what a recogniser would see in them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw

from prescan.formats.ocr.lines import RecognisedLine

if TYPE_CHECKING:
    import numpy as np


def sheet(colour: str = "black", size: tuple[int, int] = (595, 842)) -> Image.Image:
    """Return a page with something on it that is no text."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((100, 100, 300, 160), fill=colour)
    return image


def png(image: Image.Image, **told: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **told)
    return out.getvalue()


def seen(  # noqa: PLR0913  a line of text has so many
    text: str, x: float, y: float, *, score: float = 0.99, size: float = 12.0, skew: float = 0.0
) -> RecognisedLine:
    """Return a line whose top left stands at x, y; `skew` is how much it falls a pixel."""
    width = size * sum(0.55 if character.isascii() else 1.0 for character in text)
    drop = width * skew
    return RecognisedLine(text, score, ((x, y), (x + width, y + drop), (x + width, y + drop + size), (x, y + size)))


class Told:
    """A recogniser that says what it was told to say and keeps what it was shown."""

    def __init__(self, *answers: list[RecognisedLine], width: float = 595.0) -> None:
        """Give the answers in order, the last one again and again, in points of a picture `width` points wide."""
        self.answers = list(answers)
        self.width = width
        self.shown: list[np.ndarray] = []

    def __call__(self, shown: np.ndarray) -> list[RecognisedLine]:
        self.shown.append(shown)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [line.moved(shown.shape[1] / self.width) for line in answer]
