"""Scans and pictures: what is recognised takes their place, what is not is said; the recogniser does as told."""

from __future__ import annotations

import io
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from scanning import Reading, pictured, png, scan_pdf, sheet, texts

import prescan
from prescan.errors import PrescanError, ReadError
from prescan.formats import FORMATS
from prescan.formats import read as read_format
from prescan.formats.budget import ReadOptions
from prescan.formats.stored import StoredText
from prescan.redaction import redact
from prescan.scanner.one_file import read_on
from prescan.scanner.reader import Child
from prescan.scanner.received import Received
from prescan.scanner.recognition import Readers, is_available
from prescan.types import Block, Document, Limits, Location, Picture, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

RESIDENT_ID = "110101190203140028"
FRESH = {"paragraph": 0, "table": 0, "row": 0, "columns": []}


@pytest.fixture(scope="module")
def seeing() -> Iterator[prescan.Scanner]:
    """Return a scanner whose recogniser each test sets."""
    with prescan.Scanner(Settings(ocr="off", limits=Limits(ocr_pages=3))) as shared:
        yield pictured(shared)


def look(scanner: prescan.Scanner, reading: Reading) -> Reading:
    scanner.readers = Readers(scanner.settings.limits, lambda _: reading)
    return reading


def test_pages_are_recognised_in_their_place(seeing: prescan.Scanner, tmp_path: Any) -> None:
    reading = look(seeing, Reading([["第一页的文字"], [f"身份证号{RESIDENT_ID}"]]))
    (tmp_path / "扫描.pdf").write_bytes(scan_pdf(2))
    heard: list[tuple[int, int] | None] = []
    result = seeing.scan_file(tmp_path / "扫描.pdf", on_progress=lambda received: heard.append(received.recognising))
    assert [one for one in heard if one] == [(1, 2), (2, 2)]
    assert texts(result) == ["第一页的文字", f"身份证号{RESIDENT_ID}"]
    assert result.document.text == f"第一页的文字\u2029身份证号{RESIDENT_ID}"
    assert (result.complete, result.document.media_type) == (True, "application/pdf")
    (found,) = [one for one in result.findings if one.type == "resident_id"]
    assert (found.level, found.confidence, found.location.page) == ("block", "certain", 2)
    assert "图像识别" in found.evidence[-1]
    assert [count["paragraph"] for count in reading.counts] == [0, 1]


def test_what_was_hardly_legible_is_to_be_checked_and_keeps_its_level(seeing: prescan.Scanner) -> None:
    look(seeing, Reading([["机密★10年"]], certainty=0.7))
    (found,) = [one for one in seeing.scan_bytes(scan_pdf(1), name="a.pdf").findings if one.type == "secret_mark"]
    assert (found.level, found.confidence) == ("block", "check")
    assert "把握不大" in found.evidence[-1]


def test_pages_beyond_the_budget_are_unread_and_the_others_stay(seeing: prescan.Scanner) -> None:
    look(seeing, Reading([["一"], ["二"], ["三"]]))
    result = seeing.scan_bytes(scan_pdf(6), name="a.pdf")
    assert texts(result) == ["一", "二", "三"]
    (lost,) = result.unread
    assert (lost.code, "第 4—6 页" in lost.detail, "ocr_pages" in lost.detail) == ("timeout", True, True)
    assert result.verdict == "unread"


@pytest.mark.parametrize("code", ["timeout", "memory", "crashed"])
def test_a_page_that_costs_its_reader_costs_only_itself(seeing: prescan.Scanner, code: str) -> None:
    look(seeing, Reading([["一"], ReadError(code), ["三"]]))
    result = seeing.scan_bytes(scan_pdf(3), name="a.pdf")
    assert texts(result) == ["一", "三"]
    assert [(lost.code, lost.detail.startswith("第 2 页")) for lost in result.unread] == [(code, True)]


def test_a_page_nobody_can_read_is_said_and_a_blank_one_is_not(seeing: prescan.Scanner) -> None:
    look(seeing, Reading([["一"], [], []], blank=[False, True, False]))
    result = seeing.scan_bytes(scan_pdf(3), name="a.pdf")
    assert [(lost.code, lost.detail) for lost in result.unread] == [
        ("no_text_layer", "第 3 页没有识别出文字，请人工阅看")
    ]


def test_poor_reading_is_unread_too(seeing: prescan.Scanner) -> None:
    look(seeing, Reading([["看不清"]], certainty=0.5))
    result = seeing.scan_bytes(png(sheet()), name="a.png")
    assert texts(result) == ["看不清"]
    assert [lost.code for lost in result.unread] == ["no_text_layer"]


def test_pictures_in_an_archive_are_recognised_as_members(seeing: prescan.Scanner) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("前.txt", "前文")
        archive.writestr("图.png", png(sheet()))
        archive.writestr("后.txt", "后文")
    look(seeing, Reading([[f"身份证号{RESIDENT_ID}"]]))
    result = seeing.scan_bytes(stream.getvalue(), name="a.zip")
    assert texts(result) == ["前文", f"身份证号{RESIDENT_ID}", "后文"]
    assert [one.location.member for one in result.findings if one.type == "resident_id"] == ["图.png"]


def test_a_file_that_cost_a_worker_has_one_budget_for_all_its_pictures() -> None:
    """What is read on behind a lost member knows how many pictures came before it."""
    given = Picture("", Location("body", 1), image=b"x")
    received = Received("application/zip", "", [given, given], failure=ReadError("crashed"), member=(1, "坏.pdf"))
    asked: list[tuple[int, int]] = []

    def read(skip: int, drawn: int) -> Received:
        asked.append((skip, drawn))
        options = ReadOptions(pictures=3, pictures_used=drawn)
        return Received(blocks=list(read_format(scan_pdf(3), FORMATS["pdf"], Limits(), options=options)))

    assert read_on(received, "a.zip", read)
    assert asked == [(2, 2)]
    assert [bool(block.image) for block in received.blocks if isinstance(block, Picture)] == [True] * 3 + [False] * 2


def document(text: str, *images: bytes) -> bytes:
    """Return a docx with a text and pictures."""
    docx = pytest.importorskip("docx")
    held = docx.Document()
    held.add_paragraph(text)
    for image in images:
        held.add_picture(io.BytesIO(image))
    out = io.BytesIO()
    held.save(out)
    return out.getvalue()


def test_pictures_in_a_text_come_behind_it_each_once(seeing: prescan.Scanner) -> None:
    reading = look(seeing, Reading([["图中文字"]]))
    result = seeing.scan_bytes(document("正文", png(sheet()), png(sheet())), name="a.docx")
    assert texts(result)[0] == "正文"
    assert [block.location.part for block in result.document.blocks if block.certainty] == ["image"]
    assert [picture.kind for picture in reading.pictures] == ["inset"]


def test_pictures_are_the_pages_of_a_document_without_text(seeing: prescan.Scanner) -> None:
    reading = look(seeing, Reading([["粘贴的扫描件"]]))
    result = seeing.scan_bytes(document("", png(sheet())), name="a.docx")
    assert [(block.text, block.location.part) for block in result.document.blocks if block.certainty] == [
        ("粘贴的扫描件", "body")
    ]
    assert [picture.kind for picture in reading.pictures] == ["page"]
    assert result.complete


def test_load_document_recognises_too(seeing: prescan.Scanner, tmp_path: Any) -> None:
    (tmp_path / "a.png").write_bytes(png(sheet()))
    look(seeing, Reading([["认出的字"]]))
    assert seeing.load_document(tmp_path / "a.png").text == "认出的字"
    look(seeing, Reading([ReadError("timeout")]))
    with pytest.raises(ReadError):
        seeing.load_document(tmp_path / "a.png")


def test_without_recognition_it_is_said_how_to_get_it(scanner: prescan.Scanner) -> None:
    for data, name in ((scan_pdf(2), "a.pdf"), (png(sheet()), "a.png"), (document("", png(sheet())), "a.docx")):
        result = scanner.scan_bytes(data, name=name)
        assert [(lost.code, "pip install 'prescan[ocr]'" in lost.detail) for lost in result.unread] == [
            ("no_text_layer", True)
        ]
        assert result.verdict == "unread"
    assert not is_available(Settings(ocr="off"))


def test_the_audit_recognises_scans_too() -> None:
    import datetime

    from prescan.audit.lanes import Lanes, Task, brief_of
    from prescan.types import Context

    with Lanes(Settings(ocr="off", names="off"), b"key", datetime.date(2026, 3, 1), 1) as lanes:
        lanes._pictures = 5
        lanes._readers = Readers(Limits(), lambda _: Reading([[f"身份证号{RESIDENT_ID}"]]))
        lanes.start()
        lanes.put(Task(1, None, scan_pdf(1), "a.pdf", Context(stage="published")))
        task, received = lanes.take()
    said = brief_of(task.name, received)
    assert (said["verdict"], said["unread"], len(said["findings"])) == ("blocked", [], 1)
    assert RESIDENT_ID not in str(said)


# Copies are written by readers that count without what was recognised.


def test_a_copy_of_a_text_with_a_harmless_picture_is_redacted_at_the_right_place(seeing: prescan.Scanner) -> None:
    look(seeing, Reading([["图中文字"]]))
    data = document(f"身份证号{RESIDENT_ID}", png(sheet()))
    out = io.BytesIO()
    redact(seeing, data, out, name="a.docx")
    again = seeing.scan_bytes(out.getvalue(), name="a.docx", pictures=False)
    assert RESIDENT_ID not in again.document.text
    assert "身份证号" in again.document.text


def test_what_stands_in_a_picture_is_not_redacted_and_no_copy_is_written(seeing: prescan.Scanner) -> None:
    look(seeing, Reading([[f"身份证号{RESIDENT_ID}"]]))
    out = io.BytesIO()
    with pytest.raises(PrescanError, match="图片中有应当遮盖的内容"):
        redact(seeing, document("正文", png(sheet())), out, name="a.docx")
    assert not out.getvalue()


def test_offsets_without_what_was_recognised() -> None:
    blocks = (
        Block("甲乙"),
        Block("图文", Location("image"), certainty=0.9),
        Block("丙丁"),
        Block("", Location("hidden"), "", "layer_mismatch"),
    )
    stored = StoredText(Document.of("a", "application/pdf", None, blocks))
    assert stored.document.text == "甲乙\u2029丙丁"
    assert stored.span(0, 2) == (0, 2)
    assert stored.span(6, 8) == (3, 5)
    assert stored.document.text[3:5] == "丙丁"
    assert stored.span(3, 5) is None
    assert stored.span(0, 7) is None


# The process that recognises.

TELL = (
    "import json, sys, time\n"
    "def tell(**said):\n"
    "    held = json.dumps(said).encode()\n"
    "    sys.stdout.buffer.write(len(held).to_bytes(4, 'big') + held); sys.stdout.buffer.flush()\n"
    "def hear():\n"
    "    return sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4), 'big'))\n"
    "hear(); tell(ready=True)\n"
)
PICTURE = Picture("", Location(page=1), image=b"x" * 300_000)


def child(code: str, seconds: float = 60.0) -> Child:
    return Child(Limits(ocr_seconds=seconds), (sys.executable, "-c", TELL + code))


@pytest.mark.parametrize(
    ("code", "seconds", "expected"),
    [
        ("hear(); time.sleep(600)", 0.5, "timeout"),
        ("time.sleep(600)", 0.5, "timeout"),  # it does not even take the picture
        ("hear(); sys.exit(3)", 60, "crashed"),
        ("hear(); import os; os.abort()", 60, "memory"),
        ("hear(); print('no message at all, and a long one'); sys.stdout.flush()", 60, "crashed"),
        ("hear(); hear(); tell(failure='too_large', detail='太大')", 60, "too_large"),
    ],
)
def test_a_process_that_fails_is_said_and_leaves_nothing_behind(code: str, seconds: float, expected: str) -> None:
    reader = child(code, seconds)
    with pytest.raises(ReadError) as caught:
        reader.read(PICTURE, FRESH, "")
    assert caught.value.code == expected
    reader.close()
    assert reader._process is None


def test_a_process_that_was_about_to_end_when_it_was_asked_costs_no_picture(tmp_path: Any) -> None:
    """It ends by itself when nobody asks; a picture that comes just then is read by the next one."""
    mark = tmp_path / "started"
    code = f"import pathlib; mark = pathlib.Path({str(mark)!r})\n"
    code += "first = not mark.exists(); mark.touch()\nif first: sys.exit(0)\nhear(); tell(size=len(hear()))"
    reader = child(code)
    assert reader.read(PICTURE, FRESH, "")["size"] == len(PICTURE.image)
    reader.close()


def test_after_a_failure_the_next_picture_is_read_by_a_fresh_process() -> None:
    reader = child("hear(); picture = hear(); tell(size=len(picture)); sys.exit(1)")
    assert reader.read(PICTURE, FRESH, "")["size"] == len(PICTURE.image)
    first = reader._process
    assert first is not None
    first.wait()
    assert reader.read(PICTURE, FRESH, "")["size"] == len(PICTURE.image)
    assert reader._process is not first
    reader.close()
