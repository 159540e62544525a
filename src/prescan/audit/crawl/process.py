"""The child process that crawls (`python -P -m prescan.audit.crawl.process`).

It reads the order from standard input and reports progress as JSON lines. First of all it installs a guard that cannot
be removed: only host names of the order are looked up, and only addresses they had at the beginning are connected to.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prescan import memory
from prescan.audit.crawl.scope import Scope
from prescan.audit.crawl.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK_UPS: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_CONNECTS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


def main() -> None:
    """Crawl; the last line reports the result."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # output of a library must not be taken for a message

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps(message, ensure_ascii=False) + "\n")
        out.flush()

    _crawl(json.loads(sys.stdin.read()), say)


def _crawl(order: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> None:
    scope = Scope.of(order["starts"], order["hosts"], order["prefix"])
    memory.limit(order["memory_mb"])
    try:
        addresses = _addresses(scope)
    except OSError as error:
        say({"error": f"找不到主机 {error.filename or ''}，请核对网址和网络"})
        return
    if not addresses:
        say({"error": "主机的地址是本机或保留地址，不抓取；确要抓取本机的网站，请直接写 127.0.0.1"})
        return
    guard(scope, addresses)
    out = Path(order["out"]).absolute()
    part, cut = out.with_name(f"{out.name}.part"), out.with_name(f"{out.name}.cut")
    if part.exists() and _index(part).exists():  # an earlier crawl was interrupted: reuse its pages
        _index(part).replace(_index(cut))
        part.replace(cut)
    done = _fetched(order, scope, part, [path for path in (cut, out) if path.exists() and _index(path).exists()], say)
    if done["reason"] in {"", "shutdown"}:  # stopped from outside: keep its pages for the next crawl
        return
    if not done["pages"] + done["unchanged"]:
        for path in (part, _index(part)):
            path.unlink()
        say({"error": f"起始地址没有取到（{done['first_failure'] or '没有答复'}），原来的结果没有改动"})
        return
    _index(part).replace(_index(out))
    part.replace(out)
    for path in (cut, _index(cut)):
        path.unlink(missing_ok=True)
    say({**done, "end": True})


def _fetched(
    order: dict[str, Any], scope: Scope, part: Path, before: list[Path], say: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """Crawl into `part`, reusing unchanged pages of earlier crawls (`before`); return the counts."""
    from prescan.audit.crawl.spider import run  # noqa: PLC0415  import Scrapy only after the guard is installed

    with contextlib.ExitStack() as stack:
        earlier = [stack.enter_context(contextlib.closing(Shelf(path))) for path in before]
        shelf = stack.enter_context(contextlib.closing(Shelf(part, new=True)))
        done = run(order, scope, shelf, earlier, say)
        if done["incomplete"]:
            shelf.cut_short(done["incomplete"])
    return done


def guard(scope: Scope, addresses: frozenset[str]) -> None:
    """Permanently refuse look-ups of other names and connections to other addresses."""
    names = {host for host, _ in scope.hosts} | addresses
    ports = {port for _, port in scope.hosts}

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _LOOK_UPS:
            name = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
            if name is not None and str(name).lower().rstrip(".") not in names:
                raise PermissionError("a name that is not of this crawl")
        elif event in _CONNECTS and isinstance(arguments[1], tuple):
            host, port = arguments[1][:2]
            if host not in addresses or port not in ports:
                raise PermissionError("an address that is not of this crawl")

    sys.addaudithook(hook)


def _addresses(scope: Scope) -> frozenset[str]:
    """Return the current addresses of the hosts; a name must not resolve to this machine. Raises OSError."""
    found = set()
    for host, port in scope.hosts:
        try:
            literal = bool(ipaddress.ip_address(host))
        except ValueError:
            literal = False
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise OSError(error.errno, str(error), host) from None
        for answer in answers:
            address = str(answer[4][0])
            if literal or not _reserved(address):
                found.add(address)
    return frozenset(found)


def _reserved(address: str) -> bool:
    one = ipaddress.ip_address(address.partition("%")[0])
    return one.is_loopback or one.is_link_local or one.is_multicast or one.is_unspecified


def _index(path: Path) -> Path:
    return path.with_name(f"{path.name}.index")


if __name__ == "__main__":
    main()
