"""Finds the title of a document: the first line that ends with a 文种 (通知, 公告 …), and the organ's line above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.text import page
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE_AT_MOST: Final = 90
#: The real title is at most this many lines below a masthead that looks like one (会议纪要, 简报).
_MASTHEAD_LINES: Final = 6
NUMERAL = r"[〇零一二三四五六七八九十百千\d０-９]"
ORDER_NUMBER = regex.compile(r"^\s*第?\s?" + NUMERAL + r"{1,6}\s?号\s*$")
#: 文种: the last word of a title, the kind of the document. Longer words first.
KINDS: Final = tuple(
    "行政处罚决定书 答复意见书 考察材料 会议记录 实施意见 指导意见 实施方案 实施办法 管理办法 实施细则 会议纪要 "
    "工作总结 工作要点 工作方案 应急预案 责令改正 调查笔录 询问笔录 发放清册 答复书 告知书 决定书 通知书 意见书 "
    "审批表 登记表 呈批表 审查表 申请表 花名册 一览表 明细表 公示表 快报 记录 材料 笔录 清册 名册 名单 "
    "通知 通报 通告 公告 公示 公报 决定 决议 命令 意见 请示 报告 批复 议案 复函 纪要 条例 规定 办法 细则 规则 "
    "方案 规划 计划 总结 要点 预案 指南 解读 答复 合同 协议 制度 简报 汇报 说明 须知 章程 标准 清单 目录 讲话 "
    "发言 函 令 书 表".split()
)
KIND_AT_END = regex.compile(rf"(?P<kind>{'|'.join(KINDS)})(?:\s*[（(][^（()）]{{1,20}}[)）])?\s*$")
ORGAN_AT_END = regex.compile(
    r"(?:政府|委员会|办公室|办公厅|[局厅部委院处队所站社团会校]|中心|法院|公司|街道办事处)\s*$"
)
_HEAD_MARK = regex.compile(
    r"文件\s*$|^\s*(?:绝\s*密|机\s*密|秘\s*密|特\s*急|加\s*急|特\s*提|平\s*急|签发人)|^\s*\d{1,8}\s*$|^\s*[★☆]"
)
NOTE = regex.compile(r"^\s*[（(](?P<note>[^（()）]{2,60})[)）]\s*$")
_SENTENCE_END = regex.compile(r"[。；;！!？?，,、：:]\s*$")


def find_title(text: str, head: Sequence[Span], number: Span | None) -> Span | None:
    """Return the title: the first line ending in a 文种, with the organ's line above; else the first fitting line."""
    fallback = None
    for index, line in enumerate(head):
        line_text = text[line.start : line.end].strip()
        if len(line_text) > TITLE_AT_MOST or _SENTENCE_END.search(line_text) or NOTE.match(line_text):
            if fallback:
                break
            continue
        if (
            (number and line.start <= number.start < line.end)
            or _HEAD_MARK.search(line_text)
            or ORDER_NUMBER.match(line_text)
        ):
            continue
        if "\t" in line_text or line_text.startswith("|") or page.is_path(line_text):
            continue
        if KIND_AT_END.search(closed(line_text)):
            below = [
                at for at in range(index + 1, min(index + _MASTHEAD_LINES, len(head))) if _is_subject(text, head[at])
            ]
            last = below[0] if below and "关于" not in line_text else index
            return Span(_title_start(text, head, last, number), head[last].end)
        fallback = fallback or line
    return fallback


def closed(title: str) -> str:
    """Return a title without the spaces people put between its characters."""
    return "".join(title.split())


def _is_subject(text: str, line: Span) -> bool:
    """Return whether a line is a complete title 关于…的〈文种〉, as below mastheads like ×××专题会议纪要."""
    line_text = text[line.start : line.end].strip()
    fits = "关于" in line_text and len(line_text) <= TITLE_AT_MOST and not line_text.startswith("附")
    return fits and KIND_AT_END.search(closed(line_text)) is not None


def _title_start(text: str, head: Sequence[Span], index: int, number: Span | None) -> int:
    """Return the start of the title that ends with line `index`; lines above with organs' names belong to it."""
    start = head[index].start
    for line in reversed(head[max(0, index - 2) : index]):
        line_text = text[line.start : line.end].strip()
        numbered = number is not None and line.start <= number.start < line.end
        if (
            numbered
            or _HEAD_MARK.search(line_text)
            or _SENTENCE_END.search(line_text)
            or len(line_text) > TITLE_AT_MOST // 2
        ):
            break
        if ORGAN_AT_END.search(line_text) or "关于" in line_text:
            start = line.start
        elif start != head[index].start or "关于" in text[head[index].start : head[index].end]:
            break
    return start
