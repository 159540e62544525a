"""Images of the pages of OFD files: what is drawn where, what is left out, what is covered."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from invented import RESIDENT_ID
from make_ofd import NS, box, line, ofd, page, text
from PIL import Image, ImageFont

import prescan
from prescan import report
from prescan.errors import ReadError
from prescan.formats import convert, identify, read
from prescan.formats.ofd import fonts
from prescan.types import Limits

_DPI = 144
_SCALE = _DPI / 72
_MM = _DPI / 25.4
_DARK = 140
_COVER = 150

needs_font = pytest.mark.skipif(not fonts.installed(fonts.FOLDERS), reason="no font with Chinese characters here")


def drawn(data, number=1, covers=(), dpi=_DPI):
    """Return the grey values of a page, and what is said of it."""
    told, made = convert("pages", data, identify(data, ""), [number, number, dpi, list(covers)], Limits())
    return np.asarray(Image.open(io.BytesIO(made)).convert("L")), told["pages"][0]


def colours(data):
    _, made = convert("pages", data, identify(data, ""), [1, 1, _DPI, []], Limits())
    return np.asarray(Image.open(io.BytesIO(made)).convert("RGB"))


def at(shown, x, y):
    """Return what is drawn at a place in millimetres."""
    return shown[round(y * _MM), round(x * _MM)].tolist()


def dark_and_elsewhere(shown, bbox, edge=1.0):
    """Return how many dark pixels lie in a box in points, and how many outside."""
    left, top, right, bottom = (side * _SCALE for side in bbox)
    dark = shown < _DARK
    inside = dark[int(top - edge) : int(bottom + edge) + 1, int(left - edge) : int(right + edge) + 1].sum()
    return int(inside), int(dark.sum() - inside)


def with_annotation(appearance, content, **attributes):
    """Return a file with an annotation on its page."""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return ofd(
        [content],
        document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
        extra={
            "Doc_0/Annots/Annotations.xml": f'<ofd:Annotations {NS}><ofd:Page PageID="0"><ofd:FileLoc>P0.xml'
            "</ofd:FileLoc></ofd:Page></ofd:Annotations>",
            "Doc_0/Annots/P0.xml": f'<ofd:PageAnnot {NS}><ofd:Annot ID="1" Type="Stamp"{given}>'
            f'<ofd:Appearance Boundary="20 100 50 20">{appearance}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>',
        },
    )


@needs_font
@pytest.mark.parametrize(
    "word",
    [
        text("救助名单", 40, 60),
        text("救助名单", 40, 60, 8),
        text("救助名单", 40, 60, CTM="1 0 0 2 0 0"),
        text("救助名单", 40, 60, CTM="0 1 -1 0 20 0"),
        text("救助名单", 40, 60, colour="200 0 0"),
        text(RESIDENT_ID, 40, 60),
    ],
)
def test_the_box_of_a_line_lies_on_its_letters(word):
    data = ofd([page(word)])
    block = next(iter(read(data, identify(data, ""), Limits())))
    shown, told = drawn(data)
    assert (told["width"], told["height"], told["note"]) == (round(210 * _MM), round(297 * _MM), "")
    inside, outside = dark_and_elsewhere(shown, block.location.bbox)
    assert inside > 100
    assert outside == 0


@needs_font
def test_the_box_of_a_finding_lies_on_its_line():
    data = ofd([page(text("名单附后", 20, 20)), page(text(f"身份证号：{RESIDENT_ID}", 20, 30))])
    found = next(one for one in prescan.Scanner().scan_bytes(data, name="a.ofd").findings if one.type == "resident_id")
    shown, _ = drawn(data, found.location.page)
    inside, outside = dark_and_elsewhere(shown, found.location.bbox)
    assert (found.location.page, inside > 100, outside) == (2, True, 0)


def test_a_report_shows_the_page_with_its_boxes():
    scanner = prescan.Scanner()
    data = ofd([page(text("名单附后", 20, 20)), page(text(f"身份证号：{RESIDENT_ID}", 20, 30))])
    result = scanner.scan_bytes(data, name="a.ofd")
    out = io.BytesIO()
    options = report.Options(source=data, with_text=True, show_values=True, convert=scanner.convert)
    report.write([result], "html", out, options)
    written = out.getvalue().decode()
    assert written.count('href="data:image/png;base64,') == 1
    assert written.count("<rect ") == sum(one.location.bbox is not None for one in result.findings) > 0


@needs_font
def test_a_value_is_covered_where_it_stands_and_nothing_else():
    data = ofd([page(text(f"身份证号：{RESIDENT_ID}", 20, 30), text("其余内容", 20, 60))])
    shown, _ = drawn(data, covers=[[RESIDENT_ID, None]])
    letters = (20 + 5 * 4) * _MM
    line_of = shown[round(30 * _MM) : round(36 * _MM)]
    assert (line_of[:, round(letters + 2) :] < _DARK).sum() == 0
    assert (line_of[:, : round(letters - 6)] < _DARK).sum() > 50
    assert (shown[round(60 * _MM) : round(66 * _MM)] < _DARK).sum() > 50
    assert at(shown, 50, 33) == _COVER


def test_what_is_not_found_is_covered_with_its_paragraph_or_the_page():
    data = ofd([page(box(20, 30, 100, 20))])
    shown, _ = drawn(data, covers=[["不在页上", [20 * 72 / 25.4, 30 * 72 / 25.4, 120 * 72 / 25.4, 50 * 72 / 25.4]]])
    assert (at(shown, 50, 40), at(shown, 150, 40)) == (_COVER, 255)
    shown, _ = drawn(data, covers=[["不在页上", None]])
    assert (shown == _COVER).all()


@needs_font
def test_a_value_that_stands_elsewhere_does_not_uncover_its_paragraph():
    data = ofd([page(text("赵小满", 20, 20), box(20, 100, 60, 20))])
    paragraph = [20 * 72 / 25.4, 100 * 72 / 25.4, 80 * 72 / 25.4, 120 * 72 / 25.4]
    shown, _ = drawn(data, covers=[["赵小满", paragraph]])
    assert (at(shown, 25, 23), at(shown, 50, 110)) == (_COVER, _COVER)


@needs_font
@pytest.mark.parametrize(
    "unseen",
    [
        text("看不见的字", 20, 50, Visible="false"),
        text("看不见的字", 20, 50, Alpha="0"),
        text("看不见的字", 20, 50, colour="255 255 255"),
        f'<ofd:PageBlock ID="5" Visible="false">{box(20, 50, 30, 10)}</ofd:PageBlock>',
        box(20, 50, 30, 10).replace("Fill=", 'Visible="false" Fill='),
        text("看不见的字", 20, 400),
    ],
)
def test_what_is_not_seen_is_not_drawn(unseen):
    shown, _ = drawn(ofd([page(text("看得见", 20, 20), unseen)]))
    assert (shown[: round(30 * _MM)] < _DARK).sum() > 50
    assert (shown[round(30 * _MM) :] < 250).sum() == 0


def test_paths_with_their_colours_curves_and_holes():
    def path(data, **given):
        named = "".join(f' {name}="{value}"' for name, value in given.items())
        inner = '<ofd:FillColor Value="0 0 200"/><ofd:StrokeColor Value="200 0 0"/>'
        inner += f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>"
        return f'<ofd:PathObject ID="7" Boundary="0 0 210 297"{named}>{inner}</ofd:PathObject>'

    square = "M 20 20 L 60 20 L 60 60 L 20 60 C "
    against = "M 30 30 L 30 50 L 50 50 L 50 30 C"
    along = "M 30 130 L 50 130 L 50 150 L 30 150 C"
    shown = colours(
        ofd(
            [
                page(
                    path(square + against, Fill="true", Stroke="false"),
                    path("M 20 120 L 60 120 L 60 160 L 20 160 C " + along, Fill="true", Stroke="false"),
                    path(
                        "M 80 20 L 120 20 L 120 60 L 80 60 C M 90 30 L 110 30 L 110 50 L 90 50 C",
                        Fill="true",
                        Stroke="false",
                        Rule="Even-Odd",
                    ),
                    path("M 140 40 A 20 20 0 0 1 180 40", LineWidth="2"),
                    path("M 80 120 Q 100 160 120 120 B 130 100 150 100 160 120", LineWidth="2"),
                )
            ]
        )
    )
    blue, red, white = [0, 0, 200], [200, 0, 0], [255, 255, 255]
    assert (at(shown, 25, 25), at(shown, 40, 40)) == (blue, white)
    assert (at(shown, 25, 125), at(shown, 40, 140)) == (blue, blue)
    assert (at(shown, 85, 25), at(shown, 100, 40)) == (blue, white)
    assert (at(shown, 160, 20), at(shown, 160, 60), at(shown, 160, 40)) == (red, white, white)
    assert (at(shown, 100, 140), at(shown, 140, 105)) == (red, red)


@pytest.mark.parametrize(("flag", "side"), [("", 80), (' TransFlag="false"', 40)])
def test_a_filled_path_is_seen_inside_its_clip_only(flag, side):
    clip = f"<ofd:Clips{flag}><ofd:Clip><ofd:Area><ofd:Path><ofd:AbbreviatedData>M 0 0 L 40 0 L 40 40 L 0 40 C"
    clip += "</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips><ofd:AbbreviatedData>"
    sheet = box(20, 20, 80, 80).replace("Fill=", 'CTM="2 0 0 2 0 0" Fill=').replace("<ofd:AbbreviatedData>", clip, 1)
    shown, _ = drawn(ofd([page(sheet)]))
    assert (at(shown, 22, 22), at(shown, 18 + side, 18 + side)) == (0, 0)
    assert (at(shown, 22 + side, 40), at(shown, 40, 22 + side)) == (255, 255)


def test_half_transparent_areas_let_through():
    shown = colours(ofd([page(box(20, 20, 20, 20, "200 0 0").replace("Fill=", 'Alpha="128" Fill='))]))
    assert at(shown, 30, 30) == pytest.approx([227, 127, 127], abs=2)


def test_drawing_parameters_give_colour_and_width():
    common = "<ofd:DocumentRes>Res.xml</ofd:DocumentRes>"
    params = f'<ofd:Res {NS}><ofd:DrawParams><ofd:DrawParam ID="4" LineWidth="3"><ofd:StrokeColor Value="0 128 0"/>'
    params += '</ofd:DrawParam><ofd:DrawParam ID="5" Relative="4"/></ofd:DrawParams></ofd:Res>'
    styled = line(20, 50, 100, 0).replace("Boundary", 'DrawParam="5" Boundary')
    shown = colours(ofd([page(styled)], common=common, extra={"Doc_0/Res.xml": params}))
    assert (at(shown, 60, 50), at(shown, 60, 51.2), at(shown, 60, 52.5)) == ([0, 128, 0], [0, 128, 0], [255] * 3)


def picture(colour="blue", mode="RGB", size=(4, 2)):
    out = io.BytesIO()
    image = Image.new(mode, size, colour)
    image.putpixel((0, 0), (255, 0, 0, 255)[: len(mode)])
    image.save(out, "PNG")
    return out.getvalue()


def with_picture(content, attributes, more=""):
    common = "<ofd:DocumentRes>Res.xml</ofd:DocumentRes>"
    media = f'<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="3" Type="Image"><ofd:MediaFile>a.png'
    media += "</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    shown = f'<ofd:ImageObject ID="6" ResourceID="3" {attributes}/>'
    return ofd([page(more, shown)], common=common, extra={"Doc_0/Res.xml": media, "Doc_0/Res/a.png": content})


def test_pictures_stand_where_their_matrix_puts_them():
    upright = colours(with_picture(picture(), 'Boundary="20 20 40 20" CTM="40 0 0 20 0 0"'))
    assert (at(upright, 22, 22), at(upright, 55, 35), at(upright, 65, 30)) == ([255, 0, 0], [0, 0, 255], [255] * 3)
    turned = colours(with_picture(picture(), 'Boundary="20 20 40 40" CTM="0 40 -20 0 20 0"'))
    assert (at(turned, 38, 22), at(turned, 22, 55), at(turned, 50, 30)) == ([255, 0, 0], [0, 0, 255], [255] * 3)
    plain = colours(with_picture(picture(), 'Boundary="20 20 40 20"'))
    assert at(plain, 55, 35) == [0, 0, 255]


def test_a_transparent_picture_leaves_what_lies_below():
    data = with_picture(
        picture((0, 0, 255, 0), "RGBA"), 'Boundary="20 20 40 20" CTM="40 0 0 20 0 0"', box(20, 20, 40, 20, "0 128 0")
    )
    assert (at(colours(data), 22, 22), at(colours(data), 55, 35)) == ([255, 0, 0], [0, 128, 0])


@pytest.mark.parametrize("content", [b"no picture", picture()[:60]])
def test_a_picture_that_cannot_be_shown_is_a_frame(content):
    shown = colours(with_picture(content, 'Boundary="20 20 40 20" CTM="40 0 0 20 0 0"'))
    assert at(shown, 40, 30) == [255, 255, 255]
    assert shown[round(20 * _MM) - 2 : round(20 * _MM) + 3, round(40 * _MM)].min() < 200


def test_templates_lie_below_or_above_the_page():
    common = '<ofd:TemplatePage ID="5" BaseLoc="T.xml"/>'
    extra = {"Doc_0/T.xml": page(box(20, 20, 40, 20, "0 128 0"))}
    below = page(box(40, 20, 40, 20, "0 0 200"), template="5")
    shown = colours(ofd([below], common=common, extra=extra))
    assert (at(shown, 30, 30), at(shown, 50, 30)) == ([0, 128, 0], [0, 0, 200])
    shown = colours(ofd([below.replace("Background", "Foreground")], common=common, extra=extra))
    assert (at(shown, 50, 30), at(shown, 70, 30)) == ([0, 128, 0], [0, 0, 200])


def test_annotations_are_drawn_on_their_page_unless_hidden():
    seen = colours(with_annotation(box(0, 0, 50, 20, "200 0 0"), page(box(20, 20, 20, 20))))
    assert (at(seen, 40, 110), at(seen, 30, 30)) == ([200, 0, 0], [0, 0, 0])
    unseen = with_annotation(box(0, 0, 50, 20, "200 0 0"), page(box(20, 20, 20, 20)), Visible="false")
    assert at(colours(unseen), 40, 110) == [255, 255, 255]


def embedded(content, *objects):
    common = "<ofd:PublicRes>Res.xml</ofd:PublicRes>"
    font = f'<ofd:Res {NS}><ofd:Fonts><ofd:Font ID="1" FontName="x"><ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font>'
    return ofd(
        [page(*objects)],
        common=common,
        extra={"Doc_0/Res.xml": f"{font}</ofd:Fonts></ofd:Res>", "Doc_0/f.ttf": content},
    )


@needs_font
def test_glyphs_given_by_number_are_those_drawn():
    path, _ = fonts.installed(fonts.FOLDERS)
    content = Path(path).read_bytes()
    if content[:4] == b"ttcf":
        content = first_face(content)
    letters = {chr(fonts._BY_NUMBER + number): number for number in (40, 41)}
    face = ImageFont.truetype(io.BytesIO(fonts.by_numbers(content)), 40, layout_engine=ImageFont.Layout.BASIC)
    assert all(min(face.getmask(letter).size) > 0 for letter in letters)
    named = text("救", 40, 60).replace(
        "<ofd:TextCode", '<ofd:CGTransform CodePosition="0"><ofd:Glyphs>40</ofd:Glyphs></ofd:CGTransform><ofd:TextCode'
    )
    by_number, _ = drawn(embedded(content, named))
    by_character, _ = drawn(embedded(content, text("救", 40, 60)))
    other, _ = drawn(embedded(content, named.replace(">40<", ">41<")))
    assert min((shown < _DARK).sum() for shown in (by_number, by_character, other)) > 10
    assert (by_number != by_character).any()
    assert (by_number != other).any()


def first_face(content):
    """Return the first font of a collection as a file of its own."""
    start = struct.unpack_from(">L", content, 12)[0]
    count = struct.unpack_from(">H", content, start + 4)[0]
    head = bytearray(content[start : start + 12 + 16 * count])
    body = b""
    for number in range(count):
        place, length = struct.unpack_from(">LL", head, 12 + 16 * number + 8)
        struct.pack_into(">L", head, 12 + 16 * number + 8, len(head) + len(body))
        body += content[place : place + length] + b"\0" * (-length % 4)
    return bytes(head) + body


def test_without_a_font_there_are_boxes_and_it_is_said(monkeypatch):
    monkeypatch.setattr(fonts, "FOLDERS", ())
    data = ofd([page(text("救助名单", 40, 60))])
    shown, told = drawn(data)
    assert "没有可用的字体" in told["note"]
    block = next(iter(read(data, identify(data, ""), Limits())))
    left, top, right, bottom = (side * _SCALE for side in block.location.bbox)
    grey = shown < 220
    assert grey[int(top) : int(bottom) + 1, int(left) : int(right) + 1].sum() == grey.sum() > 50


def test_a_broken_font_is_no_reason_not_to_draw():
    shown, _ = drawn(embedded(b"\0\1\0\0\xff\xff broken", text("救助名单", 40, 60)))
    assert (shown < 220).sum() > 50


@pytest.mark.parametrize("arguments", [[0, 1, 96], [2, 2, 96], [1, 1, 0], [1, 1, 301]])
def test_pages_that_are_not_there_are_refused(arguments):
    data = ofd([page(text("内容", 20, 20))])
    with pytest.raises(ReadError, match="没有这一页"):
        convert("pages", data, identify(data, ""), arguments, Limits())


def test_a_page_of_any_size_is_not_drawn():
    large = page(text("内容", 20, 20)).replace("0 0 210 297", "0 0 21000 29700")
    with pytest.raises(ReadError, match="幅面太大"):
        drawn(ofd([large]))


def test_units_that_hold_each_other_end(monkeypatch):
    monkeypatch.setattr("prescan.formats.ofd.drawing._OBJECTS_AT_MOST", 500)
    unit = box(0, 0, 5, 5) + "".join('<ofd:CompositeObject ID="3" ResourceID="4" Boundary="0 0 9 9"/>' for _ in "1234")
    resources = f'<ofd:Res {NS}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="4"><ofd:Content>{unit}'
    resources += "</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    bomb = '<ofd:CompositeObject ID="2" ResourceID="4" Boundary="20 20 9 9"/>'
    data = ofd([page(bomb)], common="<ofd:PublicRes>R.xml</ofd:PublicRes>", extra={"Doc_0/R.xml": resources})
    shown, told = drawn(data)
    assert "没有画完" in told["note"]
    assert at(shown, 22, 22) == 0


def test_more_painting_than_allowed_is_left_out_and_said(monkeypatch):
    monkeypatch.setattr("prescan.formats.ofd.paint._WORK_AT_MOST", 20_000_000)
    shown, told = drawn(ofd([page(*[box(20, 20, 100, 100)] * 3, box(150, 20, 20, 20))]))
    assert "没有画完" in told["note"]
    assert (at(shown, 50, 50), at(shown, 160, 30)) == (0, 255)


@pytest.mark.parametrize(
    "wild",
    [
        text("字", 20, 50, CTM="1e999 0 0 1e999 0 0"),
        text("字", 20, 50, CTM="0 0 0 0 0 0"),
        text("字", 20, 50, size=1e300),
        text("字", 20, 50, colour="1e999 -5 999999"),
        text("字", 20, 50, Alpha="1e999"),
        text("字字", 20, 50).replace('DeltaX="', 'DeltaX="g 1e999 '),
        text("字", 20, 50).replace("<ofd:TextCode", '<ofd:CGTransform CodePosition="1e999"/><ofd:TextCode'),
        box(20, 50, 1e200, 1e200).replace("Fill=", 'CTM="1e300 0 0 1e300 0 0" Fill='),
        line(20, 50, 1e9, 1e9).replace("Boundary", 'LineWidth="1e999" Boundary'),
        line(20, 50, 10, 10).replace("Boundary", 'LineWidth="1e8" Boundary'),
        line(20, 50, 10, 10).replace("M 0 0", "M 0 0 A 1e300 1e-300 1e9 1 0 1e200 1e200"),
        '<ofd:ImageObject ID="6" ResourceID="3" Boundary="0 0 1e999 1" CTM="1e999 0 0 1 0 0"/>',
    ],
)
def test_wild_numbers_are_survived(wild):
    shown, _ = drawn(ofd([page(box(150, 20, 20, 20), wild)]))
    assert shown.shape[1] == round(210 * _MM)


def test_figures_one_over_another_end(monkeypatch):
    monkeypatch.setattr("prescan.formats.ofd.paint._WORK_AT_MOST", 50_000_000)
    figures = "M 0 0 L 200 0 L 200 280 L 0 280 C " * 3_000
    heap = box(5, 5, 200, 280).replace("M 0 0 L 200 0 L 200 280 L 0 280 C", figures)
    _, told = drawn(ofd([page(heap)]))
    assert "没有画完" in told["note"]
