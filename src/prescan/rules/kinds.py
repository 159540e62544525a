"""Defines rules: the fields of every rule, and the fields of each kind."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, get_args

from prescan.types import PARTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

Within = Literal[
    "sentence", "paragraph", "before", "after", "title", "head", "top", "row", "column", "note", "document"
]
#: The texts an exemption may look at.
WITHIN: Final = get_args(Within)
#: Zones of the visible page (版头 with page headers and text boxes, title) and the parts of a document.
SCOPES: Final = ("head", "title", *PARTS)
VIEWS: Final = ("fold", "squeeze")
STAGES: Final = ("draft", "published")
#: The time limits that `dated` rules check; detect.overdue.checks.CHECKS has a function for each.
DATED: Final = ("publicity", "secrecy", "disclosure", "answer", "report", "retention", "validity")
WITHOUT_CUE: Final = ("never", "checked", "valid")

#: Kind → its required and its optional fields besides the common ones.
KINDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "pattern": (("keywords", "pattern"), ("context", "window", "whole_line", "across")),
    "words": (("words",), ("context", "window", "whole_line")),
    "near": (("words", "near"), ("window", "context")),
    "together": (("groups",), ("window", "at_least", "context", "whole_line", "across")),
    "number": (
        ("number",),
        ("cues", "roster_cues", "without_cue", "invalid_with_cue", "embedded", "lengths", "context", "window", "whose"),
    ),
    "address": (("cues",), ("not_home",)),
    "name": (("cues", "public_cues", "titles"), ()),
    "date": (("cues",), ("behind",)),
    "mask": ((), ()),
    "tied": ((), ("words", "keywords", "pattern", "near", "window")),
    "column": (("cues", "pattern"), ()),
    "passage": (("family",), ()),
    "statement": ((), ()),
    "level": ((), ("at_least",)),
    "limit": ((), ("at_least",)),
    "dated": (("dated",), ("tested_on", "tested_published")),
    "place": (("hidden",), ("slight",)),
    "attribute": ((), ()),
    "across": ((), ()),
}
COMMON_NEEDED: Final = ("id", "name", "kind", "type", "basis", "advice", "find", "pass")
COMMON: Final = ("level", "reason", "scope", "stage", "view", "unless", "legal_text", "todo_find")
#: Periods that only an office's own 制度 sets, so that examples cannot test them.
OF_PROFILE: Final = frozenset({"retention"})
#: Kinds that cannot be tested on a sentence: `place` needs a file, `attribute` the whole judgement, `across` an audit.
WITHOUT_EXAMPLES: Final = frozenset({"place", "attribute", "across"})


@dataclass(frozen=True, slots=True)
class Exemption:
    """A pattern that discards a hit if it matches in the given surroundings of the hit."""

    pattern: str
    within: Within = "sentence"
    below: float = math.inf
    """Hits of a model with at least these log odds are kept all the same."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as written in a pack."""

    id: str
    name: str
    kind: str
    type: str
    basis: tuple[str, ...]
    advice: str
    find: tuple[str, ...] = ()
    """Texts the rule must find; «…» marks the exact span."""
    passes: tuple[str, ...] = ()
    """Texts in which it must find nothing (`pass` in the pack)."""
    todo_find: tuple[str, ...] = ()
    """Texts it should find but does not yet."""
    level: Literal["block", "review", "note"] | None = None
    """None = the default level of the type at the place of the hit."""
    reason: str = ""
    """Why a hit matters: a sentence of the evidence."""
    scope: tuple[str, ...] = ()
    """Zones (SCOPES) a hit must lie in; empty = anywhere."""
    stage: tuple[str, ...] = ()
    view: Literal["fold", "squeeze"] = "squeeze"
    unless: tuple[Exemption, ...] = ()
    legal_text: bool = False
    """True: also applies inside 第…条 clauses. By default it does not, for a quotation of the law is no leak."""
    keywords: tuple[str, ...] = ()
    pattern: str = ""
    whole_line: bool = False
    across: bool = False
    """The pattern may cross paragraphs: the lines of a head, the cells of a table."""
    words: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    context: str = ""
    """A pattern that must be found within `window` characters of the hit, in the same paragraph."""
    window: int = 40
    number: str = ""
    cues: tuple[str, ...] = ()
    """Words that label the value, before it, above it or left of it."""
    roster_cues: tuple[str, ...] = ()
    """Words that label it only in a list of people: 联系电话 above a column of landlines."""
    behind: tuple[str, ...] = ()
    """Words right after a date that make it a birth date."""
    not_home: tuple[str, ...] = ()
    """Words by which an address is not somebody's home."""
    public_cues: tuple[str, ...] = ()
    """Words before the name of somebody in a public role: 联系人, 法定代表人."""
    titles: tuple[str, ...] = ()
    """Offices, before or after a name: 局长."""
    without_cue: Literal["never", "checked", "valid"] = "never"
    """"valid": a valid value needs no cue; "checked": only one with a check digit or a distinctive form needs none."""
    invalid_with_cue: bool = False
    """A value with a cue is reported even if its check digit or a component is wrong."""
    embedded: bool = False
    """A valid value is also found inside a longer run of letters and digits."""
    whose: bool = False
    """A value is reported only where the landline model takes it for a private person's."""
    lengths: tuple[int, ...] = ()
    hidden: tuple[str, ...] = ()
    slight: str = ""
    """A pattern of `note：text` of hidden blocks that matter little; they get the level `note`."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Words that mean something only together; the hit is the word of the first group."""
    at_least: int = 0
    """How many groups must be found, including the first; 0 = all. For `level` and `limit`: log odds required beyond
    the threshold of the model."""
    family: str = ""
    """The family of the passage model that a `passage` rule reports."""
    dated: str = ""
    """The time limit that a `dated` rule checks (DATED)."""
    tested_on: datetime.date | None = None
    """The day of the scan for the examples of a `dated` rule."""
    tested_published: datetime.date | None = None
    """The day of their publication, for rules that need it."""
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def told_by_text(self) -> bool:
        """For number rules: whether the text around decides on a value without a label."""
        return bool(self.context) or self.whose


@dataclass(frozen=True, slots=True)
class Profile:
    """An office's own 制度: its name and settings. None = not set, current law applies."""

    name: str = ""
    disclosure_workdays: int | None = None
    """For 主动公开, from the date of the document."""
    answer_workdays: int | None = None
    """For the answer to an application."""
    extension_workdays: int | None = None
    third_party_workdays: int | None = None
    third_party_silence: Literal["consent", "refusal", "organ"] | None = None
    """What the silence of a third party means; "organ": the organ decides."""
    annual_report: str | None = None
    """Last day of the annual report as MM-DD."""
    report_by: Literal["department", "government"] = "department"
    fees: bool | None = None
    """Whether search, copying and postage are charged."""
    retention_days: int | None = None
    """How long a page stays on the web."""
    withdraw_workdays: int | None = None
    """Within how many working days an expired page is removed."""
    catalogue: Literal["2007", "2019"] | None = None
    """The year of the 条例 whose catalogue of proactive disclosure the 制度 follows."""
    refusals: tuple[str, ...] = ()
    """Grounds of refusal in the 制度 beyond the law."""
    disabled: Mapping[str, str] = field(default_factory=dict)
    """The disabled rules, with the reasons."""


@dataclass(frozen=True, slots=True)
class RuleBase:
    """All rules in force, the words shared by number rules, and the digest of both."""

    rules: tuple[Rule, ...]
    other_numbers: tuple[str, ...]
    """Labels of numbers that are not personal data (发票号码, 受理编号 …)."""
    statutes: dict[str, str] = field(repr=False)
    """Article ("条例 第十四条") → its gist."""
    grounds: frozenset[str] = field(repr=False)
    """The articles that forbid publishing, or allow not to publish: a decision 不予公开 cites one of them."""
    digest: str = ""
    profile: Profile = field(default_factory=Profile)

    def __getitem__(self, rule_id: str) -> Rule:
        """Return the rule with an id. Raises KeyError."""
        return next(rule for rule in self.rules if rule.id == rule_id)
