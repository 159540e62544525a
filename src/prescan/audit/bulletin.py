"""检查通报 (docx): scope and method, overall figures, findings by unit and file, next steps."""

from __future__ import annotations

import datetime
import json
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.audit import doubts, statistics
from prescan.report.shown import harmless
from prescan.text import workdays

if TYPE_CHECKING:
    from prescan.audit.plan import Plan
    from prescan.audit.store import Store

_FONT: Final = "仿宋"
_HEADING_FONT: Final = "黑体"
_TITLE: Final = "关于政府网站存量信息排查情况的通报"
_FILES_OF_A_UNIT: Final = 30
_NEXT: Final = (
    "对列入“立即处理”的页面和附件，先撤下，核实后脱敏重发；撤下后同步清理搜索引擎快照、镜像站和缓存，并向技术支撑单位确认。",
    "个人信息的遮盖方式要统一：身份证件号、电话号码只留少数几位，各处遮盖位置相同；家庭住址只到乡镇、街道。",
    "对机器提示的疑点逐条核实，属实的整改，误报或依法可以公开的写明理由，填入整改台账后按期报送。",
    "公示期满、超过留存期或已失效的内容及时撤下或注明，今后发布前先审查、后公开。",
)


def write(store: Store, stream: IO[bytes], _key: bytes, plan: Plan) -> None:
    """Write the draft of the notice about the last batch. Raises PrescanError if there is none."""
    import docx  # noqa: PLC0415  slow to import
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    last = statistics.last_batch(store)
    paper = docx.Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    for section in paper.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
    paper.core_properties.author = ""
    paper.core_properties.comments = ""
    day = datetime.date.fromisoformat(last["today"])
    paper.core_properties.created = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
    _heading(paper, _TITLE, 22, centred=True)
    _text(paper, "（机器排查初稿，由人核实、修改后印发）")
    figures = statistics.headline(store, int(last["id"]))
    _heading(paper, "一、检查范围与方式")
    _text(paper, _scope(last, figures))
    _heading(paper, "二、总体情况")
    for sentence in _overview(store, figures):
        _text(paper, sentence)
    _heading(paper, "三、具体情况")
    _units(paper, store, int(last["id"]))
    _heading(paper, "四、下一步要求")
    due = workdays.add_workdays(day, plan.deadline_days)
    for number, sentence in enumerate((*_NEXT, f"以上整改请于 {_chinese_date(due)}前完成。"), 1):
        _text(paper, f"（{'一二三四五六'[number - 1]}）{sentence}")
    _text(paper, plan.office)
    _text(paper, _chinese_date(day))
    paper.save(stream)


def _scope(last: Any, figures: dict[str, int]) -> str:  # noqa: ANN401  a row
    versions = json.loads(last["versions"])
    return (
        f"{_chinese_date(datetime.date.fromisoformat(last['today']))}，用 prescan（{versions['prescan']}，规则"
        f" {versions['rules']}）对已公开的页面 {figures['pages']} 个、附件 {figures['annexes']} 个逐件扫描，"
        f"疑点由人核实。其中 {figures['unread']} 件机器没有读全，须人工查看，不计入合格。"
    )


def _overview(store: Store, figures: dict[str, int]) -> list[str]:
    flagged = figures["block"] + figures["review"]
    read = figures["items"] - figures["unread"]
    share = (
        f"{max(0, figures['items'] - flagged - figures['unread']) / figures['items']:.1%}" if figures["items"] else "—"
    )
    people, kinds = statistics.exposed(store)
    named = "、".join(f"{statistics.label(type_)} {values} 条" for type_, values, _ in kinds[:6])
    new, still, back, fixed = (figures[state] for state in ("new", "still", "back", "fixed"))
    sentences = [
        (
            f"读到的 {read} 件中，疑似不得公开、需立即撤下的 {figures['block']} 件，"
            f"需复核整改的 {figures['review']} 件；未见疑点的占 {share}。"
        ),
        f"与上次相比，新增疑点 {new} 条，仍在 {still} 条，复现 {back} 条，已整改 {fixed} 条。",
    ]
    return [*sentences, f"涉及个人信息约 {people} 人：{named}。"] if kinds else sentences


def _units(paper: Any, store: Store, batch: int) -> None:  # noqa: ANN401
    any_listed = False
    for unit in statistics.items_by_level(store, doubts.UNIT):
        lines: list[str] = []
        for doubt in doubts.rows(store, batch, levels=("block",), unit=unit):
            if len(lines) == _FILES_OF_A_UNIT:
                lines.append("其余见整改台账。")
                break
            number = store.value(
                "SELECT c.doc_number FROM items i JOIN contents c ON c.id = i.content WHERE i.id = ?", (doubt.item,)
            )
            name = f"《{doubt.title}》" if doubt.title else doubt.shown
            name += f"（{number}）" if number else ""
            lines.append(f"{name}：{statistics.label(doubt.type)} {doubt.number} 处，{doubt.shown}")
        if lines:
            any_listed = True
            _text(paper, f"{unit}：", bold=True)
            for line in lines:
                _text(paper, line, size=12)
    if not any_listed:
        _text(paper, "未发现需立即撤下的内容。")


def _heading(paper: Any, words: str, size: int = 16, *, centred: bool = False) -> None:  # noqa: ANN401
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    paragraph = paper.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(words)
    run.bold, run.font.size, run.font.name = True, Pt(size), _HEADING_FONT
    run._element.rPr.rFonts.set(qn("w:eastAsia"), _HEADING_FONT)  # noqa: SLF001  python-docx has no other way


def _text(paper: Any, words: str, *, bold: bool = False, size: int | None = None) -> None:  # noqa: ANN401
    from docx.shared import Pt  # noqa: PLC0415

    if words:
        paragraph = paper.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Pt(2 * (size or 16))
        run = paragraph.add_run(harmless(words))
        run.bold = bold
        if size:
            run.font.size = Pt(size)


def _chinese_date(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
