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


class Kept(TypeDecorator[dict[str, Any]]):
    """JSON that is read again and again and never changed: what was decoded last is kept."""

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
    """What every table shares."""

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
    """A browser that has logged in, or in single-user mode has opened the desk."""

    __tablename__ = "sessions"
    digest: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the random cookie; the cookie itself is nowhere stored."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    csrf: Mapped[str]
    created: Mapped[datetime.datetime]
    seen: Mapped[datetime.datetime]


class Token(Base):
    """A key for another system, acting for an account."""

    __tablename__ = "tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[Any]]
    expires: Mapped[datetime.datetime]


class Case(Base):
    """One document on its way: who brought it, how far it is, what was decided about it."""

    __tablename__ = "cases"
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    """The running number of the register; None for what came through the API alone."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    owner_name: Mapped[str]
    purpose: Mapped[str]
    """"review", or for the API alone "once" (goes when fetched) and "hour"."""
    stage: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    title: Mapped[str | None]
    created: Mapped[datetime.datetime]
    changed: Mapped[datetime.datetime]
    scan_id: Mapped[str]
    """The version that counts."""
    attribute: Mapped[str | None]
    clause: Mapped[str] = mapped_column(default="")
    attribute_by: Mapped[str] = mapped_column(default="")
    notes_seen: Mapped[str] = mapped_column(default="")
    """Who has seen the findings at level note that nobody decided."""
    unread_reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    conclusion: Mapped[str] = mapped_column(default="")
    record: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The filed record (docx)."""
    fetched: Mapped[bool] = mapped_column(default=False)
    """Whether who sent it through the API has taken the result."""
    downloads: Mapped[list[Any]] = mapped_column(default=list)


class Scan(Base):
    """One version of a document, and what the machine said of it."""

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
    """The suggested attribute, "abstained" where the model could not tell."""
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any] | None] = mapped_column(Kept, deferred=True)
    """The object of the contract, masked."""
    created: Mapped[datetime.datetime]
    finished: Mapped[datetime.datetime | None]
    held: Mapped[bool] = mapped_column(default=True)
    """The upload is still in the store's folder."""


class Decided(Base):
    """What a person decided about a finding; by its id, so that it outlives a corrected version."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("case_id", "finding_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    finding_id: Mapped[str]
    rule_id: Mapped[str]
    level: Mapped[str]
    """Of the finding as the last scan has it; GONE if it no longer has it: the decision waits for its return."""
    verdict: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime.datetime]


class Action(Base):
    """One step of deciding, to be undone: what stood there before."""

    __tablename__ = "actions"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    who: Mapped[str]
    before: Mapped[dict[str, Any]]
    """Finding id → [verdict, reason, by, time] or None."""


class Note(Base):
    """A remark to colleagues, about a finding or the whole document."""

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
    """The login; the name as it is signed is in `name`."""
    name: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime.datetime]


class Entry(Base):
    """One line of the log: who did what to what; each line carries the hash of the one before."""

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
    """Where the log begins after old lines were purged: the hash of the last line that went."""

    __tablename__ = "log_anchor"
    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]
