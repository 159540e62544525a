"""What the objects of a PDF say beside its pages: descriptions, targets, labels, forms, stamps, files on no list."""

from __future__ import annotations

import io
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from invented import RESIDENT_ID as ID
from needed import program
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, TextStringObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from prescan.formats import pdf
from prescan.types import Block, Limits

if TYPE_CHECKING:
    from pathlib import Path


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


def named(held: DictionaryObject, **more: object) -> DictionaryObject:
    held.update(pairs(**more))
    return held


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


def drawing(operators: str, **resources: object) -> object:
    """Return what puts operators behind those of the page, and resources among its own."""

    def change(writer: PdfWriter) -> None:
        held = writer.pages[0]
        held["/Resources"].update(pairs(**{key: made(writer) for key, made in resources.items()}))
        added = writer._add_object(stream(operators).flate_encode())
        held[NameObject("/Contents")] = ArrayObject([held["/Contents"].indirect_reference, added])

    return change


WIDE = f"FEFF{ID.encode('utf-16-be').hex()}"
PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:my="http://my/"><my:a rdf:parseType="Resource"><my:b>{}</my:b></my:a></rdf:Description>'
    "</rdf:RDF></x:xmpmeta>"
)
CASES |= {
    "instead of what is drawn": (drawing(f"/Span <</ActualText <{WIDE}>>> BDC EMC"), (*HIDDEN, "替代文字")),
    "described where it is drawn": (drawing(f"/Figure <</Alt ({ID})>> BDC EMC"), (*HIDDEN, "替代文字")),
    "remark of a page": (drawing(f"q Q\n% {ID}\nq Q"), (*HIDDEN, "代码注释")),
    "key of an element": (root(StructTreeRoot=pairs(K=pairs(S="/TD", ID=ID, T=ID))), (*HIDDEN, "注释或表单的内部数据")),
    "script in a stream": (
        lambda writer: root(
            OpenAction=pairs(S="/JavaScript", JS=writer._add_object(stream(f"app.alert('{ID}')").flate_encode()))
        )(writer),
        (*HIDDEN, "脚本中的文字"),
    ),
    "a property of any name": (
        lambda writer: root(
            Metadata=writer._add_object(
                named(stream(PACKET.format(ID)).flate_encode(), Type="/Metadata", Subtype="/XML")
            )
        )(writer),
        ("metadata", "metadata", "文件属性"),
    ),
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
    ("flags", "expected"),
    [
        (4, [("annotation", "annotation", "第 1 页的图章或注释中的文字")]),
        (2, [(*HIDDEN, "没有画在页面上的图形中的文字")]),
    ],
)
def test_the_text_a_stamp_is_drawn_with(flags: int, expected: list[tuple[str, str, str]]) -> None:
    def change(writer: PdfWriter) -> None:
        drawn = stream(f"BT /F1 12 Tf 2 4 Td ({ID}) Tj ET")
        resources = writer.pages[0]["/Resources"]
        drawn.update(pairs(Type="/XObject", Subtype="/Form", BBox=boxed(0, 0, 228, 20), Resources=resources))
        looks = pairs(N=writer._add_object(drawn))
        note(Subtype="/Stamp", F=FloatObject(flags), AP=looks)(writer)

    assert told(saved(change)) == expected


@pytest.mark.parametrize("behind", [False, True])
def test_remarks_between_objects_are_told(behind: bool) -> None:
    remark = f"\n% 证件{ID}\n".encode()
    data = page() + remark if behind else page().replace(b"\n1 0 obj", remark + b"1 0 obj", 1)
    assert told(data) == [(*HIDDEN, "代码注释")]


def test_streams_packed_as_text_are_looked_through() -> None:
    """reportlab writes streams in ASCII base 85 around Flate."""
    out = io.BytesIO()
    made = canvas.Canvas(out, pageCompression=1)
    made.drawString(72, 780, "Visible text of the page with enough characters.")
    made._code.append(f"/Span <</ActualText <{WIDE}>>> BDC EMC")
    made.save()
    assert b"/ASCII85Decode" in out.getvalue()
    assert told(out.getvalue()) == [(*HIDDEN, "替代文字")]


def text_with(before: str, text: str = f"({ID}) Tj", after: str = "") -> str:
    return f"BT /F1 12 Tf {before} 72 300 Td {text} ET {after}"


@pytest.mark.parametrize(
    ("operators", "note"),
    [
        (text_with("7 Tr"), "第 1 页不显示的文字"),
        (text_with("1 Tz"), "第 1 页极小的文字"),
        (text_with("50 Tz"), ""),
        (f"q {text_with('7 Tr')} 0 0.5 0.5 rg 0 0 595 842 re f Q", ""),
    ],
)
def test_text_that_is_squeezed_or_only_an_outline(operators: str, note: str) -> None:
    """Type under a point wide cannot be read; an outline shows where something is drawn through it."""
    assert [found[2] for found in told(saved(drawing(operators)))] == [note]


@pytest.mark.parametrize(("shade", "note"), [("0", "第 1 页因蒙版不显示的文字"), ("1", "")])
def test_text_behind_a_mask(shade: str, note: str) -> None:
    """What a mask of black lets through is nothing; the font is in the file, so drawing proves it."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    out = io.BytesIO()
    made = canvas.Canvas(out, pagesize=(595, 842))
    made.drawString(72, 780, "Visible text of the page with enough characters.")
    made._code.append("q /Veil gs")
    made.setFont("Vera", 12)
    made.drawString(72, 300, ID)
    made._code.append("Q")
    made.save()
    writer, masked = PdfWriter(clone_from=PdfReader(io.BytesIO(out.getvalue()))), io.BytesIO()
    group = stream(f"{shade} g 0 0 595 842 re f")
    looks = pairs(S="/Transparency", CS="/DeviceGray")
    group.update(pairs(Type="/XObject", Subtype="/Form", BBox=boxed(0, 0, 595, 842), Group=looks))
    veil = pairs(SMask=pairs(Type="/Mask", S="/Luminosity", G=writer._add_object(group)))
    writer.pages[0]["/Resources"].update(pairs(ExtGState=pairs(Veil=veil)))
    writer.write(masked)
    assert [found[2] for found in told(masked.getvalue())] == [note]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("direct", [False, True])
def test_what_a_program_keeps_however_deep(direct: bool, packed: bool, tmp_path: Path) -> None:
    """A stream that dictionaries, direct or not, and lists lead to (PieceInfo, 14.5)."""

    def change(writer: PdfWriter) -> None:
        kept: object = pairs(Inner=ArrayObject([pairs(Data=writer._add_object(stream(f"<v>{ID}</v>").flate_encode()))]))
        kept = kept if direct else writer._add_object(kept)
        root(PieceInfo=pairs(App=pairs(Private=pairs(A=pairs(B=FloatObject(1)), Kept=kept))))(writer)

    data = saved(change)
    if packed:
        source, target = tmp_path / "plain.pdf", tmp_path / "packed.pdf"
        source.write_bytes(data)
        subprocess.run([program("qpdf"), "--object-streams=generate", source, target], check=True)
        data = target.read_bytes()
    assert told(data) == [(*HIDDEN, "程序随文件保存的数据")]


def test_what_stands_behind_the_end_of_the_file() -> None:
    assert told(page() + f"\n证件 {ID}\n".encode()) == [(*HIDDEN, "文件末尾附加的数据")]


def test_the_note_of_an_earlier_state() -> None:
    """A later state of the object says something else; the seal of a signature is no text."""
    data = saved(note(Subtype="/Text", Contents=f"核{ID}"))
    number = max(int(found[1]) for found in re.finditer(rb"(\d+) 0 obj(?=[^o]*/Annot\b)", data))
    later = b"%d 0 obj\n<</Type/Annot/Subtype/Text/Rect[1 1 9 9]/Contents(x)>>\nendobj\n" % number
    index = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(data))
    trailer = re.search(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)", data, re.DOTALL)
    assert trailer
    end = b"trailer\n<<%b/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (*trailer.groups(), len(data) + len(later))
    said = [(one.location.part, one.hidden, one.note) for one in pdf.read(data + later + index + end, Limits())]
    assert (*HIDDEN, "注释中的文字") in said
    seal = pairs(Type="/Sig", ByteRange=ArrayObject([]), Contents=f"证件{ID}")
    assert told(saved(root(Perms=pairs(DocMDP=seal)))) == []


def test_dates_and_what_the_page_says_are_not_told() -> None:
    assert told(saved(root(PieceInfo=pairs(App=pairs(LastModified="D:20240101120000"))))) == []
    blocks = [item for item in pdf.read(page(), Limits()) if isinstance(item, Block)]
    assert [block.hidden for block in blocks if block.hidden] == []
