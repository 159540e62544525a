"""`prescan rules`: list, show and test rules, explain why one does or does not apply, draft a new one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from prescan.cli.chinese import Command, Group
from prescan.cli.exit_codes import FAILED, OK
from prescan.cli.options import CONFIG, RULES, settings_with
from prescan.errors import PrescanError, ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.quality.why import Answer
    from prescan.rules import Rule, RuleBase
    from prescan.types import ScanResult, Settings

_SKELETON: Final = """\
[[rule]]
id = "{id}"
name = "（这条规则叫什么）"
kind = "words"                 # words 词；near 词与词相近；pattern 正则表达式
type = "internal_mark"         # 类型见 prescan rules list 中括号里的名称
words = ["{word}"]
reason = "（为什么值得看一眼，一句话）"
basis = ["条例 第十六条第一款"]  # 依据须在 rules/statutes 中
advice = "（该怎么办，一句话）"
find = ["{find}", "（再写一句应当命中的真实句子，含“{word}”）"]
pass = ["（写三句不该命中的真实句子）", "（二）", "（三）"]
"""
#: Parts of the draft that a person must replace.
_BLANKS: Final = (
    "（这条规则叫什么）",
    "（为什么值得看一眼，一句话）",
    "（该怎么办，一句话）",
    "（再写一句应当命中的真实句子",
    "（写三句不该命中的真实句子）",
    '"（二）"',
    '"（三）"',
)


@click.group(cls=Group)
def rules() -> None:
    """查看、检验、新写规则。"""


@rules.command("list", cls=Command)
@RULES
@CONFIG
def list_rules(rules: tuple[str, ...], config: str | None) -> int:
    """列出全部规则。"""
    from prescan.resources import finding_types  # noqa: PLC0415  --help must not wait for the rest
    from prescan.types import LEVEL_LABELS  # noqa: PLC0415

    base = _loaded(settings_with(config, rules))
    for rule in sorted(base.rules, key=lambda rule: rule.id):
        kind = finding_types()[rule.type]
        click.echo(f"{rule.id}  {LEVEL_LABELS[rule.level or kind.level]}  {rule.name}（{kind.label} {rule.type}）")
    for rule_id, reason in base.profile.disabled.items():
        click.echo(f"{rule_id}  停用  {reason}")
    return OK


@rules.command("show", cls=Command)
@click.argument("rule_id", metavar="编号")
@RULES
@CONFIG
def show_rule(rule_id: str, rules: tuple[str, ...], config: str | None) -> int:
    """显示一条规则：它看什么、例外、依据、办法和例子。"""
    from prescan.resources import finding_types  # noqa: PLC0415  as above

    base = _loaded(settings_with(config, rules))
    rule = _one(rule_id, base)
    click.echo(f"{rule.id} {rule.name}（{finding_types()[rule.type].label}）  {rule.file}:{rule.line}")
    lines = {
        "看什么": "、".join(rule.keywords or rule.words or rule.cues or rule.hidden) or rule.number or rule.family,
        "同在": "\n      ".join("、".join(group) for group in rule.groups),
        "模式": rule.pattern,
        "语境": rule.context or "、".join(rule.near),
        "位置": "、".join(rule.scope),
        "例外": "；".join(exemption.pattern for exemption in rule.unless),
        "为什么": rule.reason,
        "怎么办": rule.advice,
        "应命中": "\n        ".join(map(_on_a_line, rule.find)),
        "不应命中": "\n          ".join(map(_on_a_line, rule.passes)),
        "已知漏报": "\n          ".join(map(_on_a_line, rule.todo_find)),
    }
    for label, text in lines.items():
        if text:
            click.echo(f"  {label}：{text}")
    for article in rule.basis:
        click.echo(f"  依据：{article}：{base.statutes[article]}")
    return OK


def _on_a_line(example: str) -> str:
    """Return an example on one line, with symbols for line ends and tabs."""
    return example.strip("\n").replace("\n", " ⏎ ").replace("\t", " ⇥ ")


@rules.command("test", cls=Command)
@click.argument("rules", nargs=-1, metavar="[规则文件…]")
@CONFIG
def test_rules(rules: tuple[str, ...], config: str | None) -> int:
    """用规则自带的例子和清白文本检验规则（自带的也一起检验，要十几秒，机器忙时一两分钟）；有不符时退出码为 1。"""
    from prescan.quality.selftest import main as selftest  # noqa: PLC0415  as above

    settings = settings_with(config, rules)
    unfilled = [
        f"{path}:{line}  还没有补全：{blank}" for path in settings.rules for line, blank in _unfilled(Path(path))
    ]
    for blank in unfilled:
        click.echo(blank)
    if unfilled:
        click.echo(f"还有 {len(unfilled)} 处没有补全，补全以后再检验")
        return FAILED
    return selftest(settings.rules)  # those switched off too: examples of other rules rest on them


def _unfilled(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line number and text of blanks left by `rules new`; unreadable files are reported by the rule loader."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    except (OSError, UnicodeDecodeError):
        return
    for number, line in enumerate(lines, 1):
        for blank in _BLANKS:
            if blank in line:
                yield number, blank.strip('"')


@rules.command("why", cls=Command)
@click.argument("path", metavar="文件")
@click.argument("rule_id", metavar="编号")
@click.option("--show-values", is_flag=True, help="显示明文（默认遮盖）")
@RULES
@CONFIG
def why_rule(path: str, rule_id: str, *, show_values: bool, rules: tuple[str, ...], config: str | None) -> int:
    """说明一条规则在一个文件里为什么命中，或为什么没有命中。"""
    from prescan.detect import Clock, Compiled, Reading  # noqa: PLC0415  as above
    from prescan.quality.why import why  # noqa: PLC0415
    from prescan.report import Options  # noqa: PLC0415
    from prescan.report.shown import Contexts  # noqa: PLC0415
    from prescan.scanner import Scanner  # noqa: PLC0415

    settings = settings_with(config, rules)
    base = _loaded(settings)
    rule = _one(rule_id, base)
    with Scanner(settings, workers=1) as scanner:
        result = scanner.scan_file(path)
    document = result.document
    for unread in result.unread:
        if not document.text.strip():
            raise ReadError(unread.code, unread.detail)
        click.echo(f"提醒：没有读全：{unread.detail}", err=True)
    contexts = Contexts(result, Options(show_values=show_values))
    stage = rule.stage[0] if rule.stage else settings.stage
    for answer in why(rule, Reading.of(document), Compiled(base), stage, Clock(result.today)):
        place = shown = ""
        if answer.start is not None and answer.end is not None:
            at = document.block_at(answer.start).location
            place = f"{contexts.place_within(at)}（第 {answer.start + 1} 字） "
            hidden = not show_values and _is_masked_nowhere(answer, rule, result)
            shown = "*" * (answer.end - answer.start) if hidden else contexts.quoted(answer.start, answer.end)
        click.echo(f"{place}{f'“{shown}” ' if shown else ''}{answer.sentence}")
    return OK


def _is_masked_nowhere(answer: Answer, rule: Rule, result: ScanResult) -> bool:
    """Return whether a rule saw personal data where the result has no such finding, which would mask it."""
    from prescan.resources import finding_types  # noqa: PLC0415  as above

    start, end = answer.start or 0, answer.end or 0
    masked = (one for one in result.findings if one.category == "personal" and one.start is not None)
    return finding_types()[rule.type].category == "personal" and not any(
        (one.start or 0) <= start and end <= (one.end or 0) for one in masked
    )


@rules.command("new", cls=Command)
@click.argument("rule_id", metavar="编号")
@click.option("--example", required=True, metavar="句子", help="一句应当命中的话，用 «» 标出关键的词")
@click.option("-o", "--output", required=True, metavar="文件", help="写到哪个 .toml 文件（已有的文件在后面续写）")
@CONFIG
def new_rule(rule_id: str, example: str, output: str, config: str | None) -> int:
    """按一个例句写出新规则的草稿。"""
    from prescan.rules.checks import ID  # noqa: PLC0415  as above

    word = example.partition("«")[2].partition("»")[0]
    if not word:
        raise PrescanError("请在例句中用 «» 标出关键的词，如 --example '本期为«内部简报»，请勿外传'")
    rule_id = rule_id.upper()
    if not ID.fullmatch(rule_id):
        raise PrescanError(f"编号 {rule_id} 不合写法，应像 OFFICE-001：大写字母、短横、三或四位数字")
    path = Path(output)
    try:
        before = path.read_text(encoding="utf-8").rstrip() + "\n\n" if path.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise PrescanError(f"无法读取 {path}，请检查权限，并另存为 UTF-8") from None
    if re.search(rf"""^\s*id\s*=\s*["']{rule_id}["']""", before, re.MULTILINE):
        raise PrescanError(f"{path} 里已有编号 {rule_id}，请换一个编号，或直接改那一条")
    base = _loaded(settings_with(config))
    if rule_id in base.profile.disabled or any(rule.id == rule_id for rule in base.rules):
        raise PrescanError(f"编号 {rule_id} 已是随附或设置中的规则，请换一个，如 OFFICE-001")
    draft = _SKELETON.format(id=rule_id, word=_quoted(word), find=_quoted(example))
    try:
        path.write_text(before + draft, encoding="utf-8")
    except OSError:
        raise PrescanError(f"无法写入 {path}，请检查路径和权限") from None
    click.echo(f"已写入 {path}。补全括号里的内容后运行：prescan rules test {path}", err=True)
    return OK


def _quoted(text: str) -> str:
    """Return text escaped for a TOML string."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def _loaded(settings: Settings) -> RuleBase:
    """Return the rules a scan with these settings uses. Raises RuleError."""
    from prescan.rules import load_rules  # noqa: PLC0415  as above

    return load_rules(settings.rules, settings.disabled)


def _one(rule_id: str, base: RuleBase) -> Rule:
    """Return the rule with an id, in capitals or not.

    Raises PrescanError that names the nearest id, or why the rule is disabled.
    """
    import difflib  # noqa: PLC0415  seldom needed

    rule_id = rule_id.upper()
    by_id = {rule.id: rule for rule in base.rules}
    if rule_id in base.profile.disabled:
        raise PrescanError(f"规则 {rule_id} 已停用，理由：{base.profile.disabled[rule_id]}")
    if rule_id not in by_id:
        near = difflib.get_close_matches(rule_id, list(by_id), 1)
        raise PrescanError(
            f"没有规则 {rule_id}" + (f"，最接近的是 {near[0]}" if near else "；用 prescan rules list 查看")
        )
    return by_id[rule_id]
