"""What picture files say beside EXIF, and what was recorded with the pictures inside of documents."""

from __future__ import annotations

import base64
import io

import docx
import pptx
import pytest
from invented import RESIDENT_ID as ID
from PIL import Image, PngImagePlugin
from reportlab.pdfgen.canvas import Canvas

from prescan.formats import read_member
from prescan.formats.image.metadata import picture_metadata
from prescan.types import Block, Limits

GPS = {1: "N", 2: (39.0, 54.0, 0.0), 3: "E", 4: (116.0, 23.0, 0.0)}
XMP = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="urn:r"><rdf:Description id="{ID}"/></rdf:RDF></x:xmpmeta>'
)


def picture(kind: str, *, exif: dict[int, object] | None = None, place: bool = False, **more: object) -> bytes:
    out, entries = io.BytesIO(), Image.Exif()
    for tag, value in (exif or {}).items():
        entries[tag] = value
    if place:
        entries.get_ifd(0x8825).update(GPS)
    Image.new("RGB", (80, 50), "grey").save(out, kind, exif=entries, **more)
    return out.getvalue()


def described() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_itxt("Description", f"经办 {ID}")
    told.add_itxt("Software", "Drawing 1.0")
    return picture("PNG", pnginfo=told)


def iptc() -> bytes:
    """Return a JPEG with a caption as Photoshop keeps it."""
    said = b"\x1c\x02\x78" + len(ID).to_bytes(2, "big") + ID.encode()
    held = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(said).to_bytes(4, "big") + said
    plain = picture("JPEG")
    return plain[:2] + b"\xff\xed" + (len(held) + 2).to_bytes(2, "big") + held + plain[2:]


MADE = {
    "comment of a jpeg": picture("JPEG", comment=f"核对 {ID}"),
    "comment of a gif": picture("GIF", comment=f"id {ID}"),
    "xmp of a jpeg": picture("JPEG", xmp=XMP.encode()),
    "xmp of a webp": picture("WEBP", xmp=XMP.encode()),
    "iptc": iptc(),
    "another entry": picture("JPEG", exif={0x0131: f"Editor {ID}"}),
    "behind a jpeg": picture("JPEG") + ID.encode(),
    "behind a png": picture("PNG") + ID.encode(),
}


@pytest.mark.parametrize("name", MADE)
def test_what_a_picture_says_beside_exif(name: str) -> None:
    found = list(picture_metadata(MADE[name]))
    assert [(block.location.part, block.hidden, block.note) for block in found] == [
        ("metadata", "metadata", "图片属性")
    ]
    assert ID in found[0].text


@pytest.mark.parametrize("order", ["le", "be"])
def test_a_remark_in_either_order_of_bytes(order: str) -> None:
    entries, out = Image.Exif(), io.BytesIO()
    entries.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + f"张三的住处{ID}".encode(f"utf-16-{order}")
    Image.new("RGB", (80, 50)).save(out, "JPEG", exif=entries)
    assert [block.text for block in picture_metadata(out.getvalue())] == [f"用户说明：张三的住处{ID}"]


def test_what_programs_write_is_not_told() -> None:
    plain = XMP.replace(ID, "xmp.iid:0180117407206811822A8F3D5B1C0E44 2024-03-01T10:20:30+08:00")
    for data in (picture("JPEG", xmp=plain.encode(), comment="made by a program"), picture("PNG") + b"\0" * 40):
        assert list(picture_metadata(data)) == []


@pytest.mark.parametrize("name", MADE)
def test_damaged_pictures_say_what_is_left(name: str) -> None:
    """Wherever one is cut: the beginning of what it said, or nothing."""
    data = MADE[name]
    (whole,) = (block.text for block in picture_metadata(data))
    left = [[block.text for block in picture_metadata(data[:cut])] for cut in range(2, len(data), 5)]
    assert all(len(told) <= 1 and whole.startswith("".join(told)) for told in left)
    assert any(left)


def in_docx(image: bytes) -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph("附图")
    made.add_picture(io.BytesIO(image))
    made.save(out)
    return out.getvalue()


def in_pptx(image: bytes) -> bytes:
    made, out = pptx.Presentation(), io.BytesIO()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "附图"
    slide.shapes.add_picture(io.BytesIO(image), 0, 0)
    made.save(out)
    return out.getvalue()


def in_html(image: bytes) -> bytes:
    return f"<p>附图</p><img src='data:image/jpeg;base64,{base64.b64encode(image).decode()}'>".encode()


def in_pdf(image: bytes) -> bytes:
    """Return a page with the bytes of a photograph as they are, as programs embed them that do not convert it."""
    out = io.BytesIO()
    made = Canvas(out, pageCompression=0)
    made.drawString(72, 700, "a page with a picture and enough characters")
    made.save()
    held = b"98 0 obj\n<</Subtype/Image/Filter/DCTDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n"
    data, at = out.getvalue(), out.getvalue().rindex(b"xref", 0, out.getvalue().rindex(b"startxref"))
    return data[:at] + held % (len(image), image) + data[at:]


@pytest.mark.parametrize(
    ("made", "name"), [(in_docx, "a.docx"), (in_pptx, "a.pptx"), (in_html, "a.html"), (in_pdf, "a.pdf")]
)
def test_what_was_recorded_with_pictures_inside(made: object, name: str) -> None:
    """Where it was taken, and what is for people; not the camera."""
    image = picture("JPEG", exif={0x010E: f"no. {ID}", 0x010F: "Maker", 0x0110: "Model 5"}, place=True)
    found = [item for item in read_member(name, made(image), Limits()) if isinstance(item, Block)]
    assert [(one.text, one.hidden, one.note) for one in found if "文中图片" in one.note] == [
        ("拍摄位置（GPS）：39.900000, 116.383333", "metadata", "文中图片属性：拍摄位置"),
        (f"图片说明：no. {ID}", "metadata", "文中图片属性"),
    ]


def test_texts_of_a_picture() -> None:
    found = [item for item in read_member("a.docx", in_docx(described()), Limits()) if isinstance(item, Block)]
    assert [one.text for one in found if "文中图片" in one.note] == [f"图片说明：经办 {ID}"]
