"""What LibreOffice costs for many files: one process for all of them against a process each, in the same run."""

from __future__ import annotations

import time
from typing import Final

from prescan.formats.libreoffice import Office, program

_FILES: Final = 10
_ROUNDS: Final = 3
_LONG: Final = 120.0
_FLAT: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:'
    '1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2" office:mimetype='
    '"application/vnd.oasis.opendocument.text"><office:body><office:text>{}</office:text></office:body></office:document>'
)


def sample(number: int) -> bytes:
    """Return a text of about ten pages."""
    lines = (f"<text:p>第{number}号文件第{line}段，关于开展年度检查工作的通知。</text:p>" for line in range(300))
    return _FLAT.format("".join(lines)).encode()


def taken(path: str, files: int, *, stays: bool) -> float:
    """Return the seconds a file that saving so many takes, the start of the process that `stays` included."""
    office = Office(stays=stays)
    start = time.perf_counter()
    for number in range(files):
        if not office.save(path, sample(number), "docx", _LONG):
            raise RuntimeError("LibreOffice saved nothing")
    office.close()
    return (time.perf_counter() - start) / files


def main() -> None:
    """Print the best of some rounds."""
    path = program()
    if not path:
        print("LibreOffice is not installed: not measured")
        return
    for files in (1, _FILES):
        each, one = (min(taken(path, files, stays=stays) for _ in range(_ROUNDS)) for stays in (False, True))
        print(
            f"LibreOffice, files: {files}; a process each {each:.2f} s a file, one for all {one:.2f} s, "
            f"{each / one:.1f} times as fast"
        )


if __name__ == "__main__":
    main()
