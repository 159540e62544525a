"""Accounts, sessions and tokens: who makes a request, and what that person may do.

Passwords are argon2id hashes. Cookies and tokens are 256 random bits of which only SHA-256 is stored.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from prescan.errors import PrescanError
from prescan.web import trail
from prescan.web.clock import now
from prescan.web.tables import Session, Token, User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argon2 import PasswordHasher
    from sqlalchemy.orm import Session as Database

ROLES: Final = {"drafter": "拟稿", "first": "初审", "second": "复审", "final": "终审", "admin": "管理"}
REVIEWERS: Final = ("first", "second", "final")
SCOPES: Final = {"scan": "送检和读取自己的结果", "read": "读取结果", "decide": "处置和认定", "values": "查看明文"}
COOKIE: Final = "prescan_session"
SESSION_IDLE: Final = datetime.timedelta(hours=8)
SESSION_LONGEST: Final = datetime.timedelta(hours=16)
TOKEN_DAYS_AT_MOST: Final = 366
PASSWORD_FROM: Final = 10
_TOKEN_MARK: Final = "psk_"  # noqa: S105  a prefix by which scanners of leaked keys know ours
#: From so many failures on, each further one doubles the waiting time.
_FREE_TRIES: Final = 5
_LONGEST_WAIT: Final = 900.0
_HASHING: Final = threading.Semaphore(2)  # each takes 64 MB


@dataclass(frozen=True, slots=True)
class Person:
    """The person who makes a request."""

    id: int | None
    """None: the only user of a server without accounts."""
    login: str
    name: str
    roles: frozenset[str]
    scopes: frozenset[str] | None = None
    """The scopes of a token; None: no token, everything the roles allow."""
    csrf: str = field(default="", repr=False)

    @property
    def reviews(self) -> bool:
        """Whether this person signs at some level of review."""
        return bool(self.roles & set(REVIEWERS))

    def may(self, scope: str) -> bool:
        """Return whether `scope` is allowed: always without a token. A token with "scan" may also read."""
        return self.scopes is None or scope in self.scopes or (scope == "read" and "scan" in self.scopes)


LOCAL: Final = Person(None, "local", "本机用户", frozenset(ROLES))


def has_accounts(database: Database) -> bool:
    """Return whether there are accounts; then everybody must log in."""
    return database.execute(select(User.id).limit(1)).first() is not None


def add_user(database: Database, login: str, name: str, password: str, roles: Iterable[str]) -> User:
    """Add an account. Raises PrescanError for invalid values."""
    check_password(password, login)
    given = [role for role in ROLES if role in set(roles)]
    if not login.isascii() or not login.replace("-", "").replace("_", "").isalnum() or len(login) > 64:  # noqa: PLR2004
        raise PrescanError("登录名只能用字母、数字、- 和 _，不超过 64 个字符")
    if not name.strip() or len(name) > 64:  # noqa: PLR2004
        raise PrescanError("请填写姓名，不超过 64 个字")
    if not given:
        raise PrescanError(f"请至少给一个角色：{'、'.join(ROLES)}")
    if database.execute(select(User.id).where(User.login == login)).first():
        raise PrescanError(f"登录名 {login} 已有人使用")
    user = User(login=login, name=name.strip(), password=hashed(password), roles=given, disabled=False)
    database.add(user)
    database.flush()
    return user


def change_password(database: Database, user: User, password: str, *, by: str) -> None:
    """Change the password of an account and end its sessions. Raises PrescanError."""
    check_password(password, user.login)
    user.password = hashed(password)
    database.execute(delete(Session).where(Session.user_id == user.id))
    trail.add(database, by, "user_changed", user.login, what="password")


def set_disabled(database: Database, user: User, *, disabled: bool, by: str) -> None:
    """Disable or enable an account and end its sessions."""
    user.disabled = disabled
    database.execute(delete(Session).where(Session.user_id == user.id))
    trail.add(database, by, "user_changed", user.login, disabled=disabled)


def check_password(password: str, login: str) -> None:
    """Raise PrescanError if a password is too short, too long, or contains the login."""
    if len(password) < PASSWORD_FROM or len(password) > 200 or login.lower() in password.lower():  # noqa: PLR2004
        raise PrescanError(f"口令至少 {PASSWORD_FROM} 个字符，且不含登录名")


def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    with _HASHING:
        return _hasher().hash(password)


def log_in(database: Database, login: str, password: str) -> User | None:
    """Return the account with this login and password, or None, in the same time."""
    from argon2.exceptions import Argon2Error, InvalidHashError  # noqa: PLC0415

    user = database.execute(select(User).where(User.login == login)).scalar_one_or_none()
    try:
        with _HASHING:
            _hasher().verify(user.password if user else _nobody(), password[:200])
    except (Argon2Error, InvalidHashError):
        return None
    return user if user and not user.disabled else None


def open_session(database: Database, user_id: int | None) -> tuple[str, str]:
    """Open a session and return its cookie and CSRF token; expired sessions are deleted."""
    cookie, csrf, at = secrets.token_urlsafe(32), secrets.token_urlsafe(24), now()
    database.execute(
        delete(Session).where((Session.seen < at - SESSION_IDLE) | (Session.created < at - SESSION_LONGEST))
    )
    database.add(Session(digest=_digest(cookie), user_id=user_id, csrf=csrf, created=at, seen=at))
    return cookie, csrf


def close_session(database: Database, cookie: str) -> None:
    """End a session."""
    database.execute(delete(Session).where(Session.digest == _digest(cookie)))


def by_cookie(database: Database, cookie: str) -> tuple[Person, datetime.datetime] | None:
    """Return the person of a session cookie and when it was last used; None if the session is not valid."""
    session = database.get(Session, _digest(cookie))
    at = now()
    if session is None or session.seen < at - SESSION_IDLE or session.created < at - SESSION_LONGEST:
        return None
    if session.user_id is None:  # a session from before the first account
        person = Person(None, LOCAL.login, LOCAL.name, LOCAL.roles, csrf=session.csrf)
        return None if has_accounts(database) else (person, session.seen)
    user = database.get(User, session.user_id)
    if user is None or user.disabled:
        return None
    return Person(user.id, user.login, user.name, frozenset(user.roles), csrf=session.csrf), session.seen


def touch(database: Database, cookie: str) -> None:
    """Record that a session is in use."""
    if session := database.get(Session, _digest(cookie)):
        session.seen = now()


def add_token(
    database: Database, user_id: int | None, name: str, scopes: Iterable[str], days: int
) -> tuple[str, Token]:
    """Add a token; return its secret, to be shown once, and its row. Raises PrescanError."""
    given = [scope for scope in SCOPES if scope in set(scopes)]
    if not given or not name.strip() or not 1 <= days <= TOKEN_DAYS_AT_MOST:
        raise PrescanError(f"令牌要有名称、至少一项权限（{'、'.join(SCOPES)}）和 1 到 {TOKEN_DAYS_AT_MOST} 天的期限")
    secret = _TOKEN_MARK + secrets.token_urlsafe(32)
    row = Token(
        user_id=user_id,
        name=name.strip()[:64],
        digest=_digest(secret),
        scopes=given,
        expires=now() + datetime.timedelta(days=days),
    )
    database.add(row)
    database.flush()
    return secret, row


def by_token(database: Database, secret: str) -> Person | None:
    """Return the person for whom a token acts; None if it is unknown, expired, or its account disabled."""
    row = database.execute(select(Token).where(Token.digest == _digest(secret))).scalar_one_or_none()
    if row is None or row.expires < now():
        return None
    scopes = frozenset(row.scopes)
    if row.user_id is None:
        return None if has_accounts(database) else Person(None, LOCAL.login, LOCAL.name, LOCAL.roles, scopes)
    user = database.get(User, row.user_id)
    if user is None or user.disabled:
        return None
    return Person(user.id, user.login, user.name, frozenset(user.roles) - {"admin"}, scopes)


class Throttle:
    """Slows down password guessing, per account and per address."""

    def __init__(self) -> None:
        """Start without failures; they are kept in memory only."""
        self._failed: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def wait(self, *keys: str) -> int:
        """Return the seconds to wait before the next try; 0 = none."""
        with self._lock:
            left = [self._left(key) for key in keys]
        return int(max(left) + 0.999)

    def failed(self, *keys: str) -> None:
        """Count a failed login."""
        with self._lock:
            if len(self._failed) > 10_000:  # noqa: PLR2004  a flood of invented names must not fill the memory
                self._failed = {key: held for key, held in self._failed.items() if self._left(key) > 0}
            for key in keys:
                self._failed[key] = (self._failed.get(key, (0, 0.0))[0] + 1, time.monotonic())

    def succeeded(self, *keys: str) -> None:
        """Forget the failed logins."""
        with self._lock:
            for key in keys:
                self._failed.pop(key, None)

    def _left(self, key: str) -> float:
        count, at = self._failed.get(key, (0, 0.0))
        pause = min(_LONGEST_WAIT, 2.0 ** (count - _FREE_TRIES)) if count >= _FREE_TRIES else 0.0
        return max(0.0, at + pause - time.monotonic()) if pause else 0.0


@functools.cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415  extra `web`

    return PasswordHasher()


@functools.cache
def _nobody() -> str:
    """Return a hash that no password matches, so that an unknown login takes as long as a known one."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
