"""FastAPI dependencies: the office, and the person making the request. Checks login and CSRF for all handlers."""

from __future__ import annotations

import datetime
import hmac
from typing import TYPE_CHECKING, Annotated, Final, cast

from fastapi import Depends, Request

from prescan.web import people
from prescan.web.clock import now
from prescan.web.guard import SAFE
from prescan.web.people import COOKIE, LOCAL, Person
from prescan.web.problems import Problem

if TYPE_CHECKING:
    from prescan.web.office import Office

CSRF_HEADER: Final = "x-csrf-token"
CSRF_FIELD: Final = "csrf"
_TOUCH: Final = datetime.timedelta(minutes=5)


def office_of(request: Request) -> Office:
    """Return the office of the server."""
    return cast("Office", request.app.state.office)


def ask(request: Request) -> Person:
    """Return the person of an API request: by token, by cookie with CSRF header, or the only user of a loopback server.

    Raises Problem.
    """
    office = office_of(request)
    header = request.headers.get("authorization")
    if header is not None:
        kind, _, secret = header.partition(" ")
        with office.store.read() as database:
            person = people.by_token(database, secret.strip()) if kind.lower() == "bearer" else None
        if person is None:
            raise Problem("login_required", "接口令牌无效或已过期")
        return person
    if COOKIE in request.cookies and (person := from_cookie(request)):
        if request.method not in SAFE:
            check_csrf(person, request.headers.get(CSRF_HEADER, ""))
        return person
    if office.single_user():
        if COOKIE in request.cookies and request.method not in SAFE:
            raise Problem("bad_csrf")
        return LOCAL
    raise Problem("login_required")


def from_cookie(request: Request) -> Person | None:
    """Return the person of the request's session cookie, or None; keeps the session alive."""
    office = office_of(request)
    cookie = request.cookies.get(COOKIE, "")
    with office.store.read() as database:
        found = people.by_cookie(database, cookie)
    if found is None:
        return None
    person, seen = found
    if now() - seen > _TOUCH:
        with office.store.write() as database:
            people.touch(database, cookie)
    return person


def check_csrf(person: Person, given: str) -> None:
    """Raise Problem unless `given` is the CSRF token of the person's session."""
    if not person.csrf or not hmac.compare_digest(person.csrf.encode(), given.encode("utf-8", "replace")):
        raise Problem("bad_csrf")


def scoped(person: Person, scope: str) -> None:
    """Raise Problem if the request was made with a token that lacks this scope."""
    if not person.may(scope):
        raise Problem("forbidden", f"令牌没有“{people.SCOPES[scope]}”权限")


def sit(request: Request) -> Person:
    """Return the person working at the desk; tokens are refused. Raises Problem."""
    person = ask(request)
    if person.scopes is not None:
        raise Problem("forbidden", "这一步须由人在审查台上做，令牌不能代替")
    return person


Asker = Annotated[Person, Depends(ask)]
"""The person of an API request."""
Sitter = Annotated[Person, Depends(sit)]
"""The person working at the desk."""
