"""ASGI middleware that checks every request's origin, size and speed, and adds security headers to responses.

Refused requests never reach a parser.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from prescan.web.config import MB, is_loopback
from prescan.web.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from prescan.web.config import Config

_LOG = logging.getLogger("prescan.web")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM_BYTES: Final = 2 * MB
#: Room for the headers multipart adds to a file.
_WRAPPING: Final = 64 * 1024
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    b"content-security-policy": _POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    # Not no-referrer: a browser would then send "Origin: null" with the forms of our own pages.
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Refuses foreign hosts and origins and bodies that are too large or too slow; adds security headers."""

    def __init__(self, app: ASGIApp, config: Config, file_mb: int) -> None:
        """`file_mb` is the greatest size of an uploaded file."""
        self._app = app
        self._config = config
        self._file_bytes = file_mb * MB + _WRAPPING

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with an error."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = False

        async def send_with_headers(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                message["headers"] = _with_headers(scope, message["headers"])
            await send(message)

        try:
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            self._check_place(scope, headers)
            limit = self._limit(scope)
            _check_length(headers, limit)
            await self._app(scope, self._bounded(receive, limit), send_with_headers)
        except Problem as problem:
            await self._refuse(problem, scope, send_with_headers, answered=answered)
        except Exception as error:  # noqa: BLE001  logged without its message, which may hold values
            _LOG.error("%s at %s", type(error).__name__, _where(error))
            await self._refuse(Problem("failed"), scope, send_with_headers, answered=answered)

    async def _refuse(self, problem: Problem, scope: Scope, send: Send, *, answered: bool) -> None:
        if answered:  # headers are already sent: cut the response off
            raise ConnectionAbortedError
        response = problem.page() if _wants_page(scope) else problem.response()
        if problem.code in {"too_large", "slow"}:
            response.headers["Connection"] = "close"
        await response(scope, _no_more, send)

    def _limit(self, scope: Scope) -> int:
        takes_files = scope["path"] == "/v1/scans" or scope["path"].endswith("/versions")
        return self._file_bytes if takes_files else _FORM_BYTES

    def _check_place(self, scope: Scope, headers: Mapping[str, str]) -> None:
        """Check Host (against DNS rebinding) and Origin (against other sites). Raises Problem."""
        host = headers.get("host", "")
        name = _host_name(host)
        if not self._known(name):
            raise Problem("bad_host")
        if scope["method"] in SAFE:
            return
        origin = headers.get("origin")
        if origin is not None and (origin == "null" or urlsplit(origin).netloc.lower() != host.lower()):
            raise Problem("bad_origin")
        if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            raise Problem("bad_origin")

    def _known(self, name: str) -> bool:
        config = self._config
        if name in {named.lower() for named in config.names} or name == config.host.lower():
            return True
        if config.loopback:
            return is_loopback(name)
        try:  # an IP address is not looked up in DNS, so it cannot be rebound
            ipaddress.ip_address(name)
        except ValueError:
            return name == "localhost"
        return True

    def _bounded(self, receive: Receive, limit: int) -> Receive:
        """Return `receive` with limits on bytes, on pauses and on the whole time."""
        taken = 0
        whole = False
        begun = time.monotonic()
        config = self._config

        async def bounded() -> Message:
            nonlocal taken, whole
            if whole:  # only the end of the connection is still to come
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), config.silent_seconds)
            except TimeoutError:
                raise Problem("slow") from None
            taken += len(message.get("body", b""))
            whole = message["type"] != "http.request" or not message.get("more_body", False)
            if taken > limit:
                raise Problem("too_large")
            if not whole and time.monotonic() - begun > config.upload_seconds:
                raise Problem("slow")
            return message

        return bounded


def _wants_page(scope: Scope) -> bool:
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return b"text/html" in accepted and not scope["path"].startswith("/v1/")


async def _no_more() -> Message:
    return {"type": "http.disconnect"}


def _where(error: Exception) -> str:
    """Return file and line where an error was raised."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at else ""


def _check_length(headers: Mapping[str, str], limit: int) -> None:
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        raise Problem("bad_request")
    if int(length) > limit:
        raise Problem("too_large")


def _host_name(host: str) -> str:
    """Return the name in a Host header, without port and brackets."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _with_headers(scope: Scope, headers: Any) -> list[tuple[bytes, bytes]]:  # noqa: ANN401  ASGI's list of pairs
    merged = list(headers)
    names = {name.lower() for name, _ in merged}
    merged += [(name, value) for name, value in _HEADERS.items() if name not in names]
    if b"cache-control" not in names:
        merged.append((b"cache-control", b"max-age=86400" if scope["path"].startswith("/static/") else b"no-store"))
    return merged
