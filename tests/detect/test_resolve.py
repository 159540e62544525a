"""From candidates to findings: one value one finding, the level of its place, the order, the ids."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescan.detect import Reading
from prescan.detect.resolve import Identity, resolve
from prescan.formats.text import lines
from prescan.types import Block, Candidate, Context, Document, Location, Strength

if TYPE_CHECKING:
    from prescan import Finding, Scanner, ScanResult

ID, CARD, MOBILE = "110101190203140028", "6222020000000000018", "13800138000"
HOME = "清河省临溪县青禾镇柳树村三组12号"
LABELS = {ID: "身份证号", CARD: "银行卡号", MOBILE: "联系电话", HOME: "家庭住址"}
SENTENCE = "现将有关情况向各单位通报如下，请认真组织学习，结合本职工作抓好贯彻落实，并于月底前反馈。" * 2


def found(scanner: Scanner, text: str) -> list[tuple[str, str, str]]:
    """Return type, words and level of each finding."""
    result = scanner.scan_text(text)
    return [(f.type, text[f.start : f.end], f.level) for f in result.findings if f.category == "personal"]


def scan(scanner: Scanner, *blocks: Block) -> ScanResult:
    """Return the result of a document of these blocks."""
    document = Document.of("a.docx", "application/x", None, blocks)
    return scanner._engine.scan(document, Context(), scanner.today)


def resolved(scanner: Scanner, *candidates: Candidate, key: bytes = b"k" * 32, place: str = "") -> list[Finding]:
    """Resolve candidates over a text of letters."""
    reading = Reading.of(Document.of("", "text/plain", None, lines("甲" * 100)))
    return resolve(candidates, reading, scanner._engine.rules.rules, Identity(key, place))


def candidate(start: int, end: int, rule: str = "PII-001", kind: str = "resident_id", strength: int = 0) -> Candidate:
    """Return a candidate; `strength` is 2 for a valid value, 2 more for a check digit and 1 more for a cue."""
    return Candidate(rule, kind, start, end, strength=Strength(strength // 2, bool(strength % 2)), masked="*")


@pytest.mark.parametrize(
    ("value", "elsewhere", "in_roster"),
    [(ID, "block", "block"), (CARD, "block", "block"), (MOBILE, "review", "block"), (HOME, "review", "block")],
)
def test_the_level_depends_on_the_place(scanner: Scanner, value: str, elsewhere: str, in_roster: str) -> None:
    """In a list of people more must not go out; a column, a form, a title or an annex makes the list."""
    label = LABELS[value]
    roster = f"姓名\t{label}\n何某\t{value}\n周某\t\n"
    titled = f"青禾镇困难群众花名册\n何某，{value}，三口人\n"
    annexed = f"关于报送情况的通知\n各村：\n请查收。\n附件\n低保人员名单\n何某，{value}，三口人\n"
    assert [level for _, _, level in found(scanner, f"何某，{label}：{value}。")] == [elsewhere]
    assert [level for _, _, level in found(scanner, f"{roster}\n\n何某，{label}：{value}。")] == [in_roster, elsewhere]
    for text in (roster, titled, annexed):
        assert [level for _, _, level in found(scanner, text)] == [in_roster]


@pytest.mark.parametrize(
    "text",
    [
        "社会保障号：{}",
        "驾驶证号：{}。",
        "姓名\t社保号\n何某\t{}\n周某\t\n",
        "身份证号（即社会保障号）：{}",
        "证件号码{}，手机无",
    ],
)
def test_one_value_is_one_finding(scanner: Scanner, text: str) -> None:
    """A valid resident ID is one under whatever label, and no phone or card is seen inside it."""
    assert found(scanner, text.format(ID)) == [("resident_id", ID, "block")]


def test_valid_beats_invalid_then_longer_beats_shorter_then_a_cue_beats_none(scanner: Scanner) -> None:
    """The table at the top of resolve.py."""
    pairs = [
        (candidate(5, 10, strength=2), candidate(0, 20, strength=1)),
        (candidate(5, 10, strength=4), candidate(0, 20, strength=3)),
        (candidate(0, 20, strength=2), candidate(5, 20, strength=3)),
        (candidate(5, 10, "PII-002", strength=1), candidate(5, 10, strength=0)),
        (candidate(5, 10), candidate(5, 10, "PII-002")),
        (candidate(0, 20, "PII-003", "bank_card", 2), candidate(2, 13, "PII-004", "mobile_phone", 2)),
    ]
    for winner, loser in pairs:
        for order in ((winner, loser), (loser, winner)):
            (kept,) = resolved(scanner, *order)
            assert (kept.rule_id, kept.start, kept.end) == (winner.rule_id, winner.start, winner.end)


def test_the_winner_names_what_it_contains_once(scanner: Scanner) -> None:
    """Only of another type."""
    inside = [candidate(2, 13, "PII-004", "mobile_phone", 2), candidate(8, 19, "PII-004", "mobile_phone", 2)]
    (kept,) = resolved(
        scanner, candidate(0, 19, "PII-003", "bank_card", 2), *inside, candidate(0, 18, "PII-003", "bank_card")
    )
    assert kept.evidence == ("内含手机号码",)


def test_different_types_at_the_same_text_are_different_findings(scanner: Scanner) -> None:
    """Only what tells of a person competes for a place."""
    mark = Candidate("SEC-001", "secret_mark", 0, 20)
    assert [f.type for f in resolved(scanner, candidate(0, 20), mark)] == ["resident_id", "secret_mark"]


def test_of_one_type_the_stricter_level_stays_however_short(scanner: Scanner) -> None:
    """A review of a line does not take the place of a mark inside it; what must only be checked blocks nothing."""
    line = Candidate("SEC-047", "secret_mark", 0, 20, level="review")
    mark = dataclasses.replace(line, rule_id="SEC-070", start=5, end=7, level="block")
    doubtful = dataclasses.replace(mark, confidence="check")
    assert [f.rule_id for f in resolved(scanner, line, mark)] == ["SEC-070"]
    assert [f.rule_id for f in resolved(scanner, line, doubtful)] == ["SEC-047"]


def test_neighbours_are_both_kept(scanner: Scanner) -> None:
    """Touching is no overlap."""
    assert len(resolved(scanner, candidate(0, 10), candidate(10, 20), candidate(20, 21))) == 3


_CANDIDATES = st.lists(
    st.builds(
        lambda start, length, rule, strength: candidate(start, start + length, *rule, strength),
        st.integers(0, 80),
        st.integers(1, 20),
        st.sampled_from([("PII-001", "resident_id"), ("PII-003", "bank_card"), ("PII-004", "mobile_phone")]),
        st.integers(0, 3),
    ),
    max_size=12,
)


@given(_CANDIDATES, st.randoms())
@settings(max_examples=200, deadline=None)
def test_findings_never_overlap_and_nothing_is_lost(
    scanner: Scanner, candidates: list[Candidate], random: object
) -> None:
    """Each candidate is kept or overlaps one that is; the order they come in makes no difference."""
    findings = resolved(scanner, *candidates)
    assert all(left.end <= right.start for left, right in itertools.pairwise(findings))
    for one in candidates:
        assert any(f.start < one.end and one.start < f.end for f in findings)
    random.shuffle(candidates)
    assert [(f.rule_id, f.start, f.end) for f in resolved(scanner, *candidates)] == [
        (f.rule_id, f.start, f.end) for f in findings
    ]


def test_findings_come_by_start_then_longer_first_then_rule_id_and_last_those_without_text(scanner: Scanner) -> None:
    """The order of the contract."""
    given_ = [
        Candidate("HID-007", "metadata", None, None, location=Location("metadata")),
        candidate(30, 40),
        Candidate("SEC-003", "secret_mark", 5, 9),
        Candidate("INT-001", "internal_mark", 5, 9),
        Candidate("PRC-001", "process_info", 5, 12),
        candidate(0, 3, "PII-003", "bank_card"),
    ]
    order = [f.rule_id for f in resolved(scanner, *given_)]
    assert order == ["PII-003", "PRC-001", "INT-001", "SEC-003", "PII-001", "HID-007"]


def test_a_doubtful_value_is_at_most_review(scanner: Scanner) -> None:
    """Confidence check never blocks."""
    (kept,) = resolved(scanner, dataclasses.replace(candidate(0, 18), confidence="check"))
    assert (kept.level, kept.confidence) == ("review", "check")


def test_a_hidden_place_is_one_finding_and_a_value_in_it_another(scanner: Scanner) -> None:
    """The value keeps its type and level, with the hidden place as its location; nothing hidden is quoted."""
    hidden = Block(f"何某{ID}", Location("comment", paragraph=1), hidden="comment", note="某人的批注")
    more = Block("请核实", Location("comment", paragraph=1), hidden="comment", note="某人的批注")
    other = Block("另一条", Location("comment", paragraph=2), hidden="comment", note="他人的批注")
    result = scan(scanner, Block("关于发放补贴的通知"), hidden, more, other)
    shown = [(f.type, f.level, f.location.part, result.document.text[f.start : f.end]) for f in result.findings]
    assert shown[:3] == [
        ("comment", "review", "comment", f"何某{ID}\u2029请核实"),
        ("resident_id", "block", "comment", ID),
        ("comment", "review", "comment", "另一条"),
    ]
    assert [f.masked for f in result.findings][:3:2] == ["", ""]


def test_headers_notes_and_text_boxes_are_no_hidden_places(scanner: Scanner) -> None:
    """They are printed; a value in them is found there."""
    blocks = [Block(f"{part}：身份证号{ID}", Location(part)) for part in ("header", "footer", "note", "textbox")]
    result = scan(scanner, Block("关于发放补贴的通知"), *blocks)
    assert [f.location.part for f in result.findings if f.type == "resident_id"] == [
        "header",
        "footer",
        "note",
        "textbox",
    ]
    assert not [f for f in result.findings if f.category == "hidden_content"]


def test_an_empty_hidden_place_has_no_offsets_and_comes_last(scanner: Scanner) -> None:
    """A hidden sheet with nothing in it is still there."""
    empty = Block("", Location("hidden", cell="Sheet2!A1"), hidden="hidden_sheet")
    result = scan(scanner, Block("关于发放补贴的通知"), empty, Block(f"身份证号{ID}"))
    assert [(f.type, f.start) for f in result.findings if f.type in {"resident_id", "hidden_sheet"}] == [
        ("resident_id", result.document.text.index(ID)),
        ("hidden_sheet", None),
    ]
    assert result.findings[-1].start is None


def ids(scanner: Scanner, text: str, key: bytes | None = None, context: Context | None = None) -> list[str]:
    """Return the ids of the resident IDs in a text."""
    engine = dataclasses.replace(scanner._engine, key=key) if key else scanner._engine
    result = engine.scan(Document.of("", "text/plain", None, lines(text)), context or Context(), scanner.today)
    return [f.id for f in result.findings if f.type == "resident_id"]


def test_equal_values_in_equal_surroundings_share_one_id(scanner: Scanner) -> None:
    """And so one decision; however the digits are written."""
    once = f"{SENTENCE}身份证号：{{}}。{SENTENCE}"
    wide = "".join(chr(ord(char) + 0xFEE0) for char in ID)
    same = ids(scanner, once.format(ID) + "\n" + once.format(ID) + "\n" + once.format(wide))
    assert len(same) == 3
    assert len(set(same)) == 1


def test_other_surroundings_values_places_and_keys_give_other_ids(scanner: Scanner) -> None:
    """Twenty characters on each side belong to the fingerprint, what lies further away does not."""
    text = f"{SENTENCE}身份证号：{ID}。{SENTENCE}"
    (first,) = ids(scanner, text)
    assert ids(scanner, text) == [first]
    assert ids(scanner, "补充说明。" + text + "补充说明。") == [first]
    changed = [
        ids(scanner, text.replace("身份证号：", "身份证件号码：")),
        ids(scanner, text.replace(f"{ID}。", f"{ID}，")),
        ids(scanner, text.replace(ID, "110101190203140036")),
        ids(scanner, text, key=b"other" * 8),
        ids(scanner, text, context=Context(url="https://example.gov.cn/1.html")),
    ]
    assert all(len(one) == 1 for one in changed)
    assert len({first, *itertools.chain(*changed)}) == 6
    assert all(len(one[0]) == 16 and int(one[0], 16) >= 0 for one in changed)


@pytest.mark.parametrize("value", [ID, CARD, MOBILE, HOME, "li.hua@example.com", "浙A12345", "110101190203140027"])
def test_a_value_is_never_in_a_result_but_in_its_text(scanner: Scanner, value: str) -> None:
    """Neither in the repr of anything, nor in what a finding says."""
    text = (
        f"关于何某{value}的批复\n姓名\t身份证号\n何某\t{value}\n本人联系方式：{value}，身份证号{value}，住{value}。\n"
    )
    result = scanner.scan_text(text)
    assert result.findings
    assert value not in repr(result) + repr(result.document) + repr(result.document.blocks)
    told = [(f.message, f.evidence, f.advice, f.masked, f.basis, repr(f)) for f in result.findings]
    assert value not in repr(told)
    assert value not in repr(result.suggestion)
    assert value not in repr(Reading.of(result.document))
