"""Makes the workbook fixtures: `python tests/formats/make_xlsx.py`. Needs openpyxl and LibreOffice (soffice).

`places.xlsx` holds one canary in every place of a workbook a text can hide in: written by openpyxl, with parts added
that it has no interface for. `libreoffice.xlsx` is written by LibreOffice from `libreoffice.fods`. People and numbers
are invented.
"""

from __future__ import annotations

import datetime
import io
import subprocess
import tempfile
import zipfile
from pathlib import Path

import openpyxl
from make_ole import macros
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

FILES = Path(__file__).parent / "files"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION = '<Relationship Id="{id}" Type="{type}" Target="{target}"{mode}/>'
THREAD = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
NAMESPACES = (
    f'xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)


def sheets() -> bytes:
    """Return what openpyxl can write: a roster, its hidden rows and columns, hidden sheets, comments, choices."""
    book = openpyxl.Workbook()
    roster = book.active
    roster.title = "名单"
    roster.append(["补贴发放名单", None, None, None, None])
    roster.merge_cells("A1:E1")
    roster.append(["序号", "姓名", "身份证号", "出生日期", "金额"])
    roster.append([1, "张三", "110101190001010018", datetime.date(1901, 3, 1), 1200])
    roster.append([2, "李四", "隐藏列内的暗记", datetime.date(1902, 3, 1), 1200.5])
    roster.append([3, "隐藏行内的暗记", None, None, True])
    roster.append([4, "筛选隐藏的暗记", None, None, None])
    roster.append([5, None, None, None, "末格"])
    roster.append([None, '=HYPERLINK("#","公式内的暗记")', 110101190003070000])
    roster.column_dimensions["C"].hidden = True
    roster.row_dimensions[5].hidden = True
    roster.row_dimensions[6].hidden = True
    roster.auto_filter.ref = "A5:E6"
    roster["A10"], roster["B10"], roster["D10"] = "白色的暗记", "不显示的暗记", "深色底上的白字"
    roster["A10"].font = Font(color="FFFFFFFF")
    roster["B10"].number_format = ";;;"
    roster["D10"].font = Font(color="FFFFFFFF")
    roster["D10"].fill = PatternFill("solid", fgColor="FF1F3864")
    roster["A12"] = "前"
    roster["A12"].comment = Comment("批注的暗记", "王小明")
    roster.merge_cells("A14:B14")
    roster["A14"] = "合并的首格"
    choices = DataValidation("list", formula1='"下拉的暗记,乙方"', prompt="填表说明", promptTitle="提示")
    choices.add("E20:E30")
    usual = DataValidation("list", formula1='"男,女"')
    usual.add("F20")
    roster.add_data_validation(choices)
    roster.add_data_validation(usual)
    roster.oddHeader.center.text = "页眉内的暗记&P"
    roster.oddFooter.left.text = "页脚内的暗记"
    roster["G2"].hyperlink = "mailto:canary@example.org"
    roster["G2"] = "邮箱"
    for name, state in (("底稿", "hidden"), ("底数", "veryHidden"), ("空表", "hidden")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        if name != "空表":
            sheet.append([f"{name}内的暗记", None, "第三列"])
    book.create_sheet("第二张").append(["第二张表的暗记"])
    book.create_sheet("台账13800138000").append(["名称带号码的表"])
    book.defined_names["暗记名称"] = DefinedName("暗记名称", attr_text='"名称内的暗记"')
    book.defined_names["区域"] = DefinedName("区域", attr_text="名单!$A$1:$E$7")
    book.properties.creator = "张三"
    book.properties.lastModifiedBy = "李四"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


DRAWING = f"""<xdr:wsDr {NAMESPACES}><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>1</xdr:row></xdr:from>
<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="2" name="x" descr="图形说明的暗记"/></xdr:nvSpPr>
<xdr:txBody><a:p><a:r><a:t>文本框内</a:t></a:r><a:r><a:t>的暗记</a:t></a:r></a:p></xdr:txBody></xdr:sp>
<xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr id="3" name="g" hidden="1"/></xdr:nvGrpSpPr><xdr:sp><xdr:nvSpPr>
<xdr:cNvPr id="4" name="y"/></xdr:nvSpPr><xdr:txBody>
<a:p><a:r><a:t>隐藏图形的暗记</a:t></a:r></a:p></xdr:txBody></xdr:sp>
</xdr:grpSp></xdr:twoCellAnchor></xdr:wsDr>"""
CHART = f"""<c:chartSpace {NAMESPACES}><a:p><a:r><a:t>图表标题的暗记</a:t></a:r></a:p><c:v>图表分类的暗记</c:v>
<c:v>图表分类的暗记</c:v></c:chartSpace>"""
PIVOT = f"""<pivotCacheDefinition {NAMESPACES} refreshedBy="赵某甲"><cacheFields count="2">
<cacheField name="户主"><sharedItems><s v="缓存的户主"/><s v="残留的户主"/></sharedItems></cacheField>
<cacheField name="证号"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>"""
RECORDS = f'<pivotCacheRecords {NAMESPACES}><r><x v="0"/><s v="110101190001010026"/></r></pivotCacheRecords>'
EXTERNAL = f"""<externalLink {NAMESPACES}><externalBook r:id="rId1"><sheetNames><sheetName val="工资"/></sheetNames>
<sheetDataSet><sheetData sheetId="0"><row r="2"><cell r="A2" t="str"><v>外部缓存的暗记</v></cell>
<cell r="B2"><v>5</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>"""
THREADS = """<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
<threadedComment ref="B12" dT="2024-03-02T08:00:00" personId="{1}" id="{2}"><text>讨论的暗记</text></threadedComment>
<threadedComment ref="B12" dT="2024-03-03T08:00:00" personId="{9}" id="{3}" parentId="{2}"><text>回复的暗记</text>
</threadedComment></ThreadedComments>"""
PERSONS = """<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
<person displayName="赵某甲" id="{1}"/></personList>"""
HEADERS = f'<headers {NAMESPACES}><header userName="孙某乙" dateTime="2024-03-04T08:00:00" r:id="rId1"/></headers>'
LOG = f"""<revisions {NAMESPACES}><rcc rId="1" sId="1"><oc r="A3" t="inlineStr"><is><t>改前的暗记</t></is></oc>
<nc r="A3"><v>1</v></nc></rcc></revisions>"""
CONNECTIONS = (
    f'<connections {NAMESPACES}><connection id="1" name="c"><dbPr connection="UID=canary"/></connection></connections>'
)
SCENARIO = '<scenario name="s" comment="方案的暗记"><inputCells r="A3" val="方案的数值"/></scenario>'
VML = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">
<v:shape alt="旧图说明">
<v:textbox><div>按钮<br>的暗记</div></v:textbox></v:shape><v:shape><v:textbox>批注框</v:textbox>
<x:ClientData ObjectType="Note"/></v:shape></xml>"""
STRINGS = f"""<sst {NAMESPACES}><si><t>删除后残留的暗记</t></si><si><r><t>合并盖住</t></r>
<r><t>的暗记</t></r><rPh><t>he</t></rPh>
</si></sst>"""
CONTROL = (
    '<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<itemLst><item val="控件的选项"/></itemLst></formControlPr>'
)


def relations(*lines: tuple[str, str] | tuple[str, str, str]) -> str:
    """Return a `.rels` part; a third word makes the target an address."""
    held = "".join(
        RELATION.format(
            id=f"rId{number}",
            type=kind if ":" in kind else f"{OFFICE}/{kind}",
            target=target,
            mode=' TargetMode="External"' if rest else "",
        )
        for number, (kind, target, *rest) in enumerate(lines, 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{held}</Relationships>'


#: Parts that openpyxl does not write, and what must be added to those it does: (part, before this, add that).
ADDED = {
    "xl/drawings/drawing9.xml": DRAWING,
    "xl/drawings/_rels/drawing9.xml.rels": relations(("chart", "/xl/charts/chart9.xml")),
    "xl/charts/chart9.xml": CHART,
    "xl/drawings/vmlDrawing9.vml": VML,
    "xl/ctrlProps/ctrlProp9.xml": CONTROL,
    "xl/pivotCache/pivotCacheDefinition1.xml": PIVOT,
    "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": relations(("pivotCacheRecords", "pivotCacheRecords1.xml")),
    "xl/pivotCache/pivotCacheRecords1.xml": RECORDS,
    "xl/externalLinks/externalLink1.xml": EXTERNAL,
    "xl/externalLinks/_rels/externalLink1.xml.rels": relations(
        ("externalLinkPath", "file:///D:/canary/工资.xlsx", "External")
    ),
    "xl/threadedComments/threadedComment9.xml": THREADS,
    "xl/persons/person.xml": PERSONS,
    "xl/revisions/revisionHeaders.xml": HEADERS,
    "xl/revisions/_rels/revisionHeaders.xml.rels": relations(("revisionLog", "revisionLog1.xml")),
    "xl/revisions/revisionLog1.xml": LOG,
    "xl/connections.xml": CONNECTIONS,
    "xl/sharedStrings.xml": STRINGS,
    "customXml/item1.xml": "<root><a>CANARY-190012</a><b>短</b></root>",
    "xl/embeddings/oleObject1.bin": "内嵌的暗记",
    "xl/vbaProject.bin": macros("' 宏内的暗记\r\n"),
}


def relation_lines(*lines: tuple[str, str]) -> str:
    """Return relations to be put into a part that has some; their ids are their order from 90."""
    return "".join(
        RELATION.format(id=f"rId{number}", type=kind if ":" in kind else f"{OFFICE}/{kind}", target=target, mode="")
        for number, (kind, target) in enumerate(lines, 90)
    )


END = "</row></sheetData>"
CHANGED = {
    "xl/_rels/workbook.xml.rels": (
        "</Relationships>",
        relation_lines(
            ("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
            ("externalLink", "externalLinks/externalLink1.xml"),
            ("revisionHeaders", "revisions/revisionHeaders.xml"),
            ("connections", "connections.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ),
    ),
    "xl/worksheets/_rels/sheet1.xml.rels": (
        "</Relationships>",
        relation_lines(
            ("drawing", "/xl/drawings/drawing9.xml"),
            ("vmlDrawing", "/xl/drawings/vmlDrawing9.vml"),
            (THREAD, "/xl/threadedComments/threadedComment9.xml"),
            ("ctrlProp", "/xl/ctrlProps/ctrlProp9.xml"),
        ),
    ),
    "xl/worksheets/sheet1.xml": (
        "<autoFilter",
        f"<scenarios>{SCENARIO}</scenarios>",
    ),
    "xl/workbook.xml": ("<sheets>", '<fileSharing userName="孙某乙"/>'),
}


def places() -> bytes:
    """Return the workbook with a canary in every place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheets())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name).decode()
            before, added = CHANGED.get(name, ("", ""))
            assert not added or before in content, name
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(END, '<c r="B14" t="s"><v>1</v></c>' + END)
            target.writestr(name, content.replace(before, added + before, 1) if added else content)
        for name, content in ADDED.items():
            target.writestr(name, content)
    return out.getvalue()


def libreoffice() -> bytes:
    """Return `libreoffice.fods` as LibreOffice writes it."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        convert = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", folder]
        subprocess.run([*convert, str(FILES / "libreoffice.fods")], check=True, capture_output=True)
        return (Path(folder) / "libreoffice.xlsx").read_bytes()


if __name__ == "__main__":
    (FILES / "places.xlsx").write_bytes(places())
    (FILES / "libreoffice.xlsx").write_bytes(libreoffice())
