"""The first page: figures, what to take down now, charts with their tables, method and limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from prescan.audit import statistics
from prescan.audit.report import charts
from prescan.audit.report.page import link, table, text
from prescan.audit.tracks import STATES
from prescan.types import ATTRIBUTE_LABELS, ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prescan.audit.plan import Plan
    from prescan.audit.store import Store

_LISTED: Final = 500
_KINDS_IN_HEAT: Final = 10
_HEATS: Final = 5
_NONE: Final = {"": "无法判断"}
_UNDECLARED: Final = {"": "未标"}
_KIND_LABELS: Final = {"run": "全量", "verify": "复查"}
_METHOD: Final = (
    "机器按规则和模型提示疑点，是否属实、是否公开由人决定；未见疑点不等于可以公开。",
    "没有读到的内容单列为“未读”，不计入没有问题的页面。",
    "报告和审计库只保存遮盖后的样子和带密钥的摘要，不保存证件号、电话等原文。",
    "同一附件在多个页面出现时只扫描一次，按页面列出；内容没有变化的不重复扫描。",
    "“已整改”指原处的疑点在内容修改或页面撤下后不再出现；撤下后请一并清理搜索引擎快照、镜像站和缓存。",
    "涉及人数按同一行的证件号或姓名归并，只用于掌握规模，法律上如何认定由有权机关判断。",
)


def body(  # noqa: PLR0913, PLR0917  the parts of the page
    store: Store,
    plan: Plan,
    last: Any,  # noqa: ANN401  a row
    urgent: Sequence[Sequence[str]],
    parts: Mapping[str, Sequence[tuple[str, Mapping[str, int], str]]],
    unread: Mapping[str, int],
    names: Sequence[str],
) -> Iterator[str]:
    """Yield the HTML of the page from top to bottom."""
    yield from _head(store, plan, last)
    yield '<h2 id="urgent">立即处理</h2><p>下列内容疑似不得公开，请先撤下，核实后脱敏重发或作其他处理。</p>'
    from prescan.audit.report.site import HEADS  # noqa: PLC0415  the frame of the table is the same there

    yield table(HEADS, urgent, numbers=(6,), css="sortable doubts")
    if "urgent.html" in names:
        yield f'<p>这里列出前 {len(urgent)} 处，<a href="urgent.html">全部需立即处理的见清单</a>。</p>'
    yield from _groups(parts)
    yield from _kinds(store)
    yield from _trend(store)
    yield from _years(store)
    yield from _attributes(store)
    yield from _beyond(store)
    yield from _health(store)
    yield from _unread(unread)
    yield '<h2 id="method">方法与局限</h2><ul>' + "".join(f"<li>{text(said)}</li>" for said in _METHOD) + "</ul>"
    basis = sorted({clause for (found,) in store.rows("SELECT basis FROM rules") for clause in json.loads(found)})
    yield f"<p class='small soft'>涉及的依据：{text('、'.join(basis))}</p>"


def _head(store: Store, plan: Plan, last: Any) -> Iterator[str]:  # noqa: ANN401
    figures = statistics.headline(store, int(last["id"]))
    people, _ = statistics.exposed(store)
    versions = json.loads(last["versions"])
    when = f"{last['today']}，{_KIND_LABELS[last['kind']]}" + (
        "" if last["finished"] else "（尚未完成，以下为已扫描部分）"
    )
    office = f"{text(plan.office)}　" if plan.office else ""
    yield f"<h1>存量信息排查报告</h1><p class='soft'>{office}{when}　第 {last['id']} 次</p>"
    headline_cells = (
        ("", "items", f"已查（页面 {figures['pages']:,}，附件 {figures['annexes']:,}）"),
        ("block", "block", "需立即下线"),
        ("review", "review", "需复核整改"),
        ("", "unread", "未读"),
    )
    cells = [f'<li class="{css}"><b>{figures[name]:,}</b>{caption}</li>' for css, name, caption in headline_cells]
    cells.append(f"<li><b>{people:,}</b>涉及人数（约）</li>")
    yield f'<ul class="figures">{"".join(cells)}</ul>'
    states = "，".join(f"{label} {figures[state]:,}" for state, label in STATES.items())
    yield f"<p>与上次相比的疑点（阻断、复核）：{states}；经人工判断不再计入 {figures['accepted']:,}。</p>"
    made = f"prescan {versions['prescan']}，规则 {versions['rules']}，模型 {versions['model']}"
    sources = "、".join(json.loads(last["sources"]))
    shards = f"，分 {last['shards']} 片" if last["shards"] > 1 else ""
    yield f"<p class='small soft'>范围：{text(sources)}{shards}　版本：{text(made)}　{text(last['started'])} 开始</p>"
    yield (
        '<nav class="small"><a href="#urgent">立即处理</a><a href="#groups">栏目与单位</a><a href="#kinds">类型</a>'
        '<a href="#trend">历次对比</a><a href="#years">年份</a><a href="#attributes">公开属性</a>'
        '<a href="#beyond">跨文件</a><a href="#health">规则情况</a><a href="#unread">未读</a>'
        '<a href="#method">方法与局限</a></nav>'
    )


def _groups(parts: Mapping[str, Sequence[tuple[str, Mapping[str, int], str]]]) -> Iterator[str]:
    yield '<h2 id="groups">栏目与单位</h2>'
    yield charts.level_bars({name: counts for name, counts, _ in parts["channel"]})
    for kind, title in (("channel", "栏目"), ("unit", "单位")):
        rows = []
        for name, counts, file in parts[kind][:_LISTED]:
            name_cell = f'<a href="{file}">{text(name)}</a>' if file else text(name)
            figures = [counts.get(level, 0) for level in ("block", "review", "unread", "none")]
            rows.append([name_cell, *(f"{count:,}" for count in (*figures, sum(figures)))])
        yield table((title, "需立即下线", "需复核", "未读", "未见疑点", "合计"), rows, numbers=(1, 2, 3, 4, 5))


def _kinds(store: Store) -> Iterator[str]:
    yield '<h2 id="kinds">按类型</h2>'
    rows = [
        (statistics.label(type_), block, review, items) for type_, block, review, items in statistics.by_kind(store)
    ]
    yield charts.kind_bars([row[:3] for row in rows])
    yield table(
        ("类型", "阻断（处）", "复核（处）", "涉及页面和附件"),
        [[text(label), *(f"{count:,}" for count in counts)] for label, *counts in rows],
        numbers=(1, 2, 3),
    )
    people, kinds = statistics.exposed(store)
    yield f"<p>个人信息涉及约 {people:,} 人（同一行的证件号或姓名归并为一人，同一号码在多处出现只计一次）：</p>"
    lines = [[text(statistics.label(type_)), f"{values:,}", f"{items:,}"] for type_, values, items in kinds]
    yield table(("个人信息种类", "不同的条数", "涉及页面和附件"), lines, numbers=(1, 2))


def _trend(store: Store) -> Iterator[str]:
    yield '<h2 id="trend">历次对比</h2>'
    runs = statistics.trend(store)
    series = {
        label: [
            sum(count for name, count in counts.items() if name in {f"{state}.block", f"{state}.review"})
            for *_, counts in runs
        ]
        for state, label in STATES.items()
    }
    if len(runs) > 1:
        yield charts.trend_lines([day for _, day, _, _ in runs], series)
    rows = [
        [
            str(batch),
            day,
            _KIND_LABELS[kind],
            f"{counts['items']:,}",
            *(f"{values[at]:,}" for values in series.values()),
            f"{counts['unread']:,}",
        ]
        for at, (batch, day, kind, counts) in enumerate(runs)
    ]
    yield table(("次", "日期", "方式", "页面和附件", *STATES.values(), "未读"), rows, numbers=(0, 3, 4, 5, 6, 7, 8))


def _years(store: Store) -> Iterator[str]:
    yield '<h2 id="years">发布年份与类型</h2><p class="soft">每格为有该类疑点（阻断、复核）的页面和附件数。</p>'
    years = statistics.by_year(store)
    total: dict[str, int] = {}
    for counts in years.values():
        for type_, count in counts.items():
            total[type_] = total.get(type_, 0) + count
    kinds = sorted(total, key=lambda type_: (-total[type_], type_))[:_KINDS_IN_HEAT]
    most = max((_HEATS, *(counts.get(kind, 0) for counts in years.values() for kind in kinds)))
    rows = [[text(year), *(_heat(counts.get(kind, 0), most) for kind in kinds)] for year, counts in years.items()]
    yield table(("年份", *map(statistics.label, kinds)), rows, numbers=range(1, len(kinds) + 1))


def _heat(count: int, most: int) -> str:
    shade = -(-count * _HEATS // most)
    return f'<span class="heat{shade}">{count}</span>' if count else ""


def _attributes(store: Store) -> Iterator[str]:
    yield '<h2 id="attributes">公开属性：标注与建议</h2>'
    counts = statistics.declared_and_suggested(store)
    attributes = (*ATTRIBUTES, "")
    rows = [
        [({**ATTRIBUTE_LABELS, **_UNDECLARED})[declared], *(f"{counts.get((declared, to), 0):,}" for to in attributes)]
        for declared in attributes
    ]
    heads = ("标注 ＼ 建议", *(({**ATTRIBUTE_LABELS, **_NONE})[to] for to in attributes))
    yield table(heads, rows, numbers=(1, 2, 3, 4), css="")
    disagreeing = statistics.disagreements(store, _LISTED)
    if disagreeing:
        yield f"<p>标注与内容不一致的（前 {_LISTED} 个）：</p>"
        yield table(
            ("页面或文件", "标注", "内容更像"),
            [
                [link(place, title or place), ATTRIBUTE_LABELS[declared], ATTRIBUTE_LABELS[to]]
                for place, title, declared, to in disagreeing
            ],
        )
    reasons = [[reason, f"{count:,}"] for reason, count in statistics.withheld_reasons(store).items()]
    yield "<p>建议不予公开的，按理由（一件可有几个理由，供年报统计核对）：</p>"
    yield table(("不予公开的理由", "件数"), reasons, numbers=(1,), css="")


def _beyond(store: Store) -> Iterator[str]:
    yield '<h2 id="beyond">跨文件</h2><p>同一号码见于不同单位的页面（前 500 个，按带密钥的摘要比对）：</p>'
    yield table(
        ("类型", "样子（已遮盖）", "单位数", "页面和附件数", "单位"),
        [
            [text(statistics.label(type_)), text(masked), str(units), str(items), text(names.replace(",", "、"))]
            for type_, masked, units, items, names in statistics.shared_values(store, _LISTED)
        ],
        numbers=(2, 3),
    )
    query = (
        "SELECT t.rule, r.message, r.advice, count(*) FROM tracks t JOIN rules r ON r.id = t.rule"
        " WHERE t.beyond IS NOT NULL AND t.closed_batch IS NULL GROUP BY t.rule ORDER BY t.rule"
    )
    rows = [[row[0], text(row[1]), str(row[3]), text(row[2])] for row in store.rows(query)]
    yield "<p>遮盖互补与各类期限（逐条见各栏目页）：</p>"
    yield table(("编号", "疑点", "数量", "怎么办"), rows, numbers=(2,))


def _health(store: Store) -> Iterator[str]:
    yield '<h2 id="health">规则情况</h2>'
    rows = [
        [
            rule,
            text(statistics.label(type_)),
            f"{count:,}",
            f"{decided:,}",
            f"{wrong / decided:.0%}" if decided else "—",
        ]
        for rule, type_, count, decided, wrong in statistics.rule_health(store)
    ]
    yield table(("规则", "类型", "疑点（历次）", "已判断", "误报率"), rows, numbers=(2, 3, 4))


def _unread(counts: Mapping[str, int]) -> Iterator[str]:
    from prescan.errors import READ_CODES  # noqa: PLC0415  only sentences

    yield '<h2 id="unread">未读</h2><p>没有读到的内容不等于没有问题。'
    yield '<a href="unread.html">逐条清单</a></p>' if counts else "</p>"
    rows = [[text(READ_CODES.get(code, code)), code, str(count)] for code, count in counts.items()]
    yield table(("原因与下一步", "代码", "页面和附件"), rows, numbers=(2,))
