"""The contract as other systems rely on it, written down here a second time."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from invented import BANK_CARD, MOBILE, PLEA, PROACTIVE, RESIDENT_ID

import prescan
from prescan.cli import exit_code
from prescan.judge import verdict
from prescan.resources import finding_types
from prescan.types import Document, Finding, Location, ScanResult, Suggestion, Suppression, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = [
    "Block",
    "Context",
    "Document",
    "Finding",
    "Limits",
    "Location",
    "ModelError",
    "Part",
    "PrescanError",
    "ReadError",
    "Reason",
    "Redaction",
    "RedactionFailed",
    "RedactionRefused",
    "RuleError",
    "ScanResult",
    "Scanner",
    "Settings",
    "SettingsError",
    "Suggestion",
    "Unread",
    "__version__",
    "load_document",
    "redact",
    "scan",
    "write",
]

#: The types of each category.
TYPES = {
    "personal": """
        resident_id bank_card bank_account mobile_phone landline_phone address person_name birth_date passport
        hk_macau_permit taiwan_permit foreign_resident_id license_plate email social_account social_security_no
        provident_fund_no student_id exam_no military_id driver_license disability_certificate
        practitioner_certificate marriage_certificate property_certificate medical_record_no device_id weak_mask
    """,
    "sensitive_personal": "health disability minor biometric religion financial_status criminal_record whereabouts",
    "state_secret": "secret_mark copy_number secret_content",
    "work_secret": "work_secret internal_mark",
    "trade_secret": "trade_secret",
    "process": "process_info internal_affairs",
    "law_enforcement": "case_file",
    "safety": "safety_stability",
    "attribute": "attribute_missing attribute_conflict basis_missing mark_misuse",
    "flow": """
        approval_required forwarded_document joint_document annex_missing publicity_expired retention_expired
        disclosure_overdue superseded legacy_rule_conflict
    """,
    "hidden_content": """
        tracked_change comment hidden_text hidden_sheet hidden_row_column embedded_file metadata fake_redaction
        attachment hidden_layer annotation markup_comment layer_mismatch wrong_extension
    """,
}
#: The default levels; what is named nowhere there may be review or note, never block.
BLOCK = {
    *("resident_id", "bank_card", "passport", "hk_macau_permit", "taiwan_permit", "foreign_resident_id"),
    *("disability_certificate", "medical_record_no", "secret_mark", "fake_redaction"),
}
BLOCK_IN_ROSTER = {*BLOCK, "address", "birth_date", "bank_account", "mobile_phone"}
NOTE = {"person_name", "metadata", "markup_comment", "wrong_extension"}
REVIEW_CATEGORIES = {"personal", "sensitive_personal", "hidden_content", "attribute"}


def test_the_package_offers_these_names_and_no_others():
    assert sorted(prescan.__all__) == sorted(NAMES)
    assert all(getattr(prescan, name) is not None for name in NAMES)


def test_every_type_of_the_contract_stands_in_the_table_under_its_category():
    held = {(row.category, row.type) for row in finding_types().values()}
    assert held >= {(category, name) for category, names in TYPES.items() for name in names.split()}


@pytest.mark.parametrize("row", finding_types().values(), ids=lambda row: row.type)
def test_a_type_has_the_level_of_the_contract(row):
    if row.type in BLOCK:
        assert row.level == "block"
    elif row.type in NOTE:
        assert row.level == "note"
    elif row.category in REVIEW_CATEGORIES or row.type == "internal_mark":
        assert row.level == "review"
    else:
        assert row.level in {"review", "note"}
    assert row.roster_level == ("block" if row.type in BLOCK_IN_ROSTER else row.level)
    assert row.label


def test_a_result_has_the_fields_of_the_contract(scanner):
    result = scanner.scan_text(f"{PLEA}联系人身份证号：{RESIDENT_ID}")
    finding, suggestion = result.findings[-1], result.suggestion
    for thing, names in (
        (result, "document findings suggestion unread verdict clear complete versions"),
        (finding, "id rule_id type category level confidence start end masked message"),
        (finding, "evidence basis advice location suppressed"),
        (suggestion, "attribute probabilities abstained handling reasons parts basis catalogue declared conflict"),
        (suggestion.reasons[0], "text start end clause"),
        (finding.location, "part page paragraph cell bbox member"),
    ):
        assert [name for name in names.split() if not hasattr(thing, name)] == []
    assert (result.document.name, result.document.media_type) == ("", "text/plain")
    assert [len(result.versions[name]) for name in ("rules", "model")] == [12, 12]
    assert set(result.versions) == {"prescan", "rules", "model"}


PIECES = st.sampled_from(
    [
        *(f"身份证号：{RESIDENT_ID}", BANK_CARD, f"手机{MOBILE}", "机密★10年", "内部资料，不得外传", "妥否，请批示。"),
        *("家庭住址：青禾县石桥镇幸福路12号3单元402室", "第一条", "（此件不予公开）", "附件", "\n", "\r\n", "\t", "|"),
        *("\u2029", "\n\n", "　", "姓名", "，", "\u200b", "𡐓", "e\u0301", "\ud800"),
    ]
)
TEXTS = st.lists(PIECES | st.text(st.characters(exclude_categories=()), max_size=8), max_size=25).map("".join)


@MANY
@given(text=TEXTS)
def test_findings_of_any_text_lie_inside_it_in_order(scanner, text):
    result = scanner.scan_text(text)
    assert result.document.text == text
    placed = [finding for finding in result.findings if finding.start is not None]
    assert all(0 <= finding.start < finding.end <= len(text) for finding in placed)
    keys = [(finding.start, -finding.end, finding.rule_id) for finding in placed]
    assert keys == sorted(keys)
    assert list(result.findings[: len(placed)]) == placed
    assert all(text[f.start : f.end].strip() == text[f.start : f.end] for f in placed if f.category == "personal")


@MANY
@given(text=TEXTS)
def test_probabilities_of_any_text_sum_to_one_in_the_order_of_the_contract(scanner, text):
    result = scanner.scan_text(text)
    assert (result.suggestion is None) <= bool(result.unread)
    if result.suggestion:
        shares = result.suggestion.probabilities
        assert list(shares) == ["proactive", "on_request", "withheld"]
        assert sum(shares.values()) == pytest.approx(1)
        assert result.suggestion.attribute == max(shares, key=shares.get)


@SOME
@given(
    text=st.lists(PIECES | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))), max_size=25).map(
        "".join
    )
)
def test_a_plain_text_file_keeps_every_character(scanner, text):
    text = text.replace("\ud800", "")
    assume(text.strip() and not text.startswith("\ufeff"))
    result = scanner.scan_bytes(text.encode(), name="稿.txt")
    assume([item.code for item in result.unread] != ["empty"])
    assert result.unread == ()
    assert result.document.text == text


def finding(level: str, *, silenced: bool = False) -> Finding:
    """Return a finding at a level."""
    why = Suppression("已核") if silenced else None
    return Finding(
        "0" * 16, "PII-001", "resident_id", "personal", level, "certain", 0, 1, "*", "", (), (), "", Location(), why
    )


def suggestions() -> Iterator[Suggestion | None]:
    """Yield no suggestion, and one for each attribute, whether abstaining, and what is declared."""
    yield None
    attributes = ("proactive", "on_request", "withheld")
    for attribute, abstained, declared in itertools.product(attributes, (False, True), (None, *attributes)):
        yield Suggestion(attribute, dict.fromkeys(attributes, 1 / 3), abstained, declared=declared)


def sentence(active: set[str], suggestion: Suggestion | None, *, lost: bool) -> str:
    """Return the verdict as the contract words it; no suggestion is one that abstains."""
    if "block" in active:
        return "blocked"
    if lost:
        return "unread"
    if "review" in active or suggestion is None or suggestion.abstained:
        return "review"
    if suggestion.attribute in {"withheld", "on_request"} and suggestion.declared != suggestion.attribute:
        return "review"
    return "clear"


FINDINGS = [(level, silenced) for level in ("block", "review", "note") for silenced in (False, True)]


@pytest.mark.parametrize("chosen", list(itertools.product((0, 1), repeat=len(FINDINGS))))
def test_the_verdict_is_the_first_that_holds(chosen):
    picked = list(itertools.compress(FINDINGS, chosen))
    findings = [finding(level, silenced=silenced) for level, silenced in picked]
    active = {level for level, silenced in picked if not silenced}
    for suggestion, lost in itertools.product(suggestions(), (False, True)):
        unread = [Unread.of("a", "crashed")] if lost else []
        assert verdict(findings, suggestion, unread) == sentence(active, suggestion, lost=lost)


KINDS = [(None, False), *((level, silenced) for level, silenced in FINDINGS)]
RANK = {"block": 3, "review": 2, "note": 1, "never": 9}


def made(level: str | None, *, silenced: bool, lost: bool) -> ScanResult:
    """Return a result with at most one finding."""
    findings = (finding(level, silenced=silenced),) if level else ()
    unread = (Unread.of("a", "missing"),) if lost else ()
    return ScanResult(Document("", None, None, ()), findings, None, unread, "review", {}, None)


@pytest.mark.parametrize("fail_on", ["block", "review", "note", "never"])
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_the_exit_code_is_found_before_unread_before_ok_over_all_inputs(fail_on, count):
    kinds = [(level, silenced, lost) for (level, silenced), lost in itertools.product(KINDS, (False, True))]
    for inputs in itertools.combinations_with_replacement(kinds, count):
        found = any(level and not silenced and RANK[level] >= RANK[fail_on] for level, silenced, _ in inputs)
        expected = 1 if found else 3 if any(lost for *_, lost in inputs) else 0
        assert (
            exit_code([made(level, silenced=silenced, lost=lost) for level, silenced, lost in inputs], fail_on)
            == expected
        )


def test_clear_and_complete_follow_from_verdict_and_unread(scanner):
    text = scanner.scan_text(PROACTIVE)
    assert text.clear is (text.verdict == "clear")
    assert text.complete
    lost = scanner.scan_file("没有这个文件.docx")
    assert (lost.verdict, lost.clear, lost.complete) == ("unread", False, False)
