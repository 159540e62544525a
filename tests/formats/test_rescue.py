"""What only LibreOffice reads: where it is installed it saves the file in a format that is read here."""

from __future__ import annotations

import base64
import io
import shutil
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import docx
import pytest
import reading
from needed import needs

from prescan.errors import ReadError
from prescan.types import Block, Limits, Unread

FILES = Path(__file__).parent / "files"


def _has_calc() -> bool:
    """Return whether LibreOffice reads workbooks here."""
    found = shutil.which("soffice")
    return bool(found) and Path(str(found)).resolve().with_name("libsclo.so").exists()


needs_office = needs("soffice (LibreOffice)", there=bool(shutil.which("soffice")))


def items(data: bytes, name: str) -> list[Block | Unread]:
    return reading.items(data, name, Limits(seconds=300))


@needs_office
def test_flat_xml_is_read_with_its_places() -> None:
    """Text, tables and hidden places come as from the docx that LibreOffice makes; nothing of LibreOffice itself."""
    found = items((FILES / "embedded.fodt").read_bytes(), "a.fodt")
    assert [item for item in found if isinstance(item, Unread)] == []
    assert "正文暗记" in [item.text for item in found if isinstance(item, Block)]
    assert not [item for item in found if isinstance(item, Block) and item.location.part == "metadata"]


@needs_office
def test_nothing_is_fetched() -> None:
    """A picture that lies elsewhere is not asked for."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        data = (FILES / "embedded.fodt").read_text(encoding="utf-8")
        link = f'<draw:frame svg:width="1cm" svg:height="1cm"><draw:image xlink:href="http://127.0.0.1:{server.server_port}/x.png" xlink:type="simple"/></draw:frame>'  # noqa: E501
        found = items(data.replace("正文暗记", f"正文暗记{link}").encode(), "a.fodt")
    finally:
        server.shutdown()
        server.server_close()
    assert "正文暗记" in "".join(item.text for item in found if isinstance(item, Block))
    assert asked == []


@needs_office
@needs("LibreOffice Calc", there=_has_calc())
def test_a_damaged_file_is_read_as_far_as_libreoffice_can() -> None:
    """The text comes, and that it may not be all of it is said."""
    found = items((FILES / "roster.xls").read_bytes()[:-600], "a.xls")
    assert any(item.location.cell for item in found if isinstance(item, Block))
    assert [item.code for item in found if isinstance(item, Unread) and "LibreOffice" in str(item.detail)] == [
        "corrupted"
    ]


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is unread, and the user is told what would help; a damaged one keeps its code."""
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ReadError) as caught:
        items((FILES / "embedded.fodt").read_bytes(), "a.fodt")
    assert (caught.value.code, "LibreOffice" in str(caught.value.detail)) == ("external_tool", True)
    with pytest.raises(ReadError) as caught:
        items((FILES / "relief.doc").read_bytes()[:9000], "a.doc")
    assert (caught.value.code, "LibreOffice" in str(caught.value.detail)) == ("corrupted", True)


WORD_2003 = """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>
<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:aml="http://schemas.microsoft.com/aml/2001/core"><o:DocumentProperties><o:Manager>李某某</o:Manager>
</o:DocumentProperties><w:body><w:p><w:r><w:t>正文如下</w:t></w:r><aml:annotation aml:id="0" w:type="Word.Deletion">
<aml:content><w:r><w:delText>证号110101190203140028</w:delText></w:r></aml:content></aml:annotation></w:p></w:body>
</w:wordDocument>"""  # noqa: E501


@needs_office
def test_what_libreoffice_leaves_out_of_an_xml_file() -> None:
    """Properties, and texts for people that are in the file and not in what LibreOffice saves."""
    found = [item for item in items(WORD_2003.encode(), "a.xml") if isinstance(item, Block)]
    assert [(one.text, one.location.part, one.hidden, one.note) for one in found] == [
        ("正文如下", "body", None, ""),
        ("主管：李某某", "metadata", "metadata", "文件属性"),
        ("证号110101190203140028", "hidden", "hidden_text", "随文件保存的数据"),
    ]


def test_a_package_written_as_one_xml_file() -> None:
    """It is read as the package it stands for, with its marks and its embedded files, without LibreOffice."""
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph("正文如下").add_run("暗记").font.hidden = True
    made.core_properties.subject = "内部"
    made.save(out)
    flat = "<pkg:package xmlns:pkg='http://schemas.microsoft.com/office/2006/xmlPackage'>"
    with zipfile.ZipFile(out) as package:
        for name in package.namelist():
            content = package.read(name)
            if name.endswith((".xml", ".rels")):
                held = f"<pkg:xmlData>{content.decode().partition('?>')[2]}</pkg:xmlData>"
            else:
                held = f"<pkg:binaryData>{base64.b64encode(content).decode()}</pkg:binaryData>"
            flat += f"<pkg:part pkg:name='/{name}'>{held}</pkg:part>"
    head = "<?xml version='1.0'?><?mso-application progid='Word.Document'?>"
    found = [item for item in items(f"{head}{flat}</pkg:package>".encode(), "a.xml") if isinstance(item, Block)]
    told = [(one.text, one.location.part, one.hidden, one.note) for one in found]
    assert told[:2] == [("正文如下", "body", None, ""), ("暗记", "hidden", "hidden_text", "隐藏文字")]
    assert ("主题：内部", "metadata", "metadata", "文件属性") in told
    with pytest.raises(ReadError) as refused:
        items(f"{head}{flat}".encode(), "a.xml")
    assert refused.value.code == "corrupted"
