"""Expands the paths of a command line (files, folders, standard input) into inputs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STDIN: Final = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """An input: its path and its name in results, or an error found before reading."""

    path: str
    name: str
    code: str | None = None
    """A code of errors.READ_CODES if it cannot be read."""


def expand(paths: Iterable[str], root: str | None = None) -> Iterator[Input]:
    """Yield the inputs of `paths`; files in folders are ordered by name, and named relative to the folder.

    With `root` all files are named relative to this folder. Raises PrescanError if one is outside it.
    """
    for path in paths:
        if path != STDIN and os.path.isdir(path):  # noqa: PTH112  the path may be anything, "" too
            inputs = _folder(Path(path))
        else:
            inputs = iter((Input(path, Path(path).name or path),))
        yield from inputs if root is None or path == STDIN else (_named_from(root, one) for one in inputs)


def _named_from(root: str, item: Input) -> Input:
    absolute = Path(os.path.abspath(item.path))  # noqa: PTH100  links are not followed: their names count
    try:
        name = absolute.relative_to(os.path.abspath(root)).as_posix()  # noqa: PTH100  as above
    except ValueError:
        raise PrescanError(f"{item.path} 不在 --root 给出的文件夹 {root} 里") from None
    return Input(item.path, name, item.code)


def _folder(root: Path) -> Iterator[Input]:
    """Yield every file below `root`; symbolic links to folders are not followed, which avoids loops."""
    failed: list[OSError] = []
    any_input = False
    for folder, folders, files in os.walk(root, onerror=failed.append):
        folders.sort()
        for file in sorted(files):
            any_input = True
            path = Path(folder, file)
            yield Input(str(path), path.relative_to(root).as_posix())
    for error in failed:
        any_input = True
        yield Input(str(error.filename), Path(str(error.filename)).name, "unreadable")
    if not any_input:
        yield Input(str(root), root.name or str(root), "empty")
