"""Pages of the desk: visitors, forms, templates, cookies. Jinja2 escapes all template values."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from prescan.resources import __version__
from prescan.types import ATTRIBUTE_LABELS, LEVEL_LABELS
from prescan.web import people
from prescan.web.asking import CSRF_FIELD, check_csrf, from_cookie, office_of
from prescan.web.clock import local_time
from prescan.web.deciding import STAGES
from prescan.web.people import COOKIE, LOCAL, ROLES, Person
from prescan.web.problems import Problem

if TYPE_CHECKING:
    from starlette.responses import Response

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"


class LoginNeeded(Exception):  # noqa: N818  not an error: the visitor is sent to the login page
    """The visitor is not logged in."""


def visit(request: Request) -> Person:
    """Return the visitor of a page. In single-user mode the first visit opens a session. Raises LoginNeeded."""
    person = from_cookie(request)
    if person is not None:
        return person
    office = office_of(request)
    if not office.single_user():
        raise LoginNeeded
    with office.store.write() as database:
        cookie, csrf = people.open_session(database, None)
    request.state.new_cookie = cookie
    return Person(None, LOCAL.login, LOCAL.name, LOCAL.roles, csrf=csrf)


Visitor = Annotated[Person, Depends(visit)]
"""The visitor of a page."""


async def form(request: Request) -> dict[str, str]:
    """Return the fields of a form after checking its CSRF token. Raises LoginNeeded, Problem."""
    person = from_cookie(request)
    fields = {name: str(value) for name, value in (await request.form(max_files=0, max_fields=200)).multi_items()}
    if person is None:
        raise LoginNeeded
    check_csrf(person, fields.pop(CSRF_FIELD, ""))
    return fields


Fields = Annotated[dict[str, str], Depends(form)]
"""The fields of a form."""


def page(request: Request, template: str, person: Person | None, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
    """Render a template as a page; `values` are its variables."""
    office = office_of(request)
    common = {
        "person": person,
        "here": request.url.path,
        "unit": office.profile.unit,
        "single": person is not None and person.id is None,
    }
    response = HTMLResponse(_templates().get_template(template).render(**common, **values), status)
    if cookie := getattr(request.state, "new_cookie", None):
        set_cookie(request, response, cookie)
    return response


def set_cookie(request: Request, response: Response, cookie: str) -> None:
    """Set the session cookie."""
    secure = office_of(request).config.secure
    response.set_cookie(COOKIE, cookie, path="/", httponly=True, samesite="strict", secure=secure)


def to_login(request: Request, _error: Exception) -> Response:
    """Redirect to the login page, and back to the visited page after login."""
    target = f"/login?next={quote(request.url.path, safe='')}" if request.method == "GET" else "/login"
    return RedirectResponse(target, 303)


def wants_page(request: Request) -> bool:
    """Return whether a browser requests a page, as opposed to a script or another system requesting data."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")


def problem_page(request: Request, problem: Problem) -> Response:
    """Return an error as a page."""
    try:
        person = from_cookie(request)
    except Problem:
        person = None
    return page(request, "problem.html", person, problem.status, problem=problem)


@functools.cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(time=local_time, data=_data)
    environment.globals.update(
        asset=_asset, version=__version__, STAGES=STAGES, ROLES=ROLES, LEVELS=LEVEL_LABELS, ATTRIBUTES=ATTRIBUTE_LABELS
    )
    return environment


@functools.cache
def _asset(name: str) -> str:
    """Return the URL of a script or style sheet; it changes with the file, so that browsers may cache it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]
    return f"/static/{name}?{digest}"


def _data(value: Any) -> Markup:  # noqa: ANN401  any JSON
    """Return JSON for a data block of a page, escaped so that it cannot end the block."""
    text = json.dumps(value, ensure_ascii=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704  escaped
