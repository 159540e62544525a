"""Reads an office's labelled documents from jsonl, csv, folders, or decisions of its reviewers.

A jsonl line or csv row has `label` (主动公开, 依申请公开, 不予公开, or proactive, on_request, withheld), `text` or
`path` (relative to the file), and optionally `date` (ISO 8601). A folder has one folder for each label, with files in
any format.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prescan.errors import PrescanError, ReadError
from prescan.types import ATTRIBUTE_LABELS, ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.decisions.ledger import DocumentDecisions
    from prescan.scanner import Scanner
    from prescan.types import Attribute

_LABELS: Final[dict[str, Attribute]] = {
    **{name: name for name in ATTRIBUTES},
    **{ATTRIBUTE_LABELS[name]: name for name in ATTRIBUTES},
    "免予公开": "withheld",
    "内部公开": "withheld",
    "社会公开": "proactive",
}
_CSV_CELL_AT_MOST: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """A document of an office and the attribute its people decided."""

    text: str = field(repr=False)
    label: Attribute
    date: str = ""
    """ISO 8601; "" if not known."""


@dataclass
class Gathered:
    """The documents read, and a Chinese sentence for each document that could not be read."""

    documents: list[OwnDocument] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class _Labelled(NamedTuple):
    """A file, and what people decided about it."""

    path: Path
    label: Attribute
    date: str


def gather(sources: Iterable[str], scanner: Scanner) -> Gathered:
    """Read the labelled documents of files and folders. Raises PrescanError for any other source."""
    gathered = Gathered()
    for source in sources:
        path = Path(source)
        if path.is_dir():
            _read(_folder(path), scanner, gathered)
        elif path.suffix.lower() in {".jsonl", ".csv"} and path.is_file():
            _read(_table(path, gathered), scanner, gathered)
        else:
            raise PrescanError(f"{path} 不是文件夹，也不是 jsonl 或 csv，请核对路径")
    return gathered


def from_decisions(decisions: Iterable[DocumentDecisions], folder: str, scanner: Scanner) -> Gathered:
    """Read the documents below `folder` whose sha256 has an attribute in `decisions`."""
    by_digest = {item.sha256: item for item in decisions if item.sha256 and item.attribute}
    gathered = Gathered()
    labelled = []
    for path in _files(Path(folder)):
        item = by_digest.pop(hashlib.sha256(path.read_bytes()).hexdigest(), None)
        if item and item.attribute:
            labelled.append(_Labelled(path, item.attribute, item.time))
    _read(labelled, scanner, gathered)
    if by_digest:
        gathered.problems.append(f"{len(by_digest)} 份有处置的文件在 {folder} 中没有找到（按 SHA-256 对应）")
    return gathered


def _folder(root: Path) -> list[_Labelled]:
    labelled = [folder for folder in sorted(root.iterdir()) if folder.is_dir() and folder.name in _LABELS]
    if not labelled:
        raise PrescanError(f"{root} 下没有以属性命名的文件夹，应有 {'、'.join(ATTRIBUTE_LABELS.values())}")
    return [_Labelled(path, _LABELS[folder.name], "") for folder in labelled for path in _files(folder)]


def _table(path: Path, gathered: Gathered) -> list[_Labelled]:
    """Add the texts that stand in a table to `gathered`; return the files it names."""
    labelled = []
    for number, row in enumerate(_rows(path), 1):
        label = _LABELS.get(str(row.get("label") or "").strip())
        if label is None:
            gathered.problems.append(f"{path} 第 {number} 条的 label 不是三种属性之一")
        elif row.get("text"):
            gathered.documents.append(OwnDocument(str(row["text"]), label, str(row.get("date") or "")))
        elif row.get("path"):
            labelled.append(_Labelled(path.parent / str(row["path"]), label, str(row.get("date") or "")))
        else:
            gathered.problems.append(f"{path} 第 {number} 条既没有 text 也没有 path")
    return labelled


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            if path.suffix.lower() == ".csv":
                csv.field_size_limit(_CSV_CELL_AT_MOST)
                yield from csv.DictReader(stream)
                return
            for line in stream:
                if line.strip():
                    row = json.loads(line)
                    yield row if isinstance(row, dict) else {}
    except OSError:
        raise PrescanError(f"无法读取 {path}，请检查权限") from None
    except (ValueError, csv.Error):
        raise PrescanError(f"{path} 不是 UTF-8 的 {path.suffix.lstrip('.')}，请另存后再试") from None


def _read(labelled: Sequence[_Labelled], scanner: Scanner, gathered: Gathered) -> None:
    documents = scanner.load_documents(file.path for file in labelled)
    for file, document in zip(labelled, documents, strict=True):
        if isinstance(document, ReadError):
            gathered.problems.append(f"{file.path}：{document}")
        else:
            gathered.documents.append(OwnDocument(document.text, file.label, file.date))


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders.sort()
        yield from (Path(folder, file) for file in sorted(files))
