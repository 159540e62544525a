"""OFD: what a page says, in which order, and what lies hidden in the file."""

from __future__ import annotations

import io
import time

import pytest
from invented import RESIDENT_ID
from make_ofd import NS, box, ofd, page, table, text
from PIL import Image

import prescan
from prescan.errors import ReadError
from prescan.formats import identify, read
from prescan.types import Limits, Unread


def blocks(data):
    return [item for item in read(data, identify(data, ""), Limits()) if not isinstance(item, Unread)]


def texts(data, part="body"):
    return [block.text for block in blocks(data) if block.location.part == part]


def hidden(data):
    return {(block.text, block.hidden, block.note) for block in blocks(data) if block.hidden}


def test_lines_come_from_top_to_bottom_with_their_page():
    first = page(text("第二行写在前面", 20, 60), text("关于核发临时救助金的公示", 20, 30, 6))
    data = ofd([first, page(text("第二页的内容", 20, 30))])
    assert texts(data) == ["关于核发临时救助金的公示", "第二行写在前面", "第二页的内容"]
    assert [block.location.page for block in blocks(data)] == [1, 1, 2]


def test_characters_placed_one_by_one_are_one_number():
    pieces = [text(digit, 20 + 2 * at, 30) for at, digit in enumerate(RESIDENT_ID)]
    result = prescan.Scanner().scan_bytes(ofd([page(text("身份证号：", 20, 22), *pieces)]), name="名单.ofd")
    found = next(one for one in result.findings if one.type == "resident_id")
    assert result.document.text[found.start : found.end] == RESIDENT_ID
    assert result.document.media_type == "application/ofd"
    assert (found.location.page, result.verdict) == (1, "blocked")


def test_a_ruled_table_keeps_its_cells():
    rows = [["姓名", "身份证号"], ["赵小满", RESIDENT_ID]]
    found = [block for block in blocks(ofd([page(table(20, 40, [30, 60], rows))])) if block.location.part == "table"]
    assert [(block.location.cell, block.text) for block in found] == [
        ("表1!A1", "姓名"),
        ("表1!B1", "身份证号"),
        ("表1!A2", "赵小满"),
        ("表1!B2", RESIDENT_ID),
    ]


def test_a_template_is_part_of_its_page():
    common = '<ofd:TemplatePage ID="5" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    extra = {"Doc_0/Tpls/Tpl_0/Content.xml": page(text("受理回执", 90, 20))}
    data = ofd([page(text("编号 2026 第 7 号", 20, 40), template="5")], common=common, extra=extra)
    assert texts(data) == ["受理回执", "编号 2026 第 7 号"]


@pytest.mark.parametrize(
    ("drawn", "kind", "note"),
    [
        (text("藏起来的话", 20, 50, colour="255 255 255"), "hidden_text", "第 1 页白色的文字"),
        (text("藏起来的话", 20, 50, Visible="false"), "hidden_text", "第 1 页设为不可见的文字"),
        (text("藏起来的话", 20, 50, Alpha="0"), "hidden_text", "第 1 页全透明的文字"),
        (text("藏起来的话", 20, 50, 0.3), "hidden_text", "第 1 页极小的文字"),
        (text("藏起来的话", 20, 50) + box(18, 48, 60, 10), "fake_redaction", "第 1 页方块下的文字"),
        (text("藏起来的话", 20, 400), "hidden_text", "第 1 页页面之外的文字"),
    ],
)
def test_what_is_not_seen_is_told_with_the_reason(drawn, kind, note):
    data = ofd([page(text("看得见的正文内容", 20, 20), drawn)])
    assert hidden(data) == {("藏起来的话", kind, note)}
    assert "看得见的正文内容" in texts(data)


@pytest.mark.parametrize(
    "drawn",
    [
        box(18, 48, 60, 10, "200 0 0") + text("白字红底", 20, 50, colour="255 255 255"),
        text("盖住又重写", 20, 50) + box(18, 48, 60, 10, "255 255 255") + text("盖住又重写", 20, 50),
        box(18, 48, 60, 10, "240 240 240") + text("底纹上的字", 20, 50),
    ],
)
def test_what_is_seen_after_all_is_not_hidden(drawn):
    assert not hidden(ofd([page(text("看得见的正文内容", 20, 20), drawn)]))


def test_what_lies_beside_the_pages_is_read_with_its_place():
    document = (
        "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
        "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
    )
    extra = {
        "Doc_0/Annots/Annotations.xml": f'<ofd:Annotations {NS}><ofd:Page PageID="0"><ofd:FileLoc>P0.xml</ofd:FileLoc>'
        "</ofd:Page></ofd:Annotations>",
        "Doc_0/Annots/P0.xml": f'<ofd:PageAnnot {NS}><ofd:Annot ID="1" Type="Highlight" Creator="周正">'
        "<ofd:Remark>此处金额待核</ofd:Remark></ofd:Annot></ofd:PageAnnot>",
        "Doc_0/Attachs/Attachments.xml": f'<ofd:Attachments {NS}><ofd:Attachment ID="3" Name="名册" Format="txt">'
        "<ofd:FileLoc>a.dat</ofd:FileLoc></ofd:Attachment></ofd:Attachments>",
        "Doc_0/Attachs/a.dat": f"附件里的身份证号 {RESIDENT_ID}",
        "Doc_0/Pages/Page_9/Content.xml": page(text("上一版的页面", 20, 20)),
    }
    info = (
        "<ofd:Title>救助公示</ofd:Title><ofd:Creator>某软件</ofd:Creator>"
        '<ofd:CustomDatas><ofd:CustomData Name="经办人">孙小谷</ofd:CustomData></ofd:CustomDatas>'
    )
    data = ofd([page(text("正文内容一二三", 20, 20))], info=info, document=document, extra=extra)
    found = blocks(data)
    places = {(block.location.part, block.text, block.note) for block in found}
    assert ("annotation", "此处金额待核", "第 1 页的周* 注释") in places
    assert ("metadata", "标题：救助公示", "文件属性") in places
    assert ("metadata", "经办人：孙小谷", "文件属性") in places
    assert ("hidden", "上一版的页面", "未列出的页面（较早版本的残留）") in places
    assert any(block.location.member == "名册.txt" and RESIDENT_ID in block.text for block in found)
    assert "某软件" not in "".join(block.text for block in found)


def test_a_page_that_is_a_picture_is_unread():
    picture = '<ofd:ImageObject ID="6" Boundary="0 0 210 297" ResourceID="1"/>'
    result = prescan.Scanner().scan_bytes(ofd([page(text("首页有文字的内容", 20, 20)), page(picture)]), name="a.ofd")
    assert [(one.code, "第 2 页" in one.detail) for one in result.unread] == [("no_text_layer", True)]
    assert result.verdict == "unread"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ofd([page(text("内容", 20, 20))], extra={"Encryptions.xml": "<x/>"}), "encrypted"),
        (ofd([]), "empty"),
        (ofd([page(text("内容", 20, 20))], extra={"OFD.xml": "<OFD"}), "corrupted"),
        (ofd([page(text("内容", 20, 20))]).replace(b"OFD.xml", b"OFD.xm1"), "other"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_cannot_be_read_says_why(data, code):
    if code == "other":
        assert identify(data, "").media_type == "application/zip"
        return
    with pytest.raises(ReadError) as caught:
        list(read(data, identify(data, ""), Limits()))
    assert caught.value.code == code


def test_units_that_hold_each_other_end_and_the_rest_is_read():
    unit = "".join('<ofd:CompositeObject ID="3" ResourceID="4" Boundary="0 0 9 9"/>' for _ in range(9))
    resources = f'<ofd:Res {NS}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="4"><ofd:Content>{unit}'
    resources += "</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    bomb = '<ofd:CompositeObject ID="2" ResourceID="4" Boundary="0 0 9 9"/>'
    data = ofd(
        [page(text("炸弹之前的正文", 20, 20), bomb)],
        common="<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>",
        extra={"Doc_0/PublicRes.xml": resources},
    )
    started = time.monotonic()
    items = list(read(data, identify(data, ""), Limits()))
    assert time.monotonic() - started < 20
    assert "炸弹之前的正文" in [item.text for item in items if not isinstance(item, Unread)]
    assert [item.code for item in items if isinstance(item, Unread)] == ["too_large"]


def test_text_under_a_box_of_an_annotation_is_covered():
    notes = f'<ofd:Annotations {NS}><ofd:Page PageID="0"><ofd:FileLoc>A.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>'

    def covered(alpha):
        drawn = box(0, 0, 150, 20).replace('Value="0 0 0"', f'Value="0 0 0" Alpha="{alpha}"')
        looks = f'<ofd:Appearance Boundary="10 35 150 20">{drawn}</ofd:Appearance>'
        note = f'<ofd:Annot ID="1" Type="Path">{looks}</ofd:Annot>'
        data = ofd(
            [page(text("看得见的正文第一行文字比较长一些", 20, 20), text("盖住的暗记", 20, 40))],
            document="<ofd:Annotations>Annots.xml</ofd:Annotations>",
            extra={"Doc_0/Annots.xml": notes, "Doc_0/A.xml": f"<ofd:PageAnnot {NS}>{note}</ofd:PageAnnot>"},
        )
        blocks = [item for item in read(data, identify(data, ""), Limits()) if not isinstance(item, Unread)]
        return [(block.location.part, block.hidden) for block in blocks if "盖住的暗记" in block.text]

    assert covered(255) == [("hidden", "fake_redaction")]
    assert covered(80) == [("body", None)]


def test_text_that_is_neither_filled_nor_stroked_is_not_seen():
    data = ofd([page(text("看得见的正文", 20, 20), text("没有颜色的暗记", 20, 40, Fill="false"))])
    blocks = [item for item in read(data, identify(data, ""), Limits()) if not isinstance(item, Unread)]
    (found,) = [block for block in blocks if "没有颜色" in block.text]
    assert (found.hidden, found.note) == ("hidden_text", "第 1 页既不填充也不描边的文字")


def pixels(mode):
    out = io.BytesIO()
    Image.new(mode, (20, 20), "white" if mode == "RGB" else (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def with_picture(mode, *, over=True, height=12, **given):
    """Return a page with a text and a picture over or under it."""
    attributes = "".join(f' {name}="{value}"' for name, value in given.items())
    shown = (
        f'<ofd:ImageObject ID="5" CTM="120 0 0 {height} 0 0" Boundary="15 58 120 {height}" ResourceID="4"{attributes}/>'
    )
    resources = f'<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="4" Type="Image"><ofd:MediaFile>a.png'
    resources += "</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    objects = [text("盖住的暗记", 20, 60), shown]
    return ofd(
        [page(text("看得见的正文第一行文字比较长一些", 20, 20), *(objects if over else objects[::-1]))],
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        extra={"Doc_0/DocumentRes.xml": resources, "Doc_0/Res/a.png": pixels(mode)},
    )


def reasons(data, words):
    blocks = (item for item in read(data, identify(data, ""), Limits()) if not isinstance(item, Unread))
    return [(block.hidden, block.note) for block in blocks if words in block.text]


def test_text_under_a_picture_is_covered():
    """A picture nothing shines through covers; a clear one, one below, one that is a scan of the page does not."""
    assert reasons(with_picture("RGB"), "盖住的暗记") == [("fake_redaction", "第 1 页图片下的文字")]
    seen = [(None, "")]
    assert reasons(with_picture("RGBA"), "盖住的暗记") == seen
    assert reasons(with_picture("RGB", over=False), "盖住的暗记") == seen
    assert reasons(with_picture("RGB", Alpha="90"), "盖住的暗记") == seen
    assert reasons(with_picture("RGB", Visible="false"), "盖住的暗记") == seen
    assert reasons(with_picture("RGB", height=290), "盖住的暗记") == seen


def clipped(words, *areas):
    """Return a text of which only what lies in the areas is seen; each is a path, or "" for one that is empty."""
    drawn = "".join(
        f'<ofd:Clip><ofd:Area><ofd:Path Boundary="0 0 200 20"><ofd:AbbreviatedData>{area}</ofd:AbbreviatedData>'
        "</ofd:Path></ofd:Area></ofd:Clip>"
        for area in areas
    )
    return text(words, 20, 60).replace("<ofd:TextCode", f"<ofd:Clips>{drawn}</ofd:Clips><ofd:TextCode")


@pytest.mark.parametrize(
    ("areas", "cut"),
    [
        ([""], True),
        (["M 0 0 L 0 0 C"], True),
        (["M 150 10 L 160 10 L 160 12 L 150 12 C"], True),
        (["M 0 0 L 190 0 L 190 12 L 0 12 C", "M 150 0 L 190 0 L 190 12 L 150 12 C"], True),
        (["M 0 0 L 190 0 L 190 12 L 0 12 C"], False),
        (["M 0 0 B 60 0 120 6 120 12 L 0 12 C"], False),
        ([], False),
    ],
)
def test_text_that_clips_cut_away_is_not_seen(areas, cut):
    data = ofd([page(text("看得见的正文第一行文字比较长一些", 20, 20), clipped("裁去的暗记", *areas))])
    expected = ("hidden_text", "第 1 页被裁去、看不到的文字") if cut else (None, "")
    assert reasons(data, "裁去的暗记") == [expected]


def test_a_box_covers_only_where_its_clips_let_it():
    clip = '<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary="0 0 9 9"><ofd:AbbreviatedData>M 0 0 L 9 0 L 9 9 L 0 9 C'
    clip += "</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"
    cut = box(15, 58, 120, 12).replace("<ofd:FillColor", f"{clip}<ofd:FillColor")
    shown = text("看得见的正文第一行文字比较长一些", 20, 20)
    assert reasons(ofd([page(shown, text("盖住的暗记", 60, 60), cut)]), "盖住的暗记") == [(None, "")]
    assert reasons(ofd([page(shown, text("盖住的暗记", 60, 60), box(15, 58, 120, 12))]), "盖住的暗记") == [
        ("fake_redaction", "第 1 页方块下的文字")
    ]
