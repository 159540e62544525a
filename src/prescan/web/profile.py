"""The settings an office makes on the desk: switches, disabled rules with reasons, word lists of its own.

Stored beside the database (`office.json`, `office-words.toml`) and applied over the settings of the server's start.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Self

from prescan import drafts
from prescan.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from prescan.types import Settings

_FILE: Final = "office.json"
_PACK: Final = "office-words.toml"
_RULE: Final = """\
[[rule]]
id = "OWN-{number:03}"
name = "本单位词表：{label}"
kind = "words"
type = "{type}"
level = "{level}"
words = {words}
reason = "本单位词表中的词"
basis = []
advice = "核对是否适宜公开"
find = {words}
pass = ["本单位门户网站运行正常"]
"""
#: Finding types for an office's own words: type → label.
WORD_TYPES: Final = {
    "internal_mark": "内部标志",
    "work_secret": "疑似工作秘密",
    "process_info": "过程性信息",
    "internal_affairs": "内部事务信息",
    "trade_secret": "疑似商业秘密",
    "safety_stability": "三安全一稳定",
}
_WORDS_AT_MOST: Final = 2000


@dataclass(frozen=True, slots=True)
class Profile:
    """The settings of an office. None = as the server was started."""

    unit: str = ""
    """The name of the office, shown on the desk and in records."""
    require_attribute: bool | None = None
    names: str | None = None
    disabled: dict[str, str] = field(default_factory=dict)
    """Rule id → reason."""
    words: dict[str, list[str]] = field(default_factory=dict)
    """Finding type (of WORD_TYPES) → the office's own words."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the profile stored in `folder`, or an empty one. Raises SettingsError."""
        try:
            return cls(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError):
            raise SettingsError(f"{folder / _FILE} 已损坏，请删去后在设置页重新填写") from None

    def save(self, folder: Path) -> None:
        """Store the profile in `folder`, atomically."""
        drafts.replace(folder / _FILE, json.dumps(asdict(self), ensure_ascii=False, indent=1).encode(), sync=True)

    def applied(self, settings: Settings, folder: Path) -> Settings:
        """Return `settings` overridden by the profile; its words are written as a rule pack to `folder`."""
        changes: dict[str, Any] = {"disabled": {**settings.disabled, **self.disabled}}
        if self.require_attribute is not None:
            changes["require_attribute"] = self.require_attribute
        if self.names in {"on", "off"}:
            changes["names"] = self.names
        if pack := self._pack():
            path = folder / _PACK
            drafts.replace(path, pack.encode(), sync=True)
            changes["rules"] = (*settings.rules, str(path))
        return replace(settings, **changes)

    def _pack(self) -> str:
        numbered = enumerate((item for item in self.words.items() if item[1]), 1)
        return "\n".join(
            _RULE.format(
                number=number,
                label=WORD_TYPES[kind],
                type=kind,
                level="review",
                words=json.dumps(words, ensure_ascii=False),
            )
            for number, (kind, words) in numbered
        )


def words_of(text: str) -> list[str]:
    """Return the words in a text field, one per line. Raises SettingsError."""
    words = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(words) > _WORDS_AT_MOST or any(not 2 <= len(word) <= 40 for word in words):  # noqa: PLR2004
        raise SettingsError(f"词表每行一个词，每词 2 到 40 个字，不超过 {_WORDS_AT_MOST} 个")
    if any(ord(char) < 32 for word in words for char in word):  # noqa: PLR2004
        raise SettingsError("词表中有不可见的控制字符，请删去")
    return words
