"""Makes the Word fixtures: `python tests/formats/make_docx.py`. Needs python-docx and LibreOffice (soffice).

`places.docx` holds one canary in every place a text can hide in; `strict.docx` is the same under the strict namespaces;
`libreoffice.docx` is written by LibreOffice from `libreoffice.fodt`. People and numbers are invented.
"""


# ruff: noqa: E501  raw XML, one part a line

from __future__ import annotations

import io
import subprocess
import tempfile
import zipfile
from pathlib import Path

import docx
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from PIL import Image

FILES = Path(__file__).parent / "files"

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    }.items()
)
#: Strict OOXML uses these in place of the transitional namespaces (ISO/IEC 29500-1).
STRICT = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "http://purl.oclc.org/ooxml/officeDocument/math",
    "http://schemas.openxmlformats.org/drawingml/2006/": "http://purl.oclc.org/ooxml/drawingml/",
}
BY = 'w:id="7" w:author="王小明" w:date="2024-03-01T08:00:00Z"'


def run(text: str, properties: str = "") -> str:
    """Return a run; `properties` is what stands in its rPr."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def box(text: str) -> str:
    """Return a text box as Word stores it: once as DrawingML and once more as VML for old programs."""
    content = f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>{content}</wps:txbx>"
        f"</wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{content}"
        "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def field(code: str, result: str) -> str:
    """Return a complex field."""
    return (
        f"<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>"
        f"<w:r><w:fldChar w:fldCharType='separate'/></w:r>{run(result)}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )


#: The paragraphs of the body behind the ones python-docx writes, one a line.
PARAGRAPHS = [
    run("制表") + "<w:r><w:tab/><w:t>换行</w:t><w:br/><w:t>不断</w:t><w:noBreakHyphen/><w:t>软</w:t><w:softHyphen/>"
    "<w:t>回车</w:t><w:cr/><w:t>尾</w:t></w:r>",
    run("")
    + "<w:sdt><w:sdtPr><w:alias w:val='编号 190012'/><w:dropDownList><w:listItem w:displayText='选项甲' w:value='1'/>"
    "</w:dropDownList></w:sdtPr><w:sdtContent>" + run("控件内的暗记") + "</w:sdtContent></w:sdt>",
    f"<w:smartTag>{run('智能')}</w:smartTag><w:hyperlink w:anchor='x'>{run('链接内的暗记')}</w:hyperlink>",
    "<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>" + run("符号"),
    "<w:r><w:ruby><w:rt>" + run("wù") + "</w:rt><w:rubyBase>" + run("務") + "</w:rubyBase></w:ruby></w:r>",
    "<m:oMath><m:r><m:t>E=mc</m:t></m:r></m:oMath>",
    field(' HYPERLINK "mailto:canary@example.org" ', "域的结果") + field(" PAGE  \\* MERGEFORMAT ", "3"),
    f"<w:fldSimple w:instr=' QUOTE &quot;引用的暗记&quot; '>{run('引用')}</w:fldSimple>",
    field(' TOC \\o "1-3" \\h \\z \\u ', "目录") + field(" HYPERLINK \\l &quot;_Toc190012345&quot; ", "第一章"),
    f"{run('编号 1900')}<w:ins {BY}>{run('01')}</w:ins><w:del {BY}><w:r><w:delText>99</w:delText></w:r></w:del>"
    + run("02 止"),
    f"<w:moveFrom {BY}>{run('移走的暗记')}</w:moveFrom><w:moveTo {BY}>{run('移来的暗记')}</w:moveTo>",
    "<w:del w:id='9'><w:r><w:delText>整段删除的暗记</w:delText></w:r></w:del>",
    run("可见一") + run("隐藏的暗记", "<w:vanish/>") + run("可见二", "<w:vanish w:val='0'/>"),
    run("白色的暗记", "<w:color w:val='FFFFFF'/>") + run("极小的暗记", "<w:sz w:val='2'/>"),
    "<w:pPr><w:shd w:val='clear' w:fill='1F3864'/></w:pPr>" + run("深色底上的白字", "<w:color w:val='FFFFFF'/>"),
    "<w:pPr><w:pStyle w:val='Buried'/></w:pPr>" + run("样式隐藏的暗记"),
    box("文本框内的暗记"),
    "<w:r><w:pict><v:shape alt='形状的说明'><v:textpath string='水印的暗记'/></v:shape></w:pict></w:r>",
]
STYLE = (
    "<w:style {ns} w:type='paragraph' w:styleId='Buried'><w:name w:val='buried'/><w:rPr><w:vanish/></w:rPr></w:style>"
)
NOTES = (
    '<w:{kind}s {ns}><w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
    '<w:{kind} w:id="2"><w:p><w:r><w:{kind}Ref/></w:r>{text}</w:p></w:{kind}></w:{kind}s>'
)
GLOSSARY = (
    "<w:glossaryDocument {ns}><w:docParts><w:docPart><w:docPartPr><w:types><w:type w:val='bbPlcHdr'/></w:types>"
    "</w:docPartPr><w:docPartBody><w:p>{prompt}</w:p></w:docPartBody></w:docPart>"
    "<w:docPart><w:docPartBody><w:p>{text}</w:p></w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>"
)
CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" {ns}><a:p><a:r><a:t>图表</a:t></a:r>'
    "<a:r><a:t>标题</a:t></a:r></a:p><c:f>Sheet1!A1</c:f><c:v>分类甲</c:v><c:v>分类甲</c:v></c:chartSpace>"
)
CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property pid="2" name="经办人"><vt:lpwstr>赵某甲</vt:lpwstr></property>'
    '<property pid="3" name="KSOProductBuildVer"><vt:lpwstr>2052-11.1</vt:lpwstr></property></Properties>'
)
APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Template>Normal.dotm'
    "</Template><Pages>3</Pages><Application>Microsoft Office Word</Application><Company>某县某局</Company></Properties>"
)
SETTINGS_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    'Target="file:///C:/Users/zhao/公文.dotx" TargetMode="External"/></Relationships>'
)
VARIABLES = f"<w:docVars {NAMESPACES}><w:docVar w:name='a' w:val='CANARY-190012'/></w:docVars>"


def extra_parts() -> dict[str, str | bytes]:
    """Return the parts python-docx has no call for."""
    return {
        "word/footnotes.xml": NOTES.format(kind="footnote", ns=NAMESPACES, text=run("脚注的暗记")),
        "word/endnotes.xml": NOTES.format(kind="endnote", ns=NAMESPACES, text=run("尾注的暗记")),
        "word/glossary/document.xml": GLOSSARY.format(ns=NAMESPACES, prompt=run("单击此处"), text=run("图文集的暗记")),
        "word/charts/chart1.xml": CHART.format(ns=NAMESPACES),
        "word/embeddings/oleObject1.xlsx": b"PK",
        "word/afchunk1.mht": b"MIME",
        "word/_rels/settings.xml.rels": SETTINGS_RELATIONS,
        "customXml/item1.xml": "<data><phone>13800138000</phone><short>短</short></data>",
        "docProps/custom.xml": CUSTOM,
        "docProps/app.xml": APP,
    }


def with_parts(source: bytes, parts: dict[str, str | bytes]) -> bytes:
    """Return a package with parts put in or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
        for name, content in parts.items():
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def places() -> bytes:
    """Return a document with a canary in every place."""
    document = docx.Document()
    document.add_paragraph("第一段的暗记")
    document.add_paragraph("   ")
    document.add_paragraph("第二段的暗记").add_run().add_break(WD_BREAK.PAGE)
    last = document.add_paragraph()
    last._p.append(parse_xml(f"<w:r {NAMESPACES}><w:lastRenderedPageBreak/><w:t>第二页的暗记</w:t></w:r>"))
    for content in PARAGRAPHS:
        document.element.body.insert(-1, parse_xml(f"<w:p {NAMESPACES}>{content}</w:p>"))
    table(document)
    picture(document)
    section = document.sections[0]
    section.header.paragraphs[0].text = "页眉内的暗记"
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "页眉内的暗记"
    section.footer.paragraphs[0].text = "页脚内的暗记"
    section.footer.paragraphs[0]._p.append(parse_xml(f"<w:r {NAMESPACES}><w:t>第二节</w:t></w:r>"))
    comment = document.add_comment(document.paragraphs[0].runs, text="批注的暗记", author="王小明", initials="W")
    comment._comment_elm.set(qn("w:date"), "2024-03-02T00:00:00Z")
    document.styles.element.append(parse_xml(STYLE.format(ns=NAMESPACES)))
    properties = document.core_properties
    properties.author, properties.title, properties.last_modified_by = "张三", "python-docx", "李四"
    properties.comments = "generated by python-docx"
    document.settings.element.append(parse_xml(VARIABLES))
    out = io.BytesIO()
    document.save(out)
    return with_parts(out.getvalue(), extra_parts())


def table(document: docx.document.Document) -> None:
    """Add a table with merged cells, a cell of two paragraphs, an empty cell and a table inside a cell."""
    grid = document.add_table(rows=3, cols=3)
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "合并格"
    grid.cell(0, 2).text = "第三列"
    grid.cell(1, 0).text = "上"
    grid.cell(1, 0).add_paragraph("下")
    grid.cell(1, 2).paragraphs[0]._p.append(parse_xml(f"<w:ins {NAMESPACES} {BY}>{run('格内插入')}</w:ins>"))
    grid.cell(1, 1).merge(grid.cell(2, 1)).text = "竖并"
    inner = grid.cell(2, 0).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内甲", "内乙"
    grid.cell(2, 2).text = "末格"


def picture(document: docx.document.Document) -> None:
    """Add a picture with a description."""
    pixels = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(pixels, "PNG")
    pixels.seek(0)
    shape = document.add_picture(pixels)
    shape._inline.docPr.set("descr", "图片说明的暗记")


def strict(source: bytes) -> bytes:
    """Return the same package under the strict namespaces."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for transitional, uri in STRICT.items():
                content = content.replace(transitional.encode(), uri.encode())
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def by_libreoffice(source: Path) -> bytes:
    """Return what LibreOffice makes of a flat OpenDocument text."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return (Path(folder) / f"{source.stem}.docx").read_bytes()


def main() -> None:
    """Write all fixtures."""
    FILES.mkdir(exist_ok=True)
    document = places()
    (FILES / "places.docx").write_bytes(document)
    (FILES / "strict.docx").write_bytes(strict(document))
    (FILES / "libreoffice.docx").write_bytes(by_libreoffice(FILES / "libreoffice.fodt"))


if __name__ == "__main__":
    main()
