"""A server without a network: the application in this process, its store in a folder of the test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.testclient import TestClient

from prescan.types import Settings
from prescan.web import people
from prescan.web.app import create_app
from prescan.web.config import Config
from prescan.web.office import Office

if TYPE_CHECKING:
    from pathlib import Path

BASE = "http://127.0.0.1:8760"
PASSWORD = "correct horse battery"  # noqa: S105  of the tests


@dataclass
class Desk:
    """An open office, its application, and what a browser or another system does with it."""

    office: Office
    app: Any

    def client(self) -> TestClient:
        """Return a client without cookies."""
        return TestClient(self.app, base_url=BASE, follow_redirects=False)

    def browser(self) -> TestClient:
        """Return a client that has opened the desk and sends its session's token."""
        client = self.client()
        page = client.get("/rules")
        client.headers["x-csrf-token"] = csrf_of(page.text)
        return client

    def login(self, name: str) -> TestClient:
        """Return a client that is logged in."""
        client = self.client()
        answer = client.post("/login", data={"login": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        client.headers["x-csrf-token"] = csrf_of(client.get("/people" if name == "boss" else "/rules").text)
        return client

    def add(self, login: str, *roles: str) -> None:
        """Add an account."""
        with self.office.store.write() as database:
            people.add_user(database, login, f"{login}（姓名）", PASSWORD, roles)


def csrf_of(page: str) -> str:
    """Return the token in a page's forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def open_desk(folder: Path, **options: Any) -> Desk:
    """Open an office in a folder."""
    office = Office(Config(folder=folder / "desk", **options), Settings(jobs=1))
    return Desk(office, create_app(office))
