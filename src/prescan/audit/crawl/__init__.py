"""Crawling (extra `crawl`): the one part that opens connections, and only to hosts named on the command line.

A process of its own (process.py) crawls with Scrapy and writes a WARC; an audit reads that file like any other and
never opens a connection. What this module does is check the order and start that process.
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
    """What is to be crawled, and where it goes."""

    starts: tuple[str, ...]
    """Addresses of pages or sitemaps; their hosts are named by them."""
    out: str
    """The WARC (.warc.gz); what an earlier crawl wrote there is the state of the second one."""
    hosts: tuple[str, ...] = ()
    """More hosts, with their port unless it is the usual one: where annexes lie."""
    prefix: str = "/"
    depth: int = 20
    pages: int = 100_000
    delay: float = 0.5
    """Seconds between two requests to one host, at least."""


def crawl(order: Order, step: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Crawl; return what was done. Raises PrescanError: the order is wrong, or nothing could be had."""
    Scope.of(order.starts, order.hosts, order.prefix)
    if not order.out.lower().endswith(".warc.gz"):
        raise PrescanError("抓取的结果是 WARC，请把 -o 写成以 .warc.gz 结尾的文件名")
    if not Path(order.out).absolute().parent.is_dir():
        raise PrescanError(f"没有文件夹 {Path(order.out).parent}，请先建立")
    if not importlib.util.find_spec("scrapy"):
        raise PrescanError("抓取网站要另装组件，请运行：pip install 'prescan[crawl]'")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "prescan.audit.crawl.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # addresses may hold what must not be in a log
        env={**kept, "PYTHONPATH": str(_PACKAGE_ROOT), "PYTHONUTF8": "1"},
        text=True,
        encoding="utf-8",
    )
    said: dict[str, Any] = {}
    try:
        if process.stdin and process.stdout:
            process.stdin.write(json.dumps({**asdict(order), "memory_mb": _MEMORY_MB}))
            process.stdin.close()
            for line in process.stdout:
                said = json.loads(line)
                step(said)
    finally:
        if process.poll() is None and not said.get("end"):
            process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()
    if "error" in said:
        raise PrescanError(said["error"])
    if not said.get("end"):
        raise PrescanError("抓取没有做完，原来的结果没有改动；已抓到的留着，请用同样的命令再运行")
    return said
