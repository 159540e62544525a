"""Crawling (extra `crawl`): the only part that opens connections, and only to hosts named on the command line.

A separate process (process.py) crawls with Scrapy and writes a WARC, which an audit reads like any other file. This
module checks the order and starts that process.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prescan.audit.crawl.scope import Scope
from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Callable

_PACKAGE_ROOT: Final = Path(__file__).resolve().parents[3]
_MEMORY_MB: Final = 4_096


@dataclass(frozen=True, slots=True)
class Order:
    """What to crawl, and where to write it."""

    starts: tuple[str, ...]
    """Addresses of pages or sitemaps; their hosts may be crawled."""
    out: str
    """The WARC to write (.warc.gz); an earlier crawl's file there is the basis for detecting unchanged pages."""
    hosts: tuple[str, ...] = ()
    """More hosts, for annexes, with a port unless it is 80 or 443."""
    prefix: str = "/"
    depth: int = 20
    pages: int = 100_000
    delay: float = 0.5
    """The least number of seconds between two requests to a host."""


def crawl(order: Order, step: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Crawl and return the counts; `step` is called with them meanwhile. Raises PrescanError: bad order, or no page."""
    Scope.of(order.starts, order.hosts, order.prefix)
    if not order.out.lower().endswith(".warc.gz"):
        raise PrescanError("抓取的结果是 WARC，请把 -o 写成以 .warc.gz 结尾的文件名")
    if not Path(order.out).absolute().parent.is_dir():
        raise PrescanError(f"没有文件夹 {Path(order.out).parent}，请先建立")
    if not importlib.util.find_spec("scrapy"):
        raise PrescanError("抓取网站要另装组件，请运行：pip install 'prescan[crawl]'")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "prescan.audit.crawl.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # addresses may contain values that must not be logged
        env={**environment, "PYTHONPATH": str(_PACKAGE_ROOT), "PYTHONUTF8": "1"},
        text=True,
        encoding="utf-8",
    )
    message: dict[str, Any] = {}
    try:
        if process.stdin and process.stdout:
            process.stdin.write(json.dumps({**asdict(order), "memory_mb": _MEMORY_MB}))
            process.stdin.close()
            for line in process.stdout:
                message = json.loads(line)
                step(message)
    finally:
        if process.poll() is None and not message.get("end"):
            process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()
    if "error" in message:
        raise PrescanError(message["error"])
    if not message.get("end"):
        raise PrescanError("抓取没有做完，原来的结果没有改动；已抓到的留着，请用同样的命令再运行")
    return message
