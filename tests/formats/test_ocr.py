"""From what a recogniser sees to the blocks of a page: order, tables, closer looks, seals, text layers."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scans import Told, png, seen, sheet

from prescan.errors import ReadError
from prescan.formats.ocr import Page, RecognitionRequest, recognise
from prescan.formats.pdf.pieces import Counter
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Location

A4 = (595.0, 842.0)


def page(*lines: object, image: Image.Image | None = None, kind: str = "page", **told: object) -> Page:
    """Return what is made of lines on a picture of an A4 page with a pixel a point, as one recogniser sees them."""
    wish = RecognitionRequest(
        png(image or sheet()),
        kind,
        told.get("place", Location(page=told.get("number", 2))),
        A4,
        Counter(),
        str(told.get("layer", "")),
    )
    recogniser = told.get("recogniser") or Told(list(lines))
    return recognise(wish, recogniser)


def texts(found: Page) -> list[str]:
    return [block.text for block in found.blocks]


def test_lines_become_paragraphs_with_place_and_certainty() -> None:
    full = "各区县要建立定期走访和主动申报相结合的发现机制并且做到早发现"
    found = page(seen(full, 72, 200, score=0.95), seen("早干预。", 72, 222, score=0.8), seen("第二段。", 72, 300))
    assert texts(found) == [full, "早干预。", "第二段。"]
    assert [block.sep for block in found.blocks] == ["\n", PARAGRAPH_BREAK, PARAGRAPH_BREAK]
    assert [block.certainty for block in found.blocks] == [0.95, 0.8, 0.99]
    assert found.blocks[0].location.bbox == pytest.approx((72, 200, 72 + 12 * len(full), 212))
    assert (found.blocks[0].location.part, found.blocks[0].location.page) == ("body", 2)
    assert not found.poor


def test_columns_of_text_are_read_one_after_the_other() -> None:
    left = [f"左栏第{number}行的文字一直写到栏边为止" for number in "一二三四五六七八"]
    right = [f"右栏第{number}行的文字一直写到栏边为止" for number in "一二三四五六七八"]
    lines = [seen("两栏的标题横跨整个版面两边都有文字在上面", 100, 60, size=18)]
    for number in range(8):  # a recogniser goes by height
        lines += [seen(right[number], 320, 120 + 20 * number), seen(left[number], 60, 121 + 20 * number)]
    assert "".join(texts(page(*lines))[1:]) == "".join(left + right)


def test_cells_without_rules_are_read_row_by_row() -> None:
    rows = [
        ["姓名", "身份证号", "金额"],
        ["测试甲", "110101190203140028", "500"],
        ["测试乙", "440524188001010014", "600"],
    ]
    lines = [
        seen(text, 80 + 150 * column, 100 + 24 * row)
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
    ]
    found = page(*reversed(lines))
    assert texts(found) == [text for row in rows for text in row]
    assert [block.location.cell for block in found.blocks[:3]] == ["表1!A1", "表1!B1", "表1!C1"]
    assert [block.sep for block in found.blocks[:3]] == [CELL_BREAK, CELL_BREAK, PARAGRAPH_BREAK]


def test_cells_of_a_ruled_table() -> None:
    cv2 = pytest.importorskip("cv2", reason="表格线由 opencv 找出（pip install 'prescan[ocr]'）")
    assert cv2
    image = Image.new("RGB", (1190, 1684), "white")
    canvas = ImageDraw.Draw(image)
    for y in (200, 260, 320):
        canvas.line((160, y, 1000, y), fill="black", width=3)
    for x in (160, 500, 1000):
        canvas.line((x, 200, x, 320), fill="black", width=3)
    told = [seen("姓名", 85, 107), seen("测试甲", 85, 137), seen("住址", 260, 107), seen("某路1号", 260, 137)]
    found = page(image=image, recogniser=Told(told))
    assert texts(found) == ["姓名", "住址", "测试甲", "某路1号"]
    assert [block.location.cell for block in found.blocks] == ["表1!A1", "表1!B1", "表1!A2", "表1!B2"]


def test_rows_of_a_crooked_page_stay_together() -> None:
    skew = 0.035  # two degrees
    lines = []
    for row in range(5):
        for column, x in enumerate((60, 250, 440)):
            lines.append(seen(f"行{row}格{column}内容多", x, 100 + 24 * row + x * skew, skew=skew))
    found = page(*lines)
    assert texts(found) == [f"行{row}格{column}内容多" for row in range(5) for column in range(3)]


def test_the_head_of_a_first_page_is_looked_at_again_larger() -> None:
    whole = [seen("机宏★1O年", 72, 60, score=0.7), seen("正文。", 72, 500)]
    closer = [seen("机密★10年", 72, 60), seen("000123", 450, 60, score=0.9)]
    recogniser = Told(whole, closer)
    found = page(recogniser=recogniser, number=1, image=sheet("gray", (1240, 1754)))
    assert texts(found) == ["机密★10年", "000123", "正文。"]
    assert recogniser.shown[1].shape[0] > 0.5 * 842 * 0.3
    assert recogniser.shown[1].shape[1] > recogniser.shown[0].shape[1]
    recogniser = Told(whole)
    page(recogniser=recogniser, number=2, image=sheet("gray"))
    assert len(recogniser.shown) == 1


def test_a_seal_is_taken_away_for_a_second_look() -> None:
    image = Image.new("RGB", (595, 842), "white")
    canvas = ImageDraw.Draw(image)
    canvas.text((300, 600), "IIIIIIII", fill="black")
    canvas.ellipse((280, 560, 380, 660), outline=(220, 40, 40), width=6)
    recogniser = Told(
        [seen("某某市人民政府", 72, 100), seen("二O二六年", 290, 600, score=0.6)], [seen("二〇二六年", 290, 48)]
    )
    found = page(recogniser=recogniser, image=image)
    assert texts(found) == ["某某市人民政府", "二〇二六年"]
    again = recogniser.shown[1]
    assert again.shape[0] < 300
    assert (again[:, :, 0] == again[:, :, 2]).all()
    assert again.min() < 100


def test_a_page_on_its_side_is_turned() -> None:
    upright = [seen("转过来的文字可以读了", 100, 100 + 30 * number) for number in range(6)]
    tall = [
        one._replace(text="口", corners=((x, 9), (x + 9, 9), (x + 9, 99), (x, 99))) for x, one in enumerate(upright)
    ]
    tall = [one._replace(text="口口") for one in tall]
    found = page(recogniser=Told(tall, upright, [], upright), number=2)
    assert texts(found) == ["转过来的文字可以读了"] * 6
    left, top, right, bottom = found.blocks[0].location.bbox
    assert bottom - top > right - left


def test_nothing_seen_on_a_blank_page_and_on_one_that_is_not() -> None:
    assert page(image=Image.new("RGB", (595, 842), "white")).blank
    assert not page().blank


def test_poor_reading_is_said() -> None:
    assert page(seen("看不清的字", 72, 100, score=0.55)).poor


def test_text_in_a_picture_of_a_page_stands_where_the_picture_does() -> None:
    found = page(seen("图中文字", 10, 20), kind="inset", place=Location("image", 3, bbox=(100.0, 200.0, 300.0, 400.0)))
    (block,) = found.blocks
    assert (block.location.part, block.location.page) == ("image", 3)
    assert block.location.bbox[:2] == pytest.approx((110, 220))


def test_a_text_layer_that_agrees_adds_nothing() -> None:
    lines = ["关于开展年度检查的通知", "各单位要认真组织实施", "二〇二六年三月一日"]
    found = page(
        *(seen(line, 72, 100 + 40 * at) for at, line in enumerate(lines)), kind="layer", layer="\n".join(lines)
    )
    assert found.blocks == []


def test_a_mark_that_only_the_picture_shows_is_told() -> None:
    layer = "关于开展年度检查的通知\n各单位要认真组织实施"
    found = page(
        seen("机密★10年", 72, 60),
        *(seen(line, 72, 100 + 40 * at) for at, line in enumerate(layer.split("\n"))),
        kind="layer",
        layer=layer,
        place=Location("image", 1),
    )
    mark, missing = found.blocks
    assert (mark.hidden, mark.location.page, mark.text) == ("layer_mismatch", 1, "")
    assert "图像上有 1 行" in mark.note
    assert (missing.text, missing.location.part) == ("机密★10年", "image")


def test_what_was_painted_over_but_left_in_the_text_layer_is_told() -> None:
    found = page(
        seen("关于发放补助的名单", 72, 60),
        kind="layer",
        layer="关于发放补助的名单\n身份证号110101190203140028",
    )
    (mark,) = found.blocks
    assert "文字层中有 1 行" in mark.note
    assert "110101" not in mark.note


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ReadError) as caught:
        recognise(RecognitionRequest(b"\0", "page", Location(page=1), A4, Counter()), Told([]))
    assert caught.value.code == "no_text_layer"


def test_pictures_of_every_depth_are_looked_at() -> None:
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        image = (
            Image.new("L", (300, 100), 255).convert("I").convert("I;16") if mode == "I;16" else sheet().convert(mode)
        )
        recogniser = Told([])
        page(image=image, recogniser=recogniser)
        shown = recogniser.shown[0]
        assert (shown.dtype, shown.shape[2]) == (np.uint8, 3)
