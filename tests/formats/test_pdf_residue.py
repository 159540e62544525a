"""What the objects of a PDF say beside its pages: descriptions, targets, labels, forms, stamps, files on no list."""

from __future__ import annotations

import io

import pytest
from invented import RESIDENT_ID as ID
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, TextStringObject
from reportlab.pdfgen import canvas

from prescan.formats import pdf
from prescan.types import Block, Limits


def page() -> bytes:
    out = io.BytesIO()
    made = canvas.Canvas(out, pagesize=(595, 842))
    made.drawString(72, 780, "Visible text of the page with enough characters.")
    made.save()
    return out.getvalue()


def pairs(**held: object) -> DictionaryObject:
    """Return a dictionary; plain texts become strings, texts with a slash names."""

    def made(value: object) -> object:
        if not isinstance(value, str):
            return value
        return NameObject(value) if value.startswith("/") else TextStringObject(value)

    return DictionaryObject({NameObject(f"/{key}"): made(value) for key, value in held.items()})


def stream(content: str) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(content.encode())
    return made


def boxed(*sides: float) -> ArrayObject:
    return ArrayObject([FloatObject(side) for side in sides])


def saved(change: object, *, packed: bool = False) -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(page()))), io.BytesIO()
    change(writer)
    if packed:
        writer.compress_identical_objects()
    writer.write(out)
    return out.getvalue()


def root(**held: object) -> object:
    return lambda writer: writer._root_object.update(pairs(**held))


def note(**held: object) -> object:
    def change(writer: PdfWriter) -> None:
        kind = pairs(Type="/Annot", **{"Rect": boxed(72, 600, 300, 620), **held})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(kind)])

    return change


def told(data: bytes) -> list[tuple[str, str | None, str]]:
    found = [item for item in pdf.read(data, Limits()) if isinstance(item, Block) and ID in item.text]
    return [(item.location.part, item.hidden, item.note) for item in found]


HIDDEN = "hidden", "hidden_text"
CASES = {
    "description": (root(StructTreeRoot=pairs(K=pairs(S="/Figure", Alt=f"证件{ID}"))), (*HIDDEN, "替代文字")),
    "expansion": (root(StructTreeRoot=pairs(K=pairs(S="/Span", E=ID))), (*HIDDEN, "替代文字")),
    "page label": (root(PageLabels=pairs(P=ID)), (*HIDDEN, "页码标签")),
    "address": (note(Subtype="/Link", A=pairs(S="/URI", URI=f"mailto:{ID}@x.cn")), (*HIDDEN, "链接或文件的地址")),
    "launch": (note(Subtype="/Link", A=pairs(S="/Launch", F=f"D:/{ID}.doc")), (*HIDDEN, "链接或文件的地址")),
    "subject": (note(Subtype="/Text", Contents="x", Subj=ID), (*HIDDEN, "注释或表单的内部数据")),
    "unapplied redaction": (note(Subtype="/Redact", OverlayText=ID), (*HIDDEN, "注释或表单的内部数据")),
    "a program's own": (root(PieceInfo=pairs(App=pairs(X=f"证{ID}"))), (*HIDDEN, "文件内部的数据")),
}


@pytest.mark.parametrize("name", CASES)
def test_strings_of_objects_are_told(name: str) -> None:
    change, expected = CASES[name]
    assert told(saved(change)) == [expected]


def test_the_data_of_a_form_is_read() -> None:
    data = f'<xfa:datasets xmlns:xfa="v"><xfa:data><f>{ID}</f></xfa:data></xfa:datasets>'

    def change(writer: PdfWriter) -> None:
        root(AcroForm=pairs(XFA=writer._add_object(stream(data))))(writer)

    assert told(saved(change)) == [("form", None, "表单（XFA）中的数据")]


def test_a_file_on_no_list_is_an_attachment() -> None:
    def change(writer: PdfWriter) -> None:
        held = writer._add_object(stream(f"证件 {ID}"))
        root(AF=ArrayObject([pairs(Type="/Filespec", F="a.txt", EF=pairs(F=held))]))(writer)

    found = [item for item in pdf.read(saved(change), Limits()) if isinstance(item, Block)]
    assert [(item.location.member, ID in item.text) for item in found if item.location.member] == [
        ("未列出的附件1", True)
    ]


@pytest.mark.parametrize(
    ("flags", "expected"), [(4, [("annotation", "annotation", "第 1 页的图章或注释中的文字")]), (2, [])]
)
def test_the_text_a_stamp_is_drawn_with(flags: int, expected: list[tuple[str, str, str]]) -> None:
    def change(writer: PdfWriter) -> None:
        drawn = stream(f"BT /F1 12 Tf 2 4 Td ({ID}) Tj ET")
        resources = writer.pages[0]["/Resources"]
        drawn.update(pairs(Type="/XObject", Subtype="/Form", BBox=boxed(0, 0, 228, 20), Resources=resources))
        looks = pairs(N=writer._add_object(drawn))
        note(Subtype="/Stamp", F=FloatObject(flags), AP=looks)(writer)

    assert told(saved(change)) == expected


def test_dates_and_what_the_page_says_are_not_told() -> None:
    assert told(saved(root(PieceInfo=pairs(App=pairs(LastModified="D:20240101120000"))))) == []
    blocks = [item for item in pdf.read(page(), Limits()) if isinstance(item, Block)]
    assert [block.hidden for block in blocks if block.hidden] == []
