"""`make bench`: how well, how fast and with how much memory text in scans is recognised.

Each page is scanned as a user scans a file: read in a worker, recognised in a process of its own, then everything is
scanned. CPU seconds are those of all child processes, so a busy machine changes them little.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import Final

from ocr_pages import (
    NUMBERS,
    Wear,
    as_pdf,
    body_lines,
    distance,
    font_path,
    kept,
    plain_page,
    red_header,
    rough_variants,
    variants,
)

from prescan.scanner import Scanner
from prescan.scanner.recognition import is_available
from prescan.types import Limits, ScanResult, Settings

_PAGES: Final = 3
_ERROR_GOAL: Final = 3.0
_FOUND_GOAL: Final = 9
#: A busy machine changes seconds, not what is recognised.
_PATIENT: Final = Settings(limits=Limits(ocr_seconds=300))


def text_of(result: ScanResult) -> str:
    """Return the recognised text without what separates its blocks."""
    return "".join("".join(block.text.split()) for block in result.document.blocks if block.certainty is not None)


def errors() -> None:
    """Print character errors and lost numbers of a plain page at three resolutions."""
    truth = "".join(body_lines())
    for wear in (Wear(dpi=300), Wear(dpi=200), Wear(dpi=150)):
        with Scanner(_PATIENT) as scanner:
            found = text_of(scanner.scan_bytes(kept(plain_page(wear), wear), name="a.png"))
        rate = 100 * distance(truth, found) / len(truth)
        exact = sum(number in found for number in NUMBERS)
        goal = f" (goal ≤ {_ERROR_GOAL} %)" if wear.dpi == 300 else ""  # noqa: PLR2004
        print(f"{wear.dpi} dpi: {rate:.2f} % of {len(truth)} characters wrong{goal}, {exact} of {len(NUMBERS)} numbers")


def marks() -> None:
    """Print in how many clean scans of a red header the mark was found as a secret mark."""
    _marks(variants(), "scans of a red header")


def rough() -> None:
    """Print the same of worn scans, of faxes and photographs."""
    _marks(rough_variants(), "worn scans, faxes and photographs of a red header")


def _marks(pages: list[tuple[bool, Wear]], what_of: str) -> None:
    found = numbers = 0
    with Scanner(_PATIENT) as scanner:
        for right, wear in pages:
            result = scanner.scan_bytes(kept(red_header(wear, right=right), wear), name="a.png")
            numbers += sum(number in text_of(result) for number in NUMBERS)
            seen = [finding for finding in result.findings if finding.type == "secret_mark"]
            found += bool(seen)
            what = f"{seen[0].masked} {seen[0].level} {seen[0].confidence}" if seen else "not found"
            print(f"  {'right' if right else 'left':6}{wear}: {what}")
    print(f"mark found in {found} of {len(pages)} {what_of} (goal ≥ {_FOUND_GOAL}), ", end="")
    print(f"{numbers} of {len(pages) * len(NUMBERS)} numbers exact")


def cost() -> None:
    """Print seconds a page and the memory of the process that recognises."""
    wear = Wear(dpi=200)
    data = as_pdf([plain_page(wear) for _ in range(_PAGES)], wear)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with Scanner(_PATIENT) as scanner:
        result = scanner.scan_bytes(data, name="a.pdf")
    waited = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    pages = len({block.location.page for block in result.document.blocks if block.certainty is not None})
    print(
        f"scan of {pages} pages: {used / _PAGES:.1f} CPU seconds a page with starting, {waited / _PAGES:.1f} s waited; "
        f"largest process {after.ru_maxrss // 1024} MB (limit {Settings().limits.ocr_memory_mb} MB of address space)"
    )


def main() -> None:
    """Print every figure, or why there is none."""
    if not is_available(Settings()):
        print("recognition of text not measured: the extra is not installed (pip install 'prescan[ocr]')")
        return
    if font_path() is None:
        print("recognition of text not measured: no Chinese font (apt-get install fonts-wqy-microhei)")
        return
    chosen = sys.argv[1:] or ["cost", "errors", "marks", "rough"]
    for name in chosen:
        {"cost": cost, "errors": errors, "marks": marks, "rough": rough}[name]()


if __name__ == "__main__":
    main()
