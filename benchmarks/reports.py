"""How long reports of about 2,000 findings take to write, and the page to open in a browser (if chromium is there).

Run: python benchmarks/reports.py
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import prescan

ROWS = 520
FORMATS = ("plain", "json", "sarif", "csv", "xlsx", "html", "record", "register")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number(index: int) -> str:
    """Return an invented resident number with a right check digit."""
    body = f"1101011990{1 + index % 12:02}{1 + index % 28:02}{index % 1000:03}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def opened(page: bytes) -> float:
    """Return the seconds chromium takes to load a page and print its tree."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.html")
        path.write_bytes(page)
        command = [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            f"--user-data-dir={folder}/u",
        ]
        start = time.perf_counter()
        subprocess.run([*command, path.as_uri()], capture_output=True, check=True)
        return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    text = "".join(
        f"姓名：王小满，身份证号：{number(n)}，手机：1380013{n:04d}，家住石桥镇幸福路12号\n" for n in range(ROWS)
    )
    with prescan.Scanner() as scanner:
        result = scanner.scan_text(f"发放花名册\n{text}")
    print(f"{len(result.findings)} findings")
    page = b""
    for name in FORMATS:
        stream = io.BytesIO()
        start = time.perf_counter()
        prescan.write(result, name, stream)
        print(f"{name:10} {time.perf_counter() - start:6.2f} s {len(stream.getvalue()) / 1e6:6.2f} MB")
        page = stream.getvalue() if name == "html" else page
    if shutil.which("chromium"):
        empty = min(opened(b"<!DOCTYPE html><title>x</title>") for _ in range(2))
        print(f"html opens in {min(opened(page) for _ in range(2)) - empty:.2f} s beside an empty page")


if __name__ == "__main__":
    main()
