"""How long a redacted copy of a long document takes: a hundred pages of pdf and docx, with values on every page.

Wall seconds of the whole call: scanning, rewriting, scanning again, searching the bytes. The goal is 10 s.
"""

from __future__ import annotations

import io
import random
import time
from typing import Final

import docx
import openpyxl
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from samples import paragraph

from prescan.quality import generate
from prescan.redaction import redact
from prescan.scanner import Scanner

_PAGES: Final = 100
_LINES: Final = 24
_GOAL: Final = 10.0


def line(rng: random.Random, number: int) -> str:
    """Return a line of text; every eighth holds values."""
    if number % 8:
        return paragraph(number)[:44]
    return f"申请人身份证号：{generate.resident_id(rng)}，手机{generate.mobile_phone(rng)}"


def pdf(rng: random.Random) -> bytes:
    """Return a pdf."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for page in range(_PAGES):
        canvas.setFont("STSong-Light", 11)
        for row in range(_LINES):
            canvas.drawString(60, 780 - 28 * row, line(rng, page * _LINES + row))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def word(rng: random.Random) -> bytes:
    """Return a docx."""
    document = docx.Document()
    for number in range(_PAGES * _LINES):
        document.add_paragraph(line(rng, number))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def sheet(rng: random.Random) -> bytes:
    """Return an xlsx of as many rows as the others have lines."""
    book = openpyxl.Workbook(write_only=True)
    rows = book.create_sheet("名单")
    rows.append(["序号", "身份证号", "手机"])
    for number in range(_PAGES * _LINES):
        rows.append([number + 1, generate.resident_id(rng), generate.mobile_phone(rng)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def main() -> None:
    """Print a row a format."""
    print(f"goal: {_GOAL:.0f} s")
    with Scanner(workers=1) as scanner:
        scanner.scan_bytes("预热".encode(), name="a.txt")
        for name, make in (("pdf", pdf), ("docx", word), ("xlsx", sheet)):
            data = make(random.Random(1))  # noqa: S311  numbers of nobody
            start = time.perf_counter()
            done = redact(scanner, data, io.BytesIO(), name=f"sample.{name}")
            seconds = time.perf_counter() - start
            print(f"{name:5} {len(data):>9,} bytes  {len(done.removed):>5} findings  {seconds:5.1f} s")


if __name__ == "__main__":
    main()
