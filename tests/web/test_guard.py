"""What never reaches a parser: too large, too slow, and nothing goes out."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

from invented import docx

from prescan.web.config import Config
from prescan.web.guard import Guard

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    import pytest
    from desks import Desk

HEADERS = [(b"host", b"127.0.0.1")]


async def reads_all(_scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def answered(config: Config, messages: list[Any], headers: list[Any] | None = None, path: str = "/v1/scans") -> int:
    """Send messages to a guarded application; a message that is None never comes. Return the status."""
    told: list[int] = []
    queue = list(messages)

    async def receive() -> Any:
        message = queue.pop(0) if queue else None
        if message is None:
            await asyncio.sleep(60)
        return message

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    scope = {"type": "http", "method": "POST", "path": path, "headers": [*HEADERS, *(headers or [])]}
    asyncio.run(Guard(reads_all, config, 1)(scope, receive, send))
    return told[0]


def body(size: int, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


def test_bodies_have_a_limit_said_or_not(tmp_path: Path) -> None:
    config = Config(folder=tmp_path)
    megabyte = 1024 * 1024
    assert answered(config, [body(100, more=False)], [(b"content-length", b"100")]) == 200
    assert answered(config, [body(100, more=False)], [(b"content-length", b"99999999")]) == 413
    assert answered(config, [body(100, more=False)], [(b"content-length", b"x")]) == 400
    assert answered(config, [body(megabyte, more=True), body(megabyte, more=False)]) == 413
    assert (
        answered(config, [body(megabyte, more=True), body(megabyte, more=True), body(9, more=True)], path="/x") == 413
    )


def test_silent_and_endless_clients_are_turned_away(tmp_path: Path) -> None:
    assert answered(Config(folder=tmp_path, silent_seconds=0.02), [body(1, more=True), None]) == 408
    assert answered(Config(folder=tmp_path, upload_seconds=-1.0), [body(1, more=True), body(1, more=True)]) == 408


def test_pages_cannot_be_framed_cached_or_sniffed(shared: Desk) -> None:
    headers = shared.client().get("/").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    kept = shared.client().get("/static/desk.css").headers["cache-control"]
    assert "max-age" in kept


def test_errors_nobody_foresaw_say_nothing(shared: Desk, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.setattr("prescan.web.rulebox.tried", lambda *_: 1 / 0)
    answer = shared.client().post("/v1/rules/try", json={"text": "秘密的内容"})
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert "ZeroDivisionError" in caplog.text
    assert "秘密" not in caplog.text
    assert "division by zero" not in caplog.text


def test_nothing_goes_out(shared: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    client = shared.browser()
    answer = client.post("/v1/scans", files={"file": ("a.docx", docx("http://example.com/x"))}, data={"keep": "review"})
    assert answer.status_code == 200
    for path in ("/", f"/cases/{answer.headers['location'][-32:][:16]}", "/statistics", "/static/review.js"):
        page = client.get(path)
        assert page.status_code == 200
        assert "//cdn" not in page.text
        assert 'src="http' not in page.text


def test_a_browser_refused_at_the_door_gets_a_page_and_keeps_sending_its_origin(shared: Desk) -> None:
    client = shared.client()
    headers = {"accept": "text/html", "origin": "https://evil.example"}
    answer = client.post("/rules", data={"text": "x"}, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "bad_origin" in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert client.get("/").headers["referrer-policy"] == "same-origin"
