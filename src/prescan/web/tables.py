"""The tables of the store. No column holds a value in clear: names are masked, findings are their masked JSON."""

from __future__ import annotations

import datetime
import functools
import json
from typing import Any, Final, cast

from sqlalchemy import JSON, Dialect, ForeignKey, LargeBinary, String, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: The level of a decision whose finding the last scan no longer has.
GONE: Final = "gone"


class CachedJson(TypeDecorator[dict[str, Any]]):
    """JSON that is read often and never changed: the last few decoded values are cached."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Encode."""
        return None if value is None else json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        """Decode."""
        return None if value is None else _decoded(value)


@functools.lru_cache(maxsize=6)
def _decoded(value: bytes) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(value.decode("utf-8", "surrogatepass")))


class Base(DeclarativeBase):
    """The base of all tables."""

    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012  SQLAlchemy's own way


class User(Base):
    """An account."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    password: Mapped[str]
    """An argon2id hash."""
    roles: Mapped[list[Any]]
    disabled: Mapped[bool] = mapped_column(default=False)


class Session(Base):
    """The session of a browser, after login or, in single-user mode, after its first visit."""

    __tablename__ = "sessions"
    digest: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the random cookie, which itself is not stored."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    csrf: Mapped[str]
    created: Mapped[datetime.datetime]
    seen: Mapped[datetime.datetime]


class Token(Base):
    """An API token of another system that acts for an account."""

    __tablename__ = "tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[Any]]
    expires: Mapped[datetime.datetime]


class Case(Base):
    """A document under review or sent through the API: owner, stage, what was decided about it as a whole."""

    __tablename__ = "cases"
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    """The number in the register; None for a document sent through the API only."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    owner_name: Mapped[str]
    purpose: Mapped[str]
    """"review", or, through the API only, "once" (deleted when fetched) or "hour"."""
    stage: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    title: Mapped[str | None]
    created: Mapped[datetime.datetime]
    changed: Mapped[datetime.datetime]
    scan_id: Mapped[str]
    """The scan of the current version."""
    attribute: Mapped[str | None]
    clause: Mapped[str] = mapped_column(default="")
    attribute_by: Mapped[str] = mapped_column(default="")
    notes_seen: Mapped[str] = mapped_column(default="")
    """The name of the person who confirmed having seen the undecided findings at level note."""
    unread_reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    conclusion: Mapped[str] = mapped_column(default="")
    record: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The filed record (docx)."""
    fetched: Mapped[bool] = mapped_column(default=False)
    """Whether the sender has fetched the result through the API."""
    downloads: Mapped[list[Any]] = mapped_column(default=list)


class Scan(Base):
    """A version of a document with its scan result."""

    __tablename__ = "scans"
    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str]
    """queued, running, done, failed."""
    size: Mapped[int]
    media_type: Mapped[str | None]
    verdict: Mapped[str | None]
    suggested: Mapped[str | None]
    """The suggested attribute; "abstained" if there is none."""
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any] | None] = mapped_column(CachedJson, deferred=True)
    """The JSON object of the contract, masked."""
    created: Mapped[datetime.datetime]
    finished: Mapped[datetime.datetime | None]
    held: Mapped[bool] = mapped_column(default=True)
    """Whether the upload is still in the store's folder."""


class Decided(Base):
    """A decision about a finding, by finding id, so that it also applies to corrected versions."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("case_id", "finding_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    finding_id: Mapped[str]
    rule_id: Mapped[str]
    level: Mapped[str]
    """The level of the finding in the last scan; GONE if it was not found there."""
    verdict: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime.datetime]


class Action(Base):
    """A decision step that can be undone: the decisions before it."""

    __tablename__ = "actions"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    who: Mapped[str]
    before: Mapped[dict[str, Any]]
    """Finding id → [verdict, reason, by, time] or None."""


class Note(Base):
    """A note to colleagues, about a finding or the whole document."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    finding_id: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime.datetime]


class Step(Base):
    """A step of the flow: handed in, signed, returned, corrected, discarded."""

    __tablename__ = "steps"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    round: Mapped[int]
    kind: Mapped[str]
    stage: Mapped[str]
    who: Mapped[str]
    """The login; `name` is the name as signed."""
    name: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime.datetime]


class Entry(Base):
    """A line of the log: who did what to which subject; its hash includes that of the line before."""

    __tablename__ = "log"
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    who: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[str]
    """JSON without values."""
    hash: Mapped[str]


class Anchor(Base):
    """Where the log begins after a purge: number and hash of the last deleted line."""

    __tablename__ = "log_anchor"
    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]
