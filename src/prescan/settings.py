"""Reads `prescan.toml` and merges it with options; every value knows where it comes from.

Order: option › `--config` or PRESCAN_CONFIG or the nearest prescan.toml upwards › default. Only the command line looks
for a file; a library call names one or uses the defaults.
"""

from __future__ import annotations

import datetime
import difflib
import os
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prescan.errors import SettingsError
from prescan.resources import finding_types
from prescan.types import MASK_WORDS, Limits, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME: Final = "prescan.toml"
ENVIRONMENT: Final = "PRESCAN_CONFIG"
_CHOICES: Final = {"stage": ("draft", "published"), "names": ("on", "off"), "ocr": ("auto", "off")}
_JOBS_AT_MOST: Final = 256
#: More than this no clock and no system call takes; it also keeps out inf and nan.
_LIMIT_AT_MOST: Final = 1_000_000_000
_SECONDS: Final = frozenset({"seconds", "ocr_seconds"})
_TOML_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Effective:
    """Settings and, for each dotted key, where its value comes from (Chinese)."""

    settings: Settings
    origins: Mapping[str, str]


def load_settings(path: str | os.PathLike[str]) -> Settings:
    """Return the settings in a file. Raises SettingsError with file, key and the nearest right one."""
    return _merge([(Path(path), _read(Path(path)))], {}).settings


def effective_settings(config: str | None, options: Mapping[str, Any]) -> Effective:
    """Return the settings of a command: `options` (None = not given) over the file it finds over the defaults.

    Raises SettingsError.
    """
    path = _find(config)
    given = {name: value for name, value in options.items() if value is not None}
    return _merge([(path, _read(path))] if path else [], given)


def _find(config: str | None) -> Path | None:
    named = config or os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
    here = Path.cwd()
    return next((folder / FILE_NAME for folder in (here, *here.parents) if (folder / FILE_NAME).is_file()), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"找不到设置文件 {path}，请核对路径") from None
    except OSError:
        raise SettingsError(f"无法读取设置文件 {path}，请检查权限") from None
    except UnicodeDecodeError:
        raise SettingsError(f"设置文件 {path} 不是 UTF-8 编码，请另存为 UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        found = _TOML_PLACE.search(str(error))
        place = f"第 {found[1]} 行第 {found[2]} 列附近" if found else "文件末尾"
        raise SettingsError(f"设置文件 {path} 写法有误（{place}），请检查引号、括号和等号") from None


def _merge(files: list[tuple[Path, dict[str, Any]]], options: Mapping[str, Any]) -> Effective:
    values: dict[str, Any] = {}
    limits: dict[str, Any] = {}
    masks: dict[str, str] = {}
    origins = dict.fromkeys(_names(), "默认值")
    for path, table in files:
        for key, value in table.items():
            if key == "limits" and isinstance(value, dict):
                for name, limit in value.items():
                    limits[name] = _limit(name, limit, path)
                    origins[f"limits.{name}"] = str(path)
            elif key == "masks" and isinstance(value, dict):
                for name, example in value.items():
                    masks[name] = _mask(name, example, path)
                    origins[f"masks.{name}"] = str(path)
            else:
                values[key] = _value(key, value, path)
                origins[key] = str(path)
    for key, value in options.items():
        values[key] = value
        origins[key] = "命令行"
    return Effective(Settings(**values, masks=masks, limits=Limits(**limits)), origins)


def _names() -> list[str]:
    top = [item.name for item in fields(Settings) if item.name not in {"limits", "masks"}]
    return [*top, *(f"limits.{item.name}" for item in fields(Limits))]


def _value(key: str, value: Any, path: Path) -> Any:  # noqa: ANN401  a TOML value
    """Check one top-level value and return it as Settings holds it."""
    known = [item.name for item in fields(Settings)]
    if key not in known:
        raise SettingsError(f"{path} 中没有 {key} 这一项{_nearest(key, known)}")
    if key in _CHOICES and value not in _CHOICES[key]:
        raise SettingsError(f"{path} 中 {key} 应是 {' 或 '.join(_CHOICES[key])}")
    checks = {
        "require_attribute": isinstance(value, bool),
        "jobs": isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _JOBS_AT_MOST,
        "today": isinstance(value, datetime.date) and not isinstance(value, datetime.datetime),
        "rules": isinstance(value, list) and all(isinstance(item, str) for item in value),
        "baseline": isinstance(value, list) and all(isinstance(item, str) for item in value),
        "disabled": isinstance(value, dict) and all(isinstance(item, str) and item.strip() for item in value.values()),
        "record_template": isinstance(value, str),
        "key_file": isinstance(value, str),
        "attribute_model": isinstance(value, str),
        "limits": isinstance(value, dict),
        "masks": isinstance(value, dict),
    }
    if not checks.get(key, True):
        raise SettingsError(f"{path} 中 {key} 的写法不对，应是{_EXPECTED[key]}")
    if key in {"rules", "baseline"}:
        return tuple(str(path.parent / item) for item in value)
    return str(path.parent / value) if key in {"key_file", "attribute_model", "record_template"} else value


_EXPECTED: Final = {
    "require_attribute": " true 或 false",
    "jobs": f" 1 到 {_JOBS_AT_MOST} 的整数",
    "today": "日期，如 2026-01-31（不加引号）",
    "rules": '路径列表，如 ["本单位规则.toml"]',
    "baseline": '路径列表，如 ["decisions.json"]',
    "disabled": '规则编号和理由，如 {"INT-003" = "本单位不用此标志"}',
    "record_template": "文件路径",
    "key_file": "文件路径",
    "attribute_model": "文件夹路径",
    "limits": "一节 [limits]",
    "masks": "一节 [masks]",
}


def _limit(name: str, value: Any, path: Path) -> int | float:  # noqa: ANN401  a TOML value
    known = {item.name: item.type for item in fields(Limits)}
    if name not in known:
        raise SettingsError(f"{path} 的 [limits] 中没有 {name} 这一项{_nearest(name, known)}")
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not (whole or (name in _SECONDS and isinstance(value, float))) or not 0 < value <= _LIMIT_AT_MOST:
        raise SettingsError(f"{path} 的 [limits] 中 {name} 应是正数，最大 {_LIMIT_AT_MOST}")
    return float(value) if name in _SECONDS else int(value)


def _mask(name: str, value: Any, path: Path) -> str:  # noqa: ANN401  a TOML value
    """Check how values of a type are masked: an example with "*", or a word for values that are no numbers."""
    numbers = [kind.type for kind in finding_types().values() if kind.category == "personal"]
    known = [kind for kind in numbers if kind != "weak_mask"]
    if name not in known:
        raise SettingsError(f"{path} 的 [masks] 中没有 {name} 这一项{_nearest(name, known)}")
    if name in MASK_WORDS:
        if value not in MASK_WORDS[name]:
            raise SettingsError(f"{path} 的 [masks] 中 {name} 应是 {' 或 '.join(MASK_WORDS[name])}")
    elif not isinstance(value, str) or "*" not in value:
        raise SettingsError(f"{path} 的 [masks] 中 {name} 应是遮盖后的样子，如 138****1234，或 *（全部遮盖）")
    return str(value)


def _nearest(word: str, known: Any) -> str:  # noqa: ANN401  any iterable of words
    found = difflib.get_close_matches(word, list(known), 1, 0.5)
    return f"，最接近的是 {found[0]}" if found else f"，可用的有 {'、'.join(known)}"
