"""Writes `docs/rules.md`, every rule with its level, clause and advice: `make rulebook`; a test keeps it current."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prescan.resources import finding_types
from prescan.rules import load_rules
from prescan.types import LEVEL_LABELS

if TYPE_CHECKING:
    from prescan.rules import Rule, RuleBase

_FAMILIES: Final = {
    "PII": "个人信息",
    "SEC": "国家秘密标志",
    "SCW": "疑似涉密内容",
    "INT": "工作秘密与内部标志",
    "PRC": "过程性信息",
    "IAF": "内部事务",
    "ENF": "执法案卷",
    "BIZ": "商业秘密",
    "SAF": "三安全一稳定",
    "PRI": "个人语境",
    "FLO": "流程与属性",
    "HID": "隐藏内容",
}


def rulebook(base: RuleBase) -> str:
    """Return the page: a table per family of rules, then the articles they cite."""
    rules = sorted(base.rules, key=lambda rule: (list(_FAMILIES).index(rule.id[:3]), rule.id))
    parts = [
        "# 规则一览",
        "由 `make rulebook` 生成，请勿手改。怎样自己写规则，见 [rules/README.md](../rules/README.md)。",
    ]
    for family, members in groupby(rules, key=lambda rule: rule.id[:3]):
        rows = "\n".join(_row(rule) for rule in members)
        parts.append(
            f"## {_FAMILIES[family]}\n\n| 编号 | 级别 | 查什么 | 依据 | 怎么办 |\n|---|---|---|---|---|\n{rows}"
        )
    cited = sorted({article for rule in rules for article in rule.basis})
    parts.append("## 依据\n\n" + "\n".join(f"- {article}：{base.statutes[article]}" for article in cited))
    return "\n\n".join(parts) + "\n"


def _row(rule: Rule) -> str:
    kind = finding_types()[rule.type]
    level = LEVEL_LABELS[rule.level or kind.level]
    if rule.level is None and kind.roster_level != kind.level:
        level += f"（名单中{LEVEL_LABELS[kind.roster_level]}）"
    cells = (rule.id, level, rule.name, "、".join(rule.basis), rule.advice)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(rulebook(load_rules()), encoding="utf-8")
