"""Images of pages in the html report: only where everything is shown anyway, with boxes, and nothing from outside."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

import prescan
from prescan import report
from prescan.errors import PrescanError

ROSTER = (Path(__file__).parents[1] / "formats" / "files" / "roster.pdf").read_bytes()


@pytest.fixture(scope="module")
def roster(scanner: prescan.Scanner) -> prescan.ScanResult:
    return scanner.scan_bytes(ROSTER, name="名册.pdf")


def html(scanner: prescan.Scanner, result: prescan.ScanResult, **options: object) -> str:
    out = io.BytesIO()
    told = {"source": ROSTER, "with_text": True, "show_values": True, "convert": scanner.convert, **options}
    report.write([result], "html", out, report.Options(**told))
    return out.getvalue().decode()


def test_pages_are_shown_with_a_box_for_each_finding(scanner: prescan.Scanner, roster: prescan.ScanResult) -> None:
    page = html(scanner, roster)
    images = re.findall(r'href="data:image/png;base64,([^"]+)"', page)
    assert images
    assert len(images) == len({one.location.page for one in roster.findings if one.location.page})
    assert all(base64.b64decode(image).startswith(b"\x89PNG") for image in images)
    assert page.count("<rect ") == sum(one.location.bbox is not None for one in roster.findings)
    assert "img-src data:" in page
    assert not re.search(r"https?://", page)


@pytest.mark.parametrize("missing", [{"with_text": False}, {"show_values": False}, {"source": None}])
def test_nothing_is_drawn_unless_everything_is_shown(
    scanner: prescan.Scanner, roster: prescan.ScanResult, missing: dict[str, object]
) -> None:
    page = html(scanner, roster, **missing)
    assert "data:image" not in page
    assert "img-src" not in page


def test_another_file_is_refused_and_a_format_without_pages_shows_none(
    scanner: prescan.Scanner, roster: prescan.ScanResult
) -> None:
    with pytest.raises(PrescanError, match="不是同一份"):
        html(scanner, roster, source=ROSTER + b"x")
    text = replace(roster, document=replace(roster.document, media_type="text/plain"))
    assert "data:image" not in html(scanner, text)


def test_what_an_image_lacks_is_said_below(scanner: prescan.Scanner, roster: prescan.ScanResult) -> None:
    def lacking(*given: object) -> tuple[dict[str, object], bytes]:
        told, made = scanner.convert(*given)
        return {"pages": [{**page, "note": "没有可用的字体"} for page in told["pages"]]}, made

    assert "第 1 页：没有可用的字体" in html(scanner, roster, convert=lacking)
    assert "没有可用的字体" not in html(scanner, roster)
