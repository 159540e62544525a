"""Files that hang or break their reader, and a place to run scripts from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE = Path(__file__).parents[2] / "src"


def pdf(pages: Sequence[bytes]) -> bytes:
    """Return a pdf of these content streams; the font is called F."""
    font = 3 + 2 * len(pages)
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode()]
    for number, content in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F {font} 0 R>>>>"
            f"/Contents {4 + 2 * number} 0 R>>".encode()
        )
        objects.append(b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content))
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    out, places = b"%PDF-1.4\n", []
    for number, written in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def page(*lines: str) -> bytes:
    """Return a page with these lines."""
    shown = b"".join(b"(%b) Tj T*\n" % line.encode() for line in lines)
    return b"BT /F 10 Tf 12 TL 40 800 Td\n" + shown + b"ET"


def heavy_page(texts: int = 300_000) -> bytes:
    """Return a page whose text is strewn over it in tiny pieces: it takes a reader minutes, or all its memory."""
    strewn = (b"1 0 0 1 %d %d Tm (ab) Tj\n" % (at * 7 % 590, at * 13 % 830) for at in range(texts))
    return b"BT /F 1 Tf\n" + b"".join(strewn) + b"ET"


def long_then_heavy(first_line: str) -> bytes:
    """Return a pdf of fifteen full pages, the first with `first_line`, and a heavy one."""
    full = ["lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt"] * 60
    return pdf([page(first_line, *full[1:]), *[page(*full)] * 14, heavy_page()])


def alive(pid: int) -> bool:
    """Return whether a process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def run(script: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a Python script that imports prescan, as a user would, from a folder."""
    (cwd / "run").mkdir(exist_ok=True)
    file = cwd / "run" / "plain_script.py"
    file.write_text(script, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-W", "error", str(file), *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
