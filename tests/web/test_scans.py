"""Scans and pictures at the desk: images of their pages, boxes where something was found, values covered."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from invented import RESIDENT_ID
from PIL import Image
from scanning import Reading, pictured, png, scan_pdf, sheet

from prescan.scanner.recognition import Readers

if TYPE_CHECKING:
    from desks import Desk

#: Where the helper's reader sees each line, in points.
LINE = (72.0, 72.0, 300.0, 90.0)


@pytest.mark.parametrize(("data", "name"), [(scan_pdf(1), "扫描.pdf"), (png(sheet()), "照片.png")])
def test_a_scan_is_shown_with_boxes_and_covered(desk: Desk, data: bytes, name: str) -> None:
    scanner = pictured(desk.office.scanner)
    scanner.readers = Readers(scanner.settings.limits, lambda _: Reading([[f"身份证号{RESIDENT_ID}"]]))
    client = desk.browser()
    answer = client.post("/v1/scans", files={"file": (name, data)}, data={"keep": "review"})
    case = answer.headers["location"][-32:][:16]
    page = client.get(f"/cases/{case}").text
    assert 'id="asimages"' in page
    assert 'data-pages="1"' in page
    assert RESIDENT_ID not in page
    told = json.loads(re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    boxes = [one["bbox"] for one in told["findings"] if one["page"] == 1 and one["bbox"]]
    assert boxes == [list(LINE)]
    covered, clear = (client.get(f"/cases/{case}/pages/1.png?clear={flag}") for flag in "01")
    assert covered.status_code == clear.status_code == 200
    scale = 110 / 72
    middle = round((LINE[1] + LINE[3]) / 2 * scale), round((LINE[0] + LINE[2]) / 2 * scale)
    shown = [np.asarray(Image.open(io.BytesIO(one.content)).convert("L"))[middle] for one in (covered, clear)]
    assert shown == [150, 255]
