"""Runs the application with uvicorn, with a time limit for the headers of a request."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from prescan.errors import SettingsError
from prescan.web.app import create_app
from prescan.web.office import Office
from prescan.web.people import has_accounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.types import Settings
    from prescan.web.config import Config

_HEAD_SECONDS: Final = 20.0
_CONNECTIONS: Final = 1024


class PatientProtocol(H11Protocol):
    """Closes a connection if the headers of a request do not arrive in time; the guard watches the body."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timer."""
        super().connection_made(transport)
        self._watch = self.loop.call_later(_HEAD_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        self._watch.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        # Idle connections are closed by uvicorn's keep-alive; here remain headers that never end.
        if self.cycle is None or (self.cycle.response_complete and self.conn.trailing_data[0]):
            self.transport.close()
            return
        self._watch = self.loop.call_later(_HEAD_SECONDS, self._look)


def serve(config: Config, settings: Settings, ready: Callable[[Office], None]) -> None:
    """Run the server until it is stopped; `ready` is called when everything is loaded, before the first request.

    Raises SettingsError if it may not start: no accounts although not on loopback, port or store in use.
    """
    office = Office(config, settings)
    try:
        with office.store.read() as database:
            if not config.loopback and not has_accounts(database):
                raise SettingsError(
                    f"{config.host} 可从别的机器访问，须先建账号：prescan serve user add 登录名 --role admin；"
                    "或只在本机使用（--host 127.0.0.1）"
                )
        app = create_app(office)
        running = uvicorn.Config(
            app,
            host=config.host,
            port=config.port,
            http=PatientProtocol,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=8,
            limit_concurrency=_CONNECTIONS,
        )
        sock = _bound(config)
        ready(office)
        uvicorn.Server(running).run([sock])
    finally:
        office.close()


def _bound(config: Config) -> socket.socket:
    """Return the server's socket; uvicorn would say in English why it cannot. Raises SettingsError."""
    bound = socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((config.host, config.port))
    except OSError:
        bound.close()
        raise SettingsError(f"无法使用端口 {config.port}，可能已被占用，请用 --port 换一个") from None
    return bound
