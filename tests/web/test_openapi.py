"""The server does what its OpenAPI says, whatever is sent (schemathesis)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from prescan.web.app import openapi

if TYPE_CHECKING:
    from collections.abc import Callable

    from desks import Desk

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")


def test_every_operation_is_described(shared: Desk) -> None:
    told = openapi(shared.app)
    assert told["openapi"].startswith("3.1")
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            assert "200" in operation["responses"] or "204" in operation["responses"]
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]


def test_schemathesis_finds_nothing(shared: Desk) -> None:
    async def at_home(scope: Any, receive: Any, send: Any) -> None:
        """Call the application under its own name; it lives longer than one request."""
        while scope["type"] == "lifespan":
            told = (await receive())["type"]
            await send({"type": f"{told}.complete"})
            if told == "lifespan.shutdown":
                return
        headers = [pair for pair in scope.get("headers", []) if pair[0] != b"host"]
        await shared.app({**scope, "headers": [*headers, (b"host", b"127.0.0.1:8760")]}, receive, send)

    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", at_home)
    statuses: set[tuple[str, int]] = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        checking(operation, statuses)()
    assert {("GET /health", 200), ("POST /v1/scans", 200), ("GET /v1/rules", 200)} <= statuses
    assert not [status for _, status in statuses if status >= 500]


def checking(operation: Any, statuses: set[tuple[str, int]]) -> Callable[[], None]:
    """Return what sends an operation a few requests and checks each answer."""

    @hypothesis.given(case=operation.as_strategy())
    @hypothesis.settings(
        max_examples=4,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    def check(case: Any) -> None:
        statuses.add((operation.label, case.call_and_validate().status_code))

    return check
