"""Imports the libraries of the extra `audit` on first use, with a clear message if they are not installed."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from prescan.errors import PrescanError


def extra(module: str, what: str) -> Any:  # noqa: ANN401  a module
    """Import a module of the extra. Raises PrescanError with the command that installs it."""
    try:
        return _imported(module)
    except ImportError:
        raise PrescanError(f"处理 {what} 需要另装组件，请运行：pip install 'prescan[audit]'") from None


def has(module: str) -> bool:
    """Return whether a module of the extra is installed."""
    try:
        _imported(module)
    except ImportError:
        return False
    return True


def _imported(module: str) -> Any:  # noqa: ANN401
    """Import a module, and remove import hooks this Python cannot use (pygal installs one for its plugins)."""
    imported = importlib.import_module(module)
    sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]
    return imported
