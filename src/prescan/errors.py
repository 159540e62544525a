"""The exceptions.

PrescanError
├─ SettingsError       a bad prescan.toml, option or value           exit 2
├─ RuleError           a bad rule: file, line, excerpt               exit 2
├─ ModelError          a model is missing or not the one it claims   exit 2
├─ ReadError(code)     a file could not be read; becomes an Unread   exit 3
├─ RedactionRefused    suspected secret content: nothing is written  exit 1
└─ RedactionFailed     something was left after rewriting            exit 1
"""

from __future__ import annotations

from typing import Final

#: The next step where the text is only in a picture and no OCR is installed.
WITH_OCR: Final = "或安装文字识别（pip install 'prescan[ocr]'）后重扫"
#: Every code an Unread may carry, with the sentence and next step shown to people.
READ_CODES: Final[dict[str, str]] = {
    "missing": "找不到该文件，请核对路径",
    "unreadable": "无权读取或链接成环，请检查文件权限",
    "encrypted": "文件已加密，请解除口令后重扫",
    "corrupted": "文件已损坏或不完整，请用原软件打开并另存后重扫",
    "unsupported": "暂不支持这种文件，请转成 docx、pdf、html 或 txt 后重扫",
    "empty": "没有可读的内容，请确认是否放错了文件",
    "too_large": "文件超过大小上限，请拆分后重扫，或在 prescan.toml 调高上限",
    "timeout": "读取超时，请拆分文件，或在 prescan.toml 调高时限后重扫",
    "memory": "读取所需内存超过上限，请拆分文件后重扫",
    "no_text_layer": "没有文字层（扫描件或图片），请人工阅看，" + WITH_OCR,
    "archive_limit": "压缩内容超过安全上限，请解压后逐个扫描",
    "external_tool": "缺少读取这种文件所需的外部程序，请安装后重扫",
    "crashed": "读取程序异常退出，请用原软件另存后重扫，或人工阅看",
}


class PrescanError(Exception):
    """Base of all exceptions that are part of the interface."""


class SettingsError(PrescanError):
    """A settings file, option or value cannot be used. The Chinese message says what to do next."""


class RuleError(PrescanError):
    """A rule file cannot be used.

    `file` and `line` (from 1) point into the user's own file; `excerpt` shows the lines there, the bad one marked.
    """

    def __init__(self, message: str, *, file: str = "", line: int = 0, excerpt: str = "") -> None:
        """`message` says in Chinese what is wrong and what to do."""
        place = f"{file}:{line}" if line else file
        shown = "：".join(part for part in (place, message) if part)
        super().__init__(f"{shown}\n{excerpt}" if excerpt else shown)
        self.file = file
        self.line = line
        self.excerpt = excerpt


class ModelError(PrescanError):
    """A model is missing or damaged, or its digest is not the recorded one."""


class ReadError(PrescanError):
    """A file could not be read: `code` is one of READ_CODES, `detail` a Chinese sentence without values."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Raise KeyError for an unknown code; without `detail` the sentence of the code is used."""
        super().__init__(detail or READ_CODES[code])
        self.code = code
        self.detail = detail or READ_CODES[code]


class RedactionRefused(PrescanError):  # noqa: N818  part of the contract
    """The document contains suspected secrets: redaction must not replace a declassification review."""


class RedactionFailed(PrescanError):  # noqa: N818  part of the contract
    """The redacted copy still contained something that had to go; the copy has been deleted."""
