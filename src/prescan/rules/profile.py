"""Reads an office's settings beside its own rules: changes to shipped rules, and the periods of its own 制度.

Current law applies by default. If a 制度 differs from it, `conflicts` reports this with the article.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

import regex

from prescan.rules.checks import checked_field, in_view, nearest
from prescan.rules.kinds import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prescan.rules.checks import Source
    from prescan.rules.kinds import Rule
    from prescan.types import Level

_CHANGE: Final = ("rule", "reason", "level", "disabled", "words")
#: A day of the year: MM-DD.
_DAY: Final = regex.compile(r"[01][0-9]-[0-3][0-9]")
_COMMON_YEAR: Final = 2001
#: Longer periods are typing errors, and beyond what dates can represent.
_DAYS_AT_MOST: Final = 36_500
#: The working days in current law, with the article.
_LAW: Final[Mapping[str, tuple[int, str]]] = {
    "disclosure_workdays": (20, "条例 第二十六条"),
    "answer_workdays": (20, "条例 第三十三条"),
    "extension_workdays": (20, "条例 第三十三条"),
    "third_party_workdays": (15, "条例 第三十二条"),
}
_PERIOD_LABELS: Final = {
    "disclosure_workdays": "主动公开期限",
    "answer_workdays": "依申请答复期限",
    "extension_workdays": "延长答复的期限",
    "third_party_workdays": "第三方答复期限",
}
#: The periods of the 条例 of 2007, shorter than today's; an office may keep them but should know.
_OLD_DAYS: Final = 15
_OLD_PERIODS: Final = ("answer_workdays", "extension_workdays")
#: 条例 第四十九条: the last day (MM-DD) for the annual report of the previous year.
REPORT_DUE: Final = {"department": "01-31", "government": "03-31"}
#: Grounds of refusal in old 制度 that current law does not have: pattern, message, article.
_OLD_GROUNDS: Final = (
    ("不正当利益|不当利益", "“可能获取不正当利益”没有现行依据", "条例 第十三条"),
    ("三需要|特殊需要|生产、?生活、?科研", "不再要求申请人说明特殊需要", "条例 第二十七条"),
    ("加工|汇总|重新制作", "需要加工、分析的，现行规定是可以不予提供，并应告知", "条例 第三十八条"),
    ("内部公文|内部文件", "只有内部事务信息和过程性信息可以不予公开，不能凭“内部公文”一概拒绝", "条例 第十六条"),
    ("涉密", "不予公开要写明具体条款，不能只写“涉密”", "条例 第十三条"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A change an office makes to one rule, and the reason."""

    rule: str
    reason: str
    level: Level | None = None
    disabled: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A difference between a 制度 and current law: the setting, a Chinese sentence, the article."""

    key: str
    message: str
    article: str

    def __str__(self) -> str:
        """Return the whole message, one line."""
        return f"单位制度与现行法不一致（{self.key}）：{self.message}（{self.article}）"


def read_change(table: Mapping[str, Any], source: Source, words: tuple[str, ...]) -> Change:
    """Return one [[change]]; `words` are its words, with word lists resolved. Raises RuleError."""
    for key in table:
        if key not in _CHANGE:
            raise source.error(f"[[change]] 没有字段 {key}{nearest(key, _CHANGE)}", key)
    for key in ("rule", "reason"):
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise source.error(f"[[change]] 要写 {key}：调整哪条规则、为什么", key)
    disabled = table.get("disabled", False)
    if type(disabled) is not bool:
        raise source.error("disabled 应是 true 或 false", "disabled")
    level = checked_field("level", table["level"], source) if "level" in table else None
    if not (disabled or level or words):
        raise source.error("[[change]] 没有写调整什么：level、words 或 disabled = true")
    return Change(table["rule"], table["reason"], level, disabled, words)


def changed(rule: Rule, change: Change, source: Source) -> Rule:
    """Return a rule with a change applied. Raises RuleError if words are added to a rule without words."""
    words = rule.words
    if change.words:
        if rule.kind not in {"words", "near"}:
            raise source.error(f"{rule.id} 是 {rule.kind} 类规则，不能加词；请另写一条 words 规则", "words")
        words = tuple(dict.fromkeys((*rule.words, *in_view(change.words, rule.view))))
    return replace(rule, words=words, level=change.level or rule.level)


def read_profile(table: Any, source: Source, before: Profile) -> Profile:  # noqa: ANN401  a TOML value
    """Return `before` with the settings of a [profile]. Raises RuleError."""
    if not isinstance(table, dict):
        raise source.error("[profile] 应是一节，下面一行一项")
    hints = {name: hint for name, hint in get_type_hints(Profile, localns=_NAMES).items() if name != "disabled"}
    for key, value in table.items():
        if key not in hints:
            raise source.error(f"[profile] 没有 {key} 这一项{nearest(key, hints)}", key)
        if not _fits(key, value, hints[key]):
            raise source.error(f"{key} 的写法不对，应是{_expected(key, hints[key])}", key)
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return replace(before, **values)


def _fits(key: str, value: object, hint: object) -> bool:
    if key == "annual_report":
        return isinstance(value, str) and _is_day(value)
    if key == "refusals":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if choices := _choices(hint):
        return value in choices
    if "int" in str(hint):
        return type(value) is int and 0 < value <= _DAYS_AT_MOST
    return type(value) is bool if "bool" in str(hint) else isinstance(value, str)


def _is_day(text: str) -> bool:
    """Return whether `text` is a day that every year has."""
    try:
        return _DAY.fullmatch(text) is not None and bool(datetime.date.fromisoformat(f"{_COMMON_YEAR}-{text}"))
    except ValueError:
        return False


def _expected(key: str, hint: object) -> str:
    if key == "annual_report":
        return '月和日，如 "01-31"'
    if key == "refusals":
        return '列表，如 ["需要另行加工"]'
    if choices := _choices(hint):
        return " " + "、".join(choices) + " 之一"
    return (
        f"正整数，最大 {_DAYS_AT_MOST}" if "int" in str(hint) else " true 或 false" if "bool" in str(hint) else "文字"
    )


def _choices(hint: object) -> tuple[str, ...]:
    """Return the values of a Literal, also inside an Optional."""
    values = [item for part in (hint, *get_args(hint)) for item in get_args(part)]
    return tuple(item for item in values if isinstance(item, str))


#: Names used in the annotations of kinds.py.
_NAMES: Final = {"Mapping": dict}


def conflicts(profile: Profile) -> Iterator[Conflict]:
    """Yield the differences from current law that harm the public."""
    yield from _periods(profile)
    if profile.third_party_workdays is not None and profile.third_party_workdays < _LAW["third_party_workdays"][0]:
        message = f"第三方有 15 个工作日答复，制度只给 {profile.third_party_workdays} 个，按现行规定"
        yield Conflict("third_party_workdays", message, "条例 第三十二条")
    if profile.third_party_silence in {"consent", "refusal"}:
        message = "第三方逾期不答复的，由行政机关依法决定是否公开，不能一概视为同意或者不同意"
        yield Conflict("third_party_silence", message, "条例 第三十二条")
    if profile.annual_report and profile.annual_report > REPORT_DUE[profile.report_by]:
        message = f"年度报告最迟 {REPORT_DUE[profile.report_by]} 公布，制度写 {profile.annual_report}"
        yield Conflict("annual_report", message, "条例 第四十九条")
    if profile.fees:
        message = "依申请公开不收检索、复制、邮寄费；数量、频次明显过多的只收信息处理费"
        yield Conflict("fees", message, "条例 第四十二条")
    if profile.catalogue == "2007":
        message = "主动公开目录沿用旧条例，现行目录在第二十条、第二十一条，请逐项对照"
        yield Conflict("catalogue", message, "条例 第二十条")
    for ground in profile.refusals:
        for pattern, message, article in _OLD_GROUNDS:
            if regex.search(pattern, ground):
                yield Conflict("refusals", message, article)


def _periods(profile: Profile) -> Iterator[Conflict]:
    """Yield periods longer than the law's, and those of the 条例 of 2007."""
    for item in fields(profile):
        days_set = getattr(profile, item.name)
        if item.name in _LAW and days_set is not None and days_set > _LAW[item.name][0]:
            lawful_days, article = _LAW[item.name]
            message = f"{_PERIOD_LABELS[item.name]}现行为 {lawful_days} 个工作日，制度写 {days_set} 个，按现行规定"
            yield Conflict(item.name, message, article)
        elif item.name in _OLD_PERIODS and days_set == _OLD_DAYS:
            lawful_days, article = _LAW[item.name]
            message = f"{_PERIOD_LABELS[item.name]}沿用旧条例的 {days_set} 个工作日，现行为 {lawful_days} 个"
            message += "；从严的照办，对外写明现行期限"
            yield Conflict(item.name, message, article)
