"""Splits Chinese text into words. New-word guessing (HMM) is off, so the same text always gives the same words.

Uses rjieba (Rust), or jieba with the same dictionary where rjieba has no wheel. A model trained with one works with the
other: `tests/text/test_chinese.py` checks that both give the same spans.
"""

from __future__ import annotations

import functools
import importlib
import importlib.machinery
import importlib.util
import itertools
import logging
import os
import re
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PRIVATE: Final = 0o700
_OTHERS_MAY_WRITE: Final = 0o022


def words(text: str) -> list[tuple[str, int, int]]:
    """Return the words of `text` as (word, start, end) without white space. Offsets are code points, end exclusive.

    Punctuation marks are words too. A lone surrogate (never in decoded files) is returned as U+FFFD.
    """
    tokens = pieces(text)
    ends = itertools.accumulate(map(len, tokens))
    return [(word, end - len(word), end) for word, end in zip(tokens, ends, strict=True) if not word.isspace()]


def pieces(text: str) -> list[str]:
    """Return the words of `text` and the white space between them; joined they are the text."""
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    return _segmenter()(text)


@functools.cache
def _segmenter() -> Callable[[str], list[str]]:
    """Return the installed segmenter. rjieba loads in 0.1 s, jieba in about 1 s."""
    try:
        return _rjieba()
    except ImportError:
        return _jieba()


def _rjieba() -> Callable[[str], list[str]]:
    own = _rjieba_module().Jieba()  # not the shared one: another library's user words must not change ours

    def cut(text: str) -> list[str]:
        tokens: list[str] = own.cut(text, False)  # noqa: FBT003  positional in the library
        return tokens

    return cut


def _rjieba_module() -> ModuleType:
    """Return the compiled module of rjieba without its package, which would make a shared segmenter (0.1 s, 24 MB).

    A later import of the package uses the module loaded here. Raises ImportError.
    """
    package, name = importlib.util.find_spec("rjieba"), "rjieba.rjieba"
    if package is None:
        raise ImportError(name)
    if name not in sys.modules:
        spec = importlib.machinery.PathFinder.find_spec(name, package.submodule_search_locations)
        if spec is None or spec.loader is None:
            return importlib.import_module("rjieba")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
    return sys.modules[name]


def _jieba(folder: Path | None = None) -> Callable[[str], list[str]]:
    """Return jieba's segmenter; `folder` holds its cache, by default the user's private one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42 imports pkg_resources where it finds it
        import jieba  # noqa: PLC0415  0.2 s, and not needed beside rjieba

    jieba.setLogLevel(logging.ERROR)
    own = jieba.Tokenizer()
    _initialize(own, folder or _cache_folder())

    def cut(text: str) -> list[str]:
        tokens: list[str] = own.lcut(text, HMM=False)
        return tokens

    return cut


def _initialize(tokenizer: Any, folder: Path) -> None:  # noqa: ANN401  jieba has no types
    """Load the dictionary through a cache in `folder`, or without one if the folder is not ours alone.

    jieba's own default is a shared temporary folder, where anybody could place a cache that jieba would trust.
    """
    if _is_private(folder):
        tokenizer.tmp_dir = str(folder)
        tokenizer.initialize()
        return
    with tokenizer.get_dict_file() as stream:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(stream)
    tokenizer.initialized = True


def _cache_folder() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or "~/.cache"
    return Path(root).expanduser() / "prescan" / "jieba"


def _is_private(folder: Path) -> bool:
    """Return whether `folder` (made if missing) is ours, is no link, and cannot be written by others."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        status = folder.lstat()
    except (OSError, RuntimeError):
        return False
    if not hasattr(os, "getuid"):  # Windows: inside the user's own profile
        return True
    return not folder.is_symlink() and status.st_uid == os.getuid() and not status.st_mode & _OTHERS_MAY_WRITE
