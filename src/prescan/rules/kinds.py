"""What a rule is: the fields every rule has, and the fields of each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from prescan.types import PARTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

Within = Literal["sentence", "paragraph", "before", "after", "title", "head", "top", "row", "note", "document"]

WITHIN: Final = ("sentence", "paragraph", "before", "after", "title", "head", "top", "row", "note", "document")
#: Zones of the visible page beside the parts of a document: 版头 (with page headers and text boxes) and title.
SCOPES: Final = ("head", "title", *PARTS)
VIEWS: Final = ("fold", "squeeze")
STAGES: Final = ("draft", "published")
#: What a `dated` rule asks; detect.dated.ASK answers.
DATED: Final = ("publicity", "secrecy", "disclosure", "answer", "report", "retention", "validity")
WITHOUT_CUE: Final = ("never", "checked", "valid")

#: Kind → the fields it needs and the fields it may have beside the common ones.
KINDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "pattern": (("keywords", "pattern"), ("context", "window", "whole_line", "across")),
    "words": (("words",), ("context", "window", "whole_line")),
    "near": (("words", "near"), ("window", "context")),
    "together": (("groups",), ("window", "at_least", "context", "whole_line", "across")),
    "number": (
        ("number",),
        ("cues", "roster_cues", "without_cue", "invalid_with_cue", "embedded", "lengths", "context", "window"),
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
#: Periods only an office's own 制度 sets: no example can show them.
OF_PROFILE: Final = frozenset({"retention"})
#: Kinds that do not speak about a sentence alone: `place` needs a file, `attribute` the whole judgement, `across` an
#: audit.
WITHOUT_EXAMPLES: Final = frozenset({"place", "attribute", "across"})


@dataclass(frozen=True, slots=True)
class Exemption:
    """A pattern that silences a hit when it is found within a given reach of it."""

    pattern: str
    within: Within = "sentence"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as written in a pack. Offsets, levels and clauses of its findings follow from it."""

    id: str
    name: str
    kind: str
    type: str
    basis: tuple[str, ...]
    advice: str
    find: tuple[str, ...] = ()
    """Texts the rule must find; «…» marks the exact span."""
    passes: tuple[str, ...] = ()
    """Texts it must leave alone (`pass` in the pack)."""
    todo_find: tuple[str, ...] = ()
    """Known misses, written down."""
    level: Literal["block", "review", "note"] | None = None
    """None = the default of the type at that place."""
    reason: str = ""
    """Why a hit matters, as a sentence of the evidence."""
    scope: tuple[str, ...] = ()
    """Zones (SCOPES) a hit must lie in; empty = anywhere."""
    stage: tuple[str, ...] = ()
    view: Literal["fold", "squeeze"] = "squeeze"
    unless: tuple[Exemption, ...] = ()
    legal_text: bool = False
    """True: also heard inside 第…条 clauses. A quotation of the law is not a leak, so the default is False."""
    keywords: tuple[str, ...] = ()
    pattern: str = ""
    whole_line: bool = False
    across: bool = False
    """Look beyond the paragraph of the keyword: over the lines of a head, the cells of a table."""
    words: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    context: str = ""
    """A pattern that must be found within `window` characters of the hit, in the same paragraph."""
    window: int = 40
    number: str = ""
    cues: tuple[str, ...] = ()
    """Words that name the value in front of it, above it or left of it."""
    roster_cues: tuple[str, ...] = ()
    """Words that name it only in a list of people: 联系电话 over a column of landlines."""
    behind: tuple[str, ...] = ()
    """Words right behind a date that make it a birth date."""
    not_home: tuple[str, ...] = ()
    """Words that say an address is not somebody's home."""
    public_cues: tuple[str, ...] = ()
    """Words that name somebody in a public role in front of the name: 联系人, 法定代表人."""
    titles: tuple[str, ...] = ()
    """Offices, before or after a name: 局长."""
    without_cue: Literal["never", "checked", "valid"] = "never"
    """"valid": a valid value needs no cue; "checked": one confirmed by a check digit or a telling shape needs none."""
    invalid_with_cue: bool = False
    """A value beside its cue is reported although its check digit or a component is wrong."""
    embedded: bool = False
    """A valid value is also taken out of a longer run of letters and digits."""
    lengths: tuple[int, ...] = ()
    hidden: tuple[str, ...] = ()
    slight: str = ""
    """What a place is called and says (`note：text`) where it tells so little that it is only noted."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Words of different meaning that say something only together; the first group is what is marked."""
    at_least: int = 0
    """How many groups must be found, the first among them; 0 = all. Of `level` and `limit`: log odds
    asked for at least, beyond what the model asks for."""
    family: str = ""
    """The family of the passage model a `passage` rule speaks for."""
    dated: str = ""
    """Which period a `dated` rule asks about (DATED)."""
    tested_on: datetime.date | None = None
    """The day on which the examples of a `dated` rule are read."""
    tested_published: datetime.date | None = None
    """The day they were published, for rules that ask for it."""
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """An office's own 制度: its name and what it sets. None = it says nothing, current law applies."""

    name: str = ""
    disclosure_workdays: int | None = None
    """主动公开, counted from the day the document was made."""
    answer_workdays: int | None = None
    """Answer to an application."""
    extension_workdays: int | None = None
    third_party_workdays: int | None = None
    third_party_silence: Literal["consent", "refusal", "organ"] | None = None
    """What it means when a third party asked does not answer; "organ": the organ decides."""
    annual_report: str | None = None
    """Last day of the annual report as MM-DD."""
    report_by: Literal["department", "government"] = "department"
    fees: bool | None = None
    """Whether search, copying and postage are charged."""
    retention_days: int | None = None
    """How long a page stays on the web."""
    withdraw_workdays: int | None = None
    """Within how many working days an expired page is taken off."""
    catalogue: Literal["2007", "2019"] | None = None
    """The year of the 条例 whose list of what is published unasked the 制度 follows."""
    refusals: tuple[str, ...] = ()
    """Grounds of refusal the 制度 names beyond the law."""
    disabled: Mapping[str, str] = field(default_factory=dict)
    """Rules switched off, and why."""


@dataclass(frozen=True, slots=True)
class RuleBase:
    """Every rule in force, the words shared by number rules, and what identifies them."""

    rules: tuple[Rule, ...]
    other_numbers: tuple[str, ...]
    """Labels of numbers that are not personal data (发票号码, 受理编号 …)."""
    statutes: dict[str, str] = field(repr=False)
    """Article ("条例 第十四条") → its gist."""
    digest: str = ""
    profile: Profile = field(default_factory=Profile)

    def __getitem__(self, rule_id: str) -> Rule:
        """Return the rule with an id. Raises KeyError."""
        return next(rule for rule in self.rules if rule.id == rule_id)
