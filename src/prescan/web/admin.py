"""Login and the pages of the office: rules and their try-out box, settings, accounts and tokens, log."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from prescan.errors import PrescanError
from prescan.resources import finding_types
from prescan.types import LEVEL_LABELS
from prescan.web import people, trail
from prescan.web.asking import from_cookie, office_of
from prescan.web.clock import local_time
from prescan.web.overview import CATEGORY_LABELS
from prescan.web.pages import Fields, Visitor, page, set_cookie
from prescan.web.people import COOKIE, ROLES, SCOPES, Person
from prescan.web.problems import Problem
from prescan.web.profile import WORD_TYPES, words_of
from prescan.web.rulebox import tried
from prescan.web.tables import Case, Entry, Token, User

if TYPE_CHECKING:
    from prescan.web.office import Office

router = APIRouter(include_in_schema=False)
_LOG_LINES: Final = 200


@router.get("/login")
def login_page(request: Request) -> Response:
    """登录。"""
    if office_of(request).single_user() or from_cookie(request):
        return RedirectResponse("/", 303)
    return page(request, "login.html", None, problem="", next=request.query_params.get("next", "/"))


@router.post("/login")
async def login(request: Request) -> Response:
    """Log in with a new session; the answer is the same for a wrong name and a wrong password."""
    body = (await request.body()).decode("utf-8", "replace")
    fields = dict(parse_qsl(body, max_num_fields=10))
    return await run_in_threadpool(_log_in, request, fields)


def _log_in(request: Request, fields: dict[str, str]) -> Response:
    office = office_of(request)
    name, password = fields.get("login", "")[:64], fields.get("password", "")
    place = request.client.host if request.client else ""
    keys = (f"name:{name}", f"from:{place}")
    if wait := office.throttle.wait(*keys):
        raise Problem("too_many_logins", f"登录尝试过多，请 {wait} 秒后再试", retry_after=wait)
    with office.store.read() as database:
        user = people.log_in(database, name, password)
    if user is None:
        office.throttle.failed(*keys)
        with office.store.write() as database:
            known = database.execute(select(User.id).where(User.login == name)).first()
            trail.add(database, name if known else "?", "login_failed")
        problem = "登录名或口令不对"
        return page(request, "login.html", None, 401, problem=problem, next=fields.get("next", "/"))
    office.throttle.succeeded(*keys)
    with office.store.write() as database:
        people.close_session(database, request.cookies.get(COOKIE, ""))
        cookie, _ = people.open_session(database, user.id)
        trail.add(database, user.login, "login")
    target = fields.get("next", "/")
    # Only a path of this server: a browser takes "//host" and "/\host" for other servers.
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    response = RedirectResponse(target if safe else "/", 303)
    set_cookie(request, response, cookie)
    return response


@router.post("/logout")
def logout(request: Request, person: Visitor, fields: Fields) -> Response:
    """Log out."""
    del fields
    with office_of(request).store.write() as database:
        people.close_session(database, request.cookies.get(COOKIE, ""))
        trail.add(database, person.login, "logout")
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


@router.get("/rules")
def rules(request: Request, person: Visitor, q: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """规则和试用。"""
    return page(
        request, "rules.html", person, rules=_rules(office_of(request), q), q=q, tried=None, text="", rule_id=""
    )


@router.post("/rules")
def try_rules(request: Request, person: Visitor, fields: Fields) -> HTMLResponse:
    """Try the rules on a text, which is not stored."""
    office = office_of(request)
    text, rule_id = fields.get("text", "")[:20_000].replace("\r\n", "\n"), fields.get("rule_id", "").strip()
    try:
        outcome: Any = tried(office, text, rule_id or None)
        problem = ""
    except Problem as error:
        outcome, problem = None, error.detail
    shown_values = {"tried": outcome, "problem": problem, "text": text, "rule_id": rule_id}
    return page(request, "rules.html", person, rules=_rules(office, ""), q="", **shown_values)


@router.get("/settings")
def settings(request: Request, person: Visitor) -> HTMLResponse:
    """本单位设置。"""
    return _settings_page(request, person)


@router.post("/settings")
def change_settings(request: Request, person: Visitor, fields: Fields) -> Response:
    """Change the office's settings; invalid ones are reported and change nothing."""
    _admin(person)
    office = office_of(request)
    try:
        words = {name: words_of(fields.get(f"words_{name}", "")) for name in WORD_TYPES}
        profile = replace(
            office.profile,
            unit=fields.get("unit", "").strip()[:60],
            require_attribute={"on": True, "off": False}.get(fields.get("require_attribute", "")),
            names=fields.get("names") if fields.get("names") in {"on", "off"} else None,
            disabled=_disabled(fields.get("disabled", "")),
            words={name: listed for name, listed in words.items() if listed},
        )
        office.change_profile(profile)
    except PrescanError as error:
        return _settings_page(request, person, str(error).partition("\n")[0], status=422)
    with office.store.write() as database:
        trail.add(database, person.login, "settings", "", rules_off=sorted(profile.disabled))
    return RedirectResponse("/settings?saved=1", 303)


@router.get("/people")
def accounts(request: Request, person: Visitor) -> HTMLResponse:
    """账号和接口令牌。"""
    return _people_page(request, person)


@router.post("/people")
def change_people(request: Request, person: Visitor, fields: Fields) -> Response:
    """Add an account or a token, disable or enable an account, remove a token."""
    _admin(person)
    try:
        secret = _change_people(office_of(request), person, fields)
    except PrescanError as error:
        return _people_page(request, person, str(error), status=422)
    return _people_page(request, person, secret=secret) if secret else RedirectResponse("/people", 303)


@router.get("/log")
def log(request: Request, person: Visitor) -> HTMLResponse:
    """操作日志。"""
    _admin(person)
    with office_of(request).store.read() as database:
        lines = list(database.execute(select(Entry).order_by(Entry.seq.desc()).limit(_LOG_LINES)).scalars())
        verified = trail.verify(database)
        subjects = {line.subject[:16] for line in lines}
        found = database.execute(select(Case.id, Case.number).where(Case.id.in_(subjects), Case.number.is_not(None)))
        numbers = {case_id: f"编号 {number}" for case_id, number in found}
    times = {line.seq: local_time(datetime.datetime.fromisoformat(line.at).replace(tzinfo=None)) for line in lines}
    values: dict[str, Any] = {"verified": verified, "actions": trail.ACTIONS, "numbers": numbers}
    details = {line.seq: trail.in_words(line) for line in lines}
    return page(request, "log.html", person, lines=lines, times=times, details=details, **values)


def _change_people(office: Office, person: Person, fields: dict[str, str]) -> str:
    """Carry out a form of the page; return a new token, to be shown once, or "". Raises PrescanError."""
    what = fields.get("what", "")
    with office.store.write() as database:
        if what == "user":
            roles = [role for role in ROLES if fields.get(f"role_{role}")]
            login = fields.get("login", "").strip()
            people.add_user(database, login, fields.get("name", ""), fields.get("password", ""), roles)
            trail.add(database, person.login, "user_added", login, roles=roles)
        elif what in {"disable", "enable"}:
            user = database.get(User, int(fields.get("id", "0") or 0) if fields.get("id", "").isdecimal() else 0)
            if user is None or user.id == person.id:
                raise PrescanError("没有这个账号，或不能停用自己")
            people.set_disabled(database, user, disabled=what == "disable", by=person.login)
        elif what == "token":
            scopes = [scope for scope in SCOPES if fields.get(f"scope_{scope}")]
            days = int(fields["days"]) if fields.get("days", "").isdecimal() else 0
            owner = int(fields["user"]) if fields.get("user", "").isdecimal() else None
            secret, row = people.add_token(database, owner, fields.get("name", ""), scopes, days)
            trail.add(database, person.login, "token_added", str(row.id), scopes=scopes)
            return secret
        elif what == "untoken":
            row_id = int(fields["id"]) if fields.get("id", "").isdecimal() else 0
            if found := database.get(Token, row_id):
                database.delete(found)
                trail.add(database, person.login, "token_removed", str(row_id))
    return ""


def _people_page(
    request: Request, person: Person, problem: str = "", secret: str = "", status: int = 200
) -> HTMLResponse:
    _admin(person)
    with office_of(request).store.read() as database:
        users = list(database.execute(select(User).order_by(User.login)).scalars())
        tokens = list(database.execute(select(Token).order_by(Token.id)).scalars())
    names = {user.id: user.name for user in users}
    values = {"users": users, "tokens": tokens, "names": names, "scopes": SCOPES}
    return page(request, "people.html", person, status, problem=problem, secret=secret, **values)


def _settings_page(request: Request, person: Person, problem: str = "", status: int = 200) -> HTMLResponse:
    _admin(person)
    office = office_of(request)
    values = {
        "profile": office.profile,
        "word_types": WORD_TYPES,
        "config": office.config,
    }
    saved = request.query_params.get("saved") == "1"
    return page(
        request,
        "settings.html",
        person,
        status,
        problem=problem,
        saved=saved,
        versions=office.scanner.versions,
        **values,
    )


def _disabled(text: str) -> dict[str, str]:
    """Return the rules to disable with their reasons; a line has id, space, reason. Raises PrescanError."""
    reasons = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        rule, _, reason = line.partition(" ")
        if not reason.strip():
            raise PrescanError(f"停用规则 {rule[:12]} 要写明理由，如：INT-003 本单位不用此标志")
        reasons[rule] = reason.strip()
    return reasons


def _rules(office: Office, q: str) -> list[dict[str, Any]]:
    rows = []
    for rule in sorted(office.scanner.rules.rules, key=lambda rule: rule.id):
        kind = finding_types()[rule.type]
        level = LEVEL_LABELS[rule.level or kind.level]
        row: dict[str, Any] = {
            "id": rule.id,
            "name": rule.name,
            "label": kind.label,
            "level": level,
            "key": rule.level or kind.level,
        }
        row |= {"basis": "、".join(rule.basis), "advice": rule.advice, "find": rule.find[:2], "passes": rule.passes[:2]}
        row["family"] = CATEGORY_LABELS[kind.category]
        if q.strip().lower() in f"{rule.id} {rule.name} {kind.label} {row['family']}".lower():
            rows.append(row)
    order = list(CATEGORY_LABELS.values())
    return sorted(rows, key=lambda row: (order.index(row["family"]), row["id"]))


def _admin(person: Person) -> None:
    if "admin" not in person.roles:
        raise Problem("forbidden")
