"""Scans for tests, and a reader of pictures that says what it was told to say."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw

from prescan.errors import ReadError
from prescan.scanner.wire import block_runs
from prescan.types import Block, Location

if TYPE_CHECKING:
    from prescan.scanner import Scanner
    from prescan.types import Picture, ScanResult


def sheet(colour: str = "black") -> Image.Image:
    """Return a page with something on it that is no text."""
    image = Image.new("RGB", (595, 842), "white")
    ImageDraw.Draw(image).rectangle((100, 100, 300, 160), fill=colour)
    return image


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def scan_pdf(count: int) -> bytes:
    """Return a pdf of so many pages that are pictures, each another one."""
    images = [sheet(f"#{number * 9 + 9:02x}0000") for number in range(count)]
    out = io.BytesIO()
    images[0].save(out, "PDF", resolution=72, save_all=True, append_images=images[1:])
    return out.getvalue()


def pictured(scanner: Scanner) -> Scanner:
    """Let a scanner ask for pictures though nothing that recognises is installed, or it is switched off."""
    scanner._pictures = scanner.settings.limits.ocr_pages
    return scanner


def texts(result: ScanResult) -> list[str]:
    return [block.text for block in result.document.blocks if not block.hidden and block.text]


class Reading:
    """What `scanner.reader.Child` does, as told: the lines of each picture, or what befalls it."""

    def __init__(
        self, answers: list[list[str] | ReadError], *, certainty: float = 0.99, blank: list[bool] | None = None
    ) -> None:
        """`answers` are given in order, the last one again and again."""
        self.answers = list(answers)
        self.certainty = certainty
        self.blank = blank or [False] * len(answers)
        self.pictures: list[Picture] = []
        self.counts: list[dict[str, Any]] = []

    def read(self, picture: Picture, count: dict[str, Any], layer: str) -> dict[str, Any]:  # noqa: ARG002
        at = min(len(self.pictures), len(self.answers) - 1)
        self.pictures.append(picture)
        self.counts.append(count)
        answer = self.answers[at]
        if isinstance(answer, ReadError):
            raise answer
        place = dataclasses.replace(picture.location, bbox=(72.0, 72.0, 300.0, 90.0))
        place = place if picture.kind == "page" else Location("image", place.page, member=place.member)
        blocks = [Block(text, place, certainty=self.certainty) for text in answer]
        poor = self.certainty < 0.6
        told = {"certainty": self.certainty, "blank": self.blank[at], "poor": poor}
        return {
            "blocks": block_runs(blocks),
            **told,
            "count": {**count, "paragraph": count["paragraph"] + 1},
        }

    def close(self) -> None:
        """Nothing runs."""
