"""Writes what the code can say of itself into the documents: `make docs`; a test keeps them in step.

Whole pages: docs/reference/ (commands, library, settings, formats). Between markers: the tables of the READMEs.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections import Counter
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import marked
from click.testing import CliRunner

import prescan
from prescan.cli import app
from prescan.formats import FORMATS
from prescan.quality.rulebook import rulebook
from prescan.resources import finding_types
from prescan.rules import load_rules
from prescan.types import LEVEL_LABELS, LEVELS, Limits, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[1]
_SAID: Final = "由 `make docs` 生成，请勿手改。"

#: What a reader calls a category of the contract: Chinese, English.
CATEGORIES: Final = {
    "personal": ("个人信息", "personal data"),
    "sensitive_personal": ("敏感个人信息", "sensitive personal data"),
    "state_secret": ("国家秘密", "state secrets"),
    "work_secret": ("工作秘密与内部标志", "work secrets, internal marks"),
    "trade_secret": ("商业秘密", "trade secrets"),
    "process": ("过程性信息、内部事务", "process and internal affairs"),
    "law_enforcement": ("行政执法案卷", "case files"),
    "safety": ("三安全一稳定", "safety and stability"),
    "attribute": ("公开属性", "the attribute"),
    "flow": ("办理流程", "procedure"),
    "hidden_content": ("隐藏内容", "hidden content"),
}


def pages() -> dict[str, str]:
    """Return every generated text by where it stands: `path`, or `path#marker` for a part of a page."""
    return {
        "docs/rules.md": rulebook(load_rules()),
        "docs/reference/cli.md": commands(),
        "docs/reference/api.md": library(),
        "docs/reference/settings.md": settings(),
        "README.zh-CN.md#finds": finds(0, "类别", "查什么（类型）", "默认级别", "规则"),
        "README.md#finds": finds(1, "category", "types", "default level", "rules"),
    }


def finds(language: int, *heads: str) -> str:
    """Return the table of what is found: a row a category, types by level, how many rules."""
    rules = Counter(finding_types()[rule.type].category for rule in load_rules().rules)
    rows = ["| " + " | ".join(heads) + " |", "|---|---|---|---:|"]
    for category, names in CATEGORIES.items():
        kinds = [kind for kind in finding_types().values() if kind.category == category]
        called = (("、", [kind.label for kind in kinds]), (", ", [f"`{kind.type}`" for kind in kinds]))[language]
        said = called[0].join(called[1])
        levels = [level for level in LEVELS if any(level in {kind.level, kind.roster_level} for kind in kinds)]
        shown = "、".join(LEVEL_LABELS[level] for level in levels) if language == 0 else ", ".join(levels)
        rows.append(f"| {names[language]} | {said} | {shown} | {rules[category] or ''} |")
    return "\n".join(rows)


def commands() -> str:
    """Return the page of commands: every `--help`."""
    parts = ["# 命令", _SAID, *_helps(app, ("prescan",))]
    return "\n\n".join(parts) + "\n"


def _helps(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    """Yield a section for a command and those below it."""
    shown = CliRunner().invoke(app, [*path[1:], "--help"], prog_name="prescan", terminal_width=100)
    if shown.exit_code:
        raise RuntimeError(f"{' '.join(path)} --help: {shown.output}")
    text = "\n".join(line.rstrip() for line in shown.output.strip().splitlines())
    yield f"{'#' * min(len(path) + 1, 4)} {' '.join(path)}\n\n```text\n{text}\n```"
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _helps(command.commands[name], (*path, name))


def library() -> str:
    """Return the page of the library: signature and docstring of every public name."""
    parts = [
        "# 库",
        f"{_SAID}说明是英文，与代码一致；用法见[集成手册](../integrate.md)。",
        f"```text\n{inspect.cleandoc(prescan.__doc__ or '')}\n```",
    ]
    for name in sorted(prescan.__all__):
        thing = getattr(prescan, name)
        if inspect.isclass(thing):
            parts.extend(_class(name, thing))
        elif callable(thing):
            parts.append(f"## {name}\n\n{_function(thing)}")
    return "\n\n".join(parts) + "\n"


def _class(name: str, thing: type) -> Iterator[str]:
    doc = inspect.cleandoc(thing.__doc__ or "")
    yield f"## {name}\n\n{doc}"
    node = _parsed(thing)
    if is_dataclass(thing):
        rows = [_field(item, after) for item, after in _with_next(node.body) if isinstance(item, ast.AnnAssign)]
        yield "\n".join(["| 字段 | 类型 | 默认 | 说明 |", "|---|---|---|---|", *rows])
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and (item.name == "__init__" or not item.name.startswith("_")):
            yield f"### {name}{'' if item.name == '__init__' else '.' + item.name}\n\n{_signature(item, name)}"


def _function(thing: Any) -> str:  # noqa: ANN401  a public function
    return _signature(_parsed(thing), "")


def _signature(node: ast.FunctionDef, owner: str) -> str:
    decorated = {item.id for item in node.decorator_list if isinstance(item, ast.Name)}
    if "property" in decorated:
        called = f"{owner}.{node.name} -> {ast.unparse(node.returns) if node.returns else ''}"
    else:
        arguments = ast.unparse(node.args).removeprefix("self").removeprefix("cls").removeprefix(", ")
        back = f" -> {ast.unparse(node.returns)}" if node.returns and node.name != "__init__" else ""
        whole = owner if node.name == "__init__" else ".".join(filter(None, (owner, node.name)))
        called = f"{whole}({arguments}){back}"
    return f"```text\n{called}\n```\n\n{inspect.cleandoc(ast.get_docstring(node) or '')}"


def _parsed(thing: Any) -> Any:  # noqa: ANN401  a class or function
    return ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]


def _with_next(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, ast.stmt | None]]:
    yield from zip(body, [*body[1:], None], strict=True)


def _field(item: ast.AnnAssign, after: ast.stmt | None) -> str:
    said = ""
    if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
        said = inspect.cleandoc(str(after.value.value)).replace("\n", " ")
    default = "" if item.value is None or "field(" in ast.unparse(item.value) else f"`{ast.unparse(item.value)}`"
    cells = (f"`{ast.unparse(item.target)}`", f"`{ast.unparse(item.annotation)}`", default, said)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def settings() -> str:
    """Return the page of settings, limits and formats."""
    rows = ["| 键 | 默认 | 含义 |", "|---|---|---|"]
    rows += [f"| `{name}` | {_default(Settings, name)} | {said} |" for name, said in SETTINGS.items()]
    limits = ["一个文件最多花费多少；到了上限，已读到的部分照样扫描，其余列为未读。", ""]
    limits += ["| 键 | 默认 | 含义 |", "|---|---:|---|"]
    limits += [f"| `{name}` | {_default(Limits, name)} | {said} |" for name, said in LIMITS.items()]
    formats = ["| 格式 | 媒体类型 | 还能做什么 |", "|---|---|---|"]
    formats += [
        f"| {name} | {known.media_type} | {'、'.join(_TASKS[task] for task in known.tasks if task in _TASKS)} |"
        for name, known in FORMATS.items()
    ]
    return (
        "\n\n".join(
            [
                "# 设置、上限、格式",
                f"{_SAID}设置写在 `prescan.toml`，命令行从当前文件夹向上找；`prescan config` 显示每一项的值和来源。",
                "## 设置\n\n" + "\n".join(rows),
                "## 上限（`[limits]`）\n\n" + "\n".join(limits),
                "## 能读的格式\n\n" + "\n".join(formats),
            ]
        )
        + "\n"
    )


def _default(table: type, name: str) -> str:
    value = next(item.default for item in fields(table) if item.name == name)
    if value is MISSING:
        return ""
    return {None: "", True: "`true`", False: "`false`", (): "`[]`"}.get(value, f"`{value}`")


_TASKS: Final = {"rewrite": "脱敏副本", "mark": "批注版", "pages": "页面图像"}

SETTINGS: Final = {
    "require_attribute": "没有标公开属性的公文是否阻断（未标属性不受理）",
    "stage": "`draft` 草稿，`published` 已发布",
    "jobs": "同时扫描几个文件；不写是处理器个数，至多 4",
    "today": "按这一天计算期限；不写是当天（北京时间）",
    "names": "`off` 不找人名，更快",
    "ocr": "`off` 不识别图片和扫描件里的文字；`auto` 装了 `ocr` 就识别",
    "rules": "另加的规则文件或文件夹",
    "disabled": "停用的规则：编号 = 理由",
    "baseline": "处置文件，其中认可的疑点不再计入",
    "record_template": "本单位的审查表（docx）",
    "key_file": "疑点编号的密钥文件；不写时在用户配置文件夹里生成一把",
    "attribute_model": "`prescan train` 写出的本单位模型的文件夹",
    "masks": "各类型怎样遮盖，见[架构](../architecture.md#masks)",
}

LIMITS: Final = {
    "file_mb": "文件大小，MB",
    "expanded_mb": "解压后大小，MB",
    "ratio": "压缩比（超过 1 MB 以后）",
    "members": "压缩包成员个数",
    "depth": "压缩包层数",
    "pages": "页数",
    "seconds": "时间，秒",
    "memory_mb": "读取进程的内存，MB",
    "findings": "疑点个数",
    "ocr_pages": "一个文件识别几页、几幅图片",
    "ocr_seconds": "识别一页的时间，秒",
    "ocr_memory_mb": "识别进程的内存，MB",
}


def write() -> None:
    """Write every generated text where it stands."""
    for place, text in pages().items():
        name, _, marker = place.partition("#")
        if marker:
            marked.write(ROOT / name, marker, text)
        else:
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
