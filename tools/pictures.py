"""The pictures of the documents, made of the real thing: `make pictures` (Chromium, playwright and `prescan[web]`).

docs/pictures/terminal.svg is what `prescan scan` shows in a terminal of 96 columns; docs/pictures/*.png are the review
desk with the files of examples/. All people and numbers in them are invented.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shutil
import struct
import sys
import tempfile
import termios
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from prescan.report.columns import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[1]
OUT: Final = ROOT / "docs" / "pictures"
COLUMNS: Final = 96
_RUN: Final = [sys.executable, "-P", "-W", "ignore", "-c", "from prescan.cli import main; main()"]
_SHOWN: Final = "信访答复.pdf"
_DESK: Final = ("会议纪要-修订.docx", "低保花名册.docx", "信访答复.pdf", "请示.txt", "红头通知.docx")
_FONTS: Final = "'Noto Sans Mono CJK SC','Sarasa Mono SC',Consolas,Menlo,monospace"
_CELL: Final = 7.6
_LINE: Final = 20
_AT_MOST: Final = 300_000
_COLORS: Final = {"31": "#e05561", "32": "#8cc265", "33": "#d18f52", "35": "#c162de", "36": "#42b3c2"}


def terminal() -> None:
    """Write the picture of a terminal."""
    lines = _typed(["scan", _SHOWN], ROOT / "examples")
    shown = [f"$ prescan scan {_SHOWN}", *lines]
    (OUT / "terminal.svg").write_text(drawn(shown), encoding="utf-8")


def _typed(arguments: list[str], folder: Path) -> list[str]:
    """Return the lines a command writes to a terminal, colours included."""
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover  becomes the command
        os.chdir(folder)
        os.environ |= {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "PYTHONPATH": str(ROOT / "src")}
        os.execv(_RUN[0], [*_RUN, *arguments])  # noqa: S606  our own command
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    held = b""
    while True:
        try:
            got = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not got:
            break
        held += got
    os.waitpid(child, 0)
    text = re.sub(r"[^\n]*\r(?!\n)", "", held.decode().replace("\r\n", "\n"))  # the line of progress
    return re.sub(r"\x1b\[K", "", text).rstrip().split("\n")


def drawn(lines: list[str]) -> str:
    """Return a picture of terminal lines; a Chinese character is two columns wide whatever the font."""
    width, height = COLUMNS * _CELL + 40, len(lines) * _LINE + 62
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img">',
        "<title>prescan scan</title>",
        f'<rect width="{width:.0f}" height="{height}" rx="8" fill="#1f2329"/>',
        *(
            f'<circle cx="{20 + 18 * n}" cy="20" r="6" fill="{c}"/>'
            for n, c in enumerate(("#ff5f57", "#febc2e", "#28c840"))
        ),
        f'<g font-family="{_FONTS}" font-size="14" fill="#d7dae0" xml:space="preserve">',
    ]
    for number, line in enumerate(lines):
        parts += _drawn_line(line, 56 + number * _LINE)
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _drawn_line(line: str, y: int) -> Iterator[str]:
    column, style = 0, ""
    for piece in re.split(r"(\x1b\[[\d;]*m)", line):
        code = re.fullmatch(r"\x1b\[([\d;]*)m", piece)
        if code:
            codes = code[1].split(";")
            color = next((f' fill="{_COLORS[one]}"' for one in codes if one in _COLORS), "")
            style = color + (' font-weight="bold"' if "1" in codes else "")
            continue
        for run in re.findall(r"[\x21-\x7e]+|[^\x20-\x7e]+| +", piece):
            size = cell_len(run)
            if run.strip():
                place = f'x="{20 + column * _CELL:.1f}" y="{y}" textLength="{size * _CELL:.1f}"'
                yield f'<text {place} lengthAdjust="spacingAndGlyphs"{style}>{escape(run)}</text>'
            column += size


def desk() -> None:
    """Write the pictures of the review desk."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only this picture needs a browser

    chromium = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from desk_server import Server  # noqa: PLC0415  found only now

    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        Server(Path(folder) / "desk", XDG_CONFIG_HOME=folder) as server,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(server.base)
        page.set_input_files("#files", [str(ROOT / "examples" / name) for name in _DESK])
        _until(page, f"document.querySelectorAll('tr[data-status=done]').length === {len(_DESK)}")
        page.goto(f"{server.base}/?tab=all")
        _shot(page, "inbox.png")
        page.click("td.name a:has-text('低保花名册')")
        page.wait_for_selector("#findings", state="attached")
        for _ in range(2):
            page.keyboard.press("Digit1")
            page.wait_for_timeout(300)
        page.keyboard.press("KeyJ")
        page.wait_for_timeout(500)
        _shot(page, "desk.png")
        browser.close()


def _until(page: Any, condition: str) -> None:  # noqa: ANN401  playwright has no types here
    from playwright.sync_api import Error  # noqa: PLC0415  as above

    for _ in range(1200):
        try:
            if page.evaluate(f"(() => {{ return {condition}; }})()"):
                return
        except Error:  # the page is just going away
            pass
        page.wait_for_timeout(100)
    raise RuntimeError(condition)


def _shot(page: Any, name: str) -> None:  # noqa: ANN401  as above
    from PIL import Image  # noqa: PLC0415  comes with pictures

    path = OUT / name
    page.screenshot(path=str(path))
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    if path.stat().st_size > _AT_MOST:
        raise RuntimeError(f"{path} has {path.stat().st_size} bytes")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    terminal()
    if "--terminal" not in sys.argv[1:]:
        desk()
