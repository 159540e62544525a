"""Pages of OFD files and slides that are pictures: what is recognised stands in their place, the rest is said."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from make_ofd import NS, ofd, page, text
from scanning import Reading, pictured, png, sheet, texts

import prescan
from prescan.scanner.recognition import Readers
from prescan.types import Limits, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def seeing() -> Iterator[prescan.Scanner]:
    """Return a scanner whose recogniser each test sets."""
    with prescan.Scanner(Settings(ocr="off", limits=Limits(ocr_pages=3))) as shared:
        yield pictured(shared)


def look(scanner: prescan.Scanner, reading: Reading) -> Reading:
    scanner.readers = Readers(scanner.settings.limits, lambda _: reading)
    return reading


def test_pages_of_an_ofd_that_are_pictures_are_recognised_in_their_place(seeing: prescan.Scanner) -> None:
    common = "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
    listed = '<ofd:MultiMedia ID="7" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia>'
    extra = {
        "Doc_0/DocumentRes.xml": f'<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias>{listed}</ofd:MultiMedias></ofd:Res>',
        "Doc_0/Res/a.png": png(sheet()),
    }
    pages = [page(text(words, 20, 20)) for words in ("第一页的文字", "第四页的文字")]
    for at, name in ((1, "7"), (2, "8")):
        pages.insert(at, page(f'<ofd:ImageObject ID="6" Boundary="0 0 210 297" ResourceID="{name}"/>'))
    look(seeing, Reading([["第二页的扫描"]]))
    result = seeing.scan_bytes(ofd(pages, extra=extra, common=common), name="a.ofd")
    assert texts(result) == ["第一页的文字", "第二页的扫描", "第四页的文字"]
    assert [block.location.page for block in result.document.blocks] == [1, 2, 4]
    assert [(lost.code, lost.detail.startswith("第 3 页")) for lost in result.unread] == [("no_text_layer", True)]


def test_a_slide_of_nothing_but_a_picture_is_a_page(seeing: prescan.Scanner) -> None:
    pptx = pytest.importorskip("pptx")
    held = pptx.Presentation()
    for image in (png(sheet()), png(sheet("red"))):
        held.slides.add_slide(held.slide_layouts[6]).shapes.add_picture(io.BytesIO(image), 0, 0)
    out = io.BytesIO()
    held.save(out)
    reading = look(seeing, Reading([["第一张"], []]))
    result = seeing.scan_bytes(out.getvalue(), name="a.pptx")
    assert [(one.kind, one.location.page) for one in reading.pictures] == [("page", 1), ("page", 2)]
    assert [(block.text, block.location.page) for block in result.document.blocks if block.certainty] == [("第一张", 1)]
    assert [(lost.code, lost.detail.startswith("第 2 页")) for lost in result.unread] == [("no_text_layer", True)]
