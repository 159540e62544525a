"""Programs that know nothing of prescan look into redacted copies; without them a test is skipped, but not in CI."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from typing import TYPE_CHECKING

from needed import lacking, program

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def run(name: str, *arguments: str) -> bytes:
    """Return what a program prints."""
    return subprocess.run([program(name), *arguments], check=True, capture_output=True, timeout=180).stdout


def pdf_text(path: Path) -> str:
    """Return the text of a PDF as poppler reads it, which takes its tables of Chinese fonts."""
    command = [program("pdftotext"), "-layout", str(path), "-"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=180)
    if b"CMap" in done.stderr:
        lacking("poppler-data")
    return done.stdout.decode()


def pdf_objects(path: Path) -> bytes:
    """Return all objects of a PDF unpacked by qpdf."""
    return run("qpdf", "--qdf", "--object-streams=disable", "--stream-data=uncompress", str(path), "-")


def pdf_pages(path: Path) -> int:
    """Return the number of pages as qpdf counts them."""
    return int(run("qpdf", "--show-npages", str(path)))


def office_text(path: Path, kind: str) -> str:
    """Return what LibreOffice shows of a document, converted to `kind` (txt, csv)."""
    if not run("fc-list", ":lang=zh").strip():
        lacking("中文字体")
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    filters = {
        "txt": "txt:Text (encoded):UTF8",
        "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",
    }
    run("soffice", profile, "--headless", "--convert-to", filters[kind], "--outdir", str(path.parent), str(path))
    return path.with_suffix(f".{kind}").read_text(encoding="utf-8-sig")


def office_pdf(path: Path) -> Path:
    """Return a PDF that LibreOffice prints of a document."""
    if not run("fc-list", ":lang=zh").strip():
        lacking("中文字体")
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path))
    return path.with_suffix(".pdf")


def zip_leaks(data: bytes, values: Iterable[str]) -> dict[str, list[str]]:
    """Return by value the members of a zip in which it stands, in one piece or in several elements."""
    leaks: dict[str, list[str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            content = archive.read(name)
            plain = re.sub(rb"<[^>]*>", b"", content)
            for value in values:
                writings = {value.encode(), value.encode("utf-16-le"), value.encode("utf-16-be")}
                if any(written in held for written in writings for held in (content, plain)) or value in name:
                    leaks.setdefault(value, []).append(name)
    return leaks


def pdf_leaks(path: Path, values: Iterable[str]) -> dict[str, str]:
    """Return by value where in a PDF it stands: in its text, in its unpacked objects, in its bytes."""
    text = "".join(pdf_text(path).split())
    objects, data = pdf_objects(path), path.read_bytes()
    leaks = {}
    for value in values:
        wide = value.encode("utf-16-be")
        writings = {value.encode(), wide, wide.hex().encode(), wide.hex().upper().encode(), value.encode("gb18030")}
        for where, held in (("objects", objects), ("bytes", data)):
            if any(written in held for written in writings):
                leaks[value] = where
        if value in text:
            leaks[value] = "text"
    return leaks
