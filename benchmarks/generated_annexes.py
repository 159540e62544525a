"""Annexes of a generated site: small docx, csv and xlsx files, byte for byte the same each time."""

from __future__ import annotations

import io
import random
import zipfile
from typing import Final

import generated_words as words

KINDS: Final = ("docx", "csv", "xlsx")
#: One annex in so many lists people.
_LEAK_EVERY: Final = 10


def path(number: int) -> str:
    """Return where an annex lies."""
    return f"czzj/files/P{number:06}.{KINDS[number % len(KINDS)]}"


def annex(number: int, seed: int) -> tuple[bytes, list[str]]:
    """Return an annex and what must be found in it at block: one in ten lists people with their numbers."""
    rng = random.Random(f"{seed}-{number}")  # noqa: S311  not cryptography
    leaks = number % _LEAK_EVERY == 0
    rows: list[tuple[str, ...]] = (
        [("序号", "姓名", "身份证号", "乡镇")] if leaks else [("序号", "项目", "金额（万元）", "乡镇")]
    )
    for row in range(12):
        other = rng.choice(words.SUBJECTS), str(rng.randrange(10, 900))
        named = (words.name(rng), words.resident_id(rng)) if leaks else other
        rows.append((str(row + 1), *named, "石桥镇"))
    title = "农村危房改造补助对象花名册" if leaks else "年度项目资金安排表"
    return _MAKERS[KINDS[number % len(KINDS)]](title, rows), ["resident_id"] if leaks else []


def _docx(title: str, rows: list[tuple[str, ...]]) -> bytes:
    cells = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    body = f"<w:p><w:r><w:t>{title}</w:t></w:r></w:p><w:tbl>{cells}</w:tbl>"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return _zip({"word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>"})


def _xlsx(title: str, rows: list[tuple[str, ...]]) -> bytes:
    lines = "".join(
        f'<row r="{at}">'
        + "".join(f'<c r="{"ABCD"[n]}{at}" t="inlineStr"><is><t>{cell}</t></is></c>' for n, cell in enumerate(row))
        + "</row>"
        for at, row in enumerate([(title,), *rows], 1)
    )
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return _zip(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{packed}"><Relationship Id="r1" Type="{rel}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{rel}"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packed}"><Relationship Id="r1"'
            f' Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{lines}</sheetData></worksheet>",
        }
    )


def _csv(title: str, rows: list[tuple[str, ...]]) -> bytes:
    return "\n".join([title, *(",".join(row) for row in rows)]).encode("utf-8-sig")


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


_MAKERS: Final = {"docx": _docx, "csv": _csv, "xlsx": _xlsx}
