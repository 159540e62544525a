"""What a request handler asks for: the office, and who is asking. Login and CSRF are checked here, once for all."""

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
    """Return who asks the API: by token, by cookie with its CSRF header, or the one user of a loopback server.

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
    """Return whose session a request belongs to."""
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
    """Raise Problem unless a request carries the token of its session."""
    if not person.csrf or not hmac.compare_digest(person.csrf.encode(), given.encode("utf-8", "replace")):
        raise Problem("bad_csrf")


def scoped(person: Person, scope: str) -> None:
    """Raise Problem unless a token may do this."""
    if not person.may(scope):
        raise Problem("forbidden", f"令牌没有“{people.SCOPES[scope]}”权限")


def sit(request: Request) -> Person:
    """Return who works at the desk: a person, never a token. Raises Problem."""
    person = ask(request)
    if person.scopes is not None:
        raise Problem("forbidden", "这一步须由人在审查台上做，令牌不能代替")
    return person


Asker = Annotated[Person, Depends(ask)]
"""Who asks the API."""
Sitter = Annotated[Person, Depends(sit)]
"""Who works at the desk."""
