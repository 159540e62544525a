"""The environment and the pipe of child processes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import subprocess

_PIPE_BYTES: Final = 1 << 20
_PIPE_DEFAULT: Final = 1 << 12
_PACKAGE_ROOT: Final = Path(__file__).resolve().parents[2]


def widen_pipe(process: subprocess.Popen[bytes]) -> int:
    """Enlarge the pipe to a process if possible; return how many bytes surely fit into it."""
    try:
        import fcntl  # noqa: PLC0415  not on Windows

        if process.stdin:
            return fcntl.fcntl(process.stdin.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES) // 2
    except (ImportError, AttributeError, OSError):  # not supported, or the user's limit for pipes is reached
        pass
    return _PIPE_DEFAULT // 2


def environment() -> dict[str, str]:
    """Return the child's environment: one BLAS thread, this package first on the path, no other Python settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "PYTHONPATH": str(_PACKAGE_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
