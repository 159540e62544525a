"""What the extra `audit` brings: imported when it is needed, with one sentence where it is not there."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from prescan.errors import PrescanError


def extra(module: str, what: str) -> Any:  # noqa: ANN401  a module
    """Return a module of the extra. Raises PrescanError naming the command that installs it."""
    try:
        return _imported(module)
    except ImportError:
        raise PrescanError(f"处理 {what} 需要另装组件，请运行：pip install 'prescan[audit]'") from None


def has(module: str) -> bool:
    """Tell whether a module of the extra is there."""
    try:
        _imported(module)
    except ImportError:
        return False
    return True


def _imported(module: str) -> Any:  # noqa: ANN401
    """Import a module; a hook it leaves behind that this Python does not know (pygal's, for plugins) is taken out."""
    found = importlib.import_module(module)
    sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]
    return found
