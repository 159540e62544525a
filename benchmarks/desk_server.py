"""`prescan serve` in a process of its own, for benchmarks and for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

ROOT = Path(__file__).parents[1]


class Server:
    """`prescan serve` on a store, started and stopped as often as one likes."""

    def __init__(self, store: Path, **environment: str) -> None:
        """Choose a free port; `environment` is added to that of this process."""
        self.store = store
        self._environment = environment
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        run = "from prescan.cli import main; main()"
        told = ["serve", "--store", str(self.store), "--port", str(self.port), "--no-browser"]
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", run, *told],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **self._environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.store.parent,
        )
        for _ in range(1200):
            try:
                with urllib.request.urlopen(f"{self.base}/health", timeout=5):  # noqa: S310  our own address
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        raise AssertionError("it did not start")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, kindly or not."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()
