"""decisions.json: what may stand in it, what it silences, what it says about entries that did nothing."""

from __future__ import annotations

import datetime
import json
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import BANK_CARD, RESIDENT_ID

import prescan
from prescan.decisions import ledger
from prescan.errors import SettingsError
from prescan.types import ATTRIBUTES

TODAY = datetime.date(2026, 3, 1)
TEXT = f"申请人身份证号：{RESIDENT_ID}。\n\n另附银行卡号：{BANK_CARD}，以上两项由窗口人员当面核对，确认后不再退还本人。"


def shown(result):
    return result.document.name


def one(verdict=ledger.FALSE_ALARM, **fields):
    decision = {"verdict": verdict, "reason": "登记样表", **fields}
    return {"schema": ledger.SCHEMA, "documents": [{"sha256": "0" * 64, "name": "a.txt", "findings": {"a1": decision}}]}


def settings(tmp_path, documents):
    ledger.write(tmp_path / "d.json", documents)
    return prescan.Settings(today=TODAY, baseline=(str(tmp_path / "d.json"),))


@pytest.mark.parametrize("verdict", ledger.VERDICTS)
def test_a_file_comes_back_as_it_was_written(tmp_path, verdict):
    documents = ledger.parse(one(verdict, until="2026-12-31", by="李某"))
    ledger.write(tmp_path / "d.json", documents)
    assert ledger.read(tmp_path / "d.json") == documents
    assert stat.S_IMODE((tmp_path / "d.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["d.json"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "prescan-decisions/1"),
        ({"schema": "x", "documents": []}, "prescan-decisions/1"),
        ({"schema": ledger.SCHEMA}, "documents"),
        ({"schema": ledger.SCHEMA, "documents": [1]}, "第 1 份"),
        (one("无所谓"), "verdict"),
        (one(reason=" "), "理由"),
        (one(until="明年"), "until"),
        ({"schema": ledger.SCHEMA, "documents": [{"attribute": "公开"}]}, "attribute"),
        ({"schema": ledger.SCHEMA, "documents": [{"findings": [1]}]}, "findings"),
        ({"schema": ledger.SCHEMA, "documents": [{"attribute": ["withheld"]}]}, "attribute"),
        ({"schema": ledger.SCHEMA, "documents": [{"sha256": 5}]}, "sha256"),
        ({"schema": ledger.SCHEMA, "documents": [{"remove": [{"start": 3, "end": 3}]}]}, "remove"),
        ({"schema": ledger.SCHEMA, "documents": [{"remove": [{"start": False, "end": True}]}]}, "remove"),
        ({"schema": ledger.SCHEMA, "documents": [{"remove": 5}]}, "remove"),
        ({"schema": ledger.SCHEMA, "documents": [{"remove": {"start": 3}}]}, "remove"),
    ],
)
def test_a_bad_file_is_named_with_the_entry_that_is_wrong(tmp_path, data, said):
    path = tmp_path / "坏.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(SettingsError, match=said) as caught:
        ledger.read(path)
    assert "坏.json" in str(caught.value)


_KEYS = st.sampled_from(
    ["sha256", "name", "attribute", "clause", "remove", "findings", "verdict", "reason", "by", "until", "start", "end"]
)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([*ledger.VERDICTS, *ATTRIBUTES, "2026-12-31", ""])
    | st.text(max_size=5)
)
_JSON = st.recursive(
    _LEAVES, lambda held: st.lists(held, max_size=3) | st.dictionaries(_KEYS | st.text(max_size=3), held, max_size=4)
)
_ENTRIES = st.fixed_dictionaries({}, optional={"findings": st.dictionaries(st.text(max_size=3), _JSON, max_size=2)})


@given(
    st.lists(st.builds(lambda one, two: {**one, **two}, st.dictionaries(_KEYS, _JSON, max_size=4), _ENTRIES) | _JSON)
)
def test_whatever_json_holds_it_is_read_or_what_is_wrong_is_said(documents):
    """In a sentence that names the entry; what is read can be written."""
    try:
        read, said = ledger.parse({"schema": ledger.SCHEMA, "documents": documents}), ""
    except ValueError as error:
        read, said = (), str(error)
    assert "第" in said or (not said and ledger.parse(json.loads(ledger.dump(read))) == read)


@pytest.mark.parametrize("content", [None, "{", "\xff", "[" * 100_000])
def test_a_file_that_cannot_be_read_is_a_settings_error(tmp_path, content):
    path = tmp_path / "d.json"
    if content is not None:
        path.write_bytes(content.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"d\.json"):
        prescan.Scanner(prescan.Settings(baseline=(str(path),)))


@pytest.mark.parametrize(
    ("verdict", "until", "silent"),
    [
        (ledger.FALSE_ALARM, None, True),
        (ledger.LAWFUL, TODAY, True),
        (ledger.LAWFUL, TODAY - datetime.timedelta(1), False),
        (ledger.CONFIRMED, None, False),
        (ledger.MASKED, None, False),
    ],
)
def test_only_what_was_accepted_is_silenced_and_only_it(tmp_path, verdict, until, silent):
    first = prescan.Scanner(prescan.Settings(today=TODAY)).scan_text(TEXT)
    by_type = {finding.type: finding for finding in first.findings}
    decision = ledger.Decision(verdict, "样表", "王某", until)
    document = ledger.DocumentDecisions(None, findings={by_type["resident_id"].id: decision})
    again = prescan.Scanner(settings(tmp_path, [document])).scan_text(TEXT)
    states = {finding.type: finding.suppressed for finding in again.findings}
    assert (states["resident_id"] is not None) == silent
    assert states["bank_card"] is None
    assert again.verdict == "blocked"
    if silent:
        assert (states["resident_id"].reason, states["resident_id"].by) == ("样表", "王某")


def test_the_same_value_elsewhere_is_new_and_an_edit_far_away_changes_nothing(tmp_path):
    plain = prescan.Scanner(prescan.Settings(today=TODAY))
    documents = ledger.with_accepted([plain.scan_text(TEXT)], ledger.Decision(ledger.LAWFUL, "已获同意"), shown)
    scanner = prescan.Scanner(settings(tmp_path, documents))
    assert scanner.scan_text(TEXT).verdict != "blocked"
    edited = TEXT + "\n\n" + "以上材料于受理窗口核对无误后归档，由经办科室按规定保管，不再另行通知。"
    assert scanner.scan_text(edited).verdict != "blocked"
    moved = edited + f"\n\n监护人身份证号为：{RESIDENT_ID}，与户口簿一致。"
    fresh = [finding for finding in scanner.scan_text(moved).findings if finding.suppressed is None]
    assert "resident_id" in {finding.type for finding in fresh}
    assert scanner.scan_text(moved).verdict == "blocked"


_NEAR = "以下是本次公示涉及的有关事项，请各单位认真核对后按时反馈："
_AFTER = "，已由窗口人员当面核对原件并留存复印件，仅供本次办理使用，办结后一并归档。"
_PARAGRAPH = f"{_NEAR}经办人身份证号：{RESIDENT_ID}{_AFTER}"
_OTHER = "公示期满没有异议的，由县民政局按照规定程序办理后续手续，并将结果书面告知申请人。"
_DRAFT = f"{_OTHER}\n\n{_PARAGRAPH}\n\n{_OTHER}"


@pytest.mark.parametrize(
    ("edited", "quiet", "said"),
    [
        (f"新的开头。{_DRAFT}新的结尾。", 1, 0),
        (f"{_OTHER}\n\n{_OTHER}\n\n{_DRAFT}", 1, 0),
        (_DRAFT.replace(_AFTER, f"{_AFTER}请予配合。"), 1, 0),
        (_DRAFT.replace("以下是本次", "下列为本次"), 1, 0),
        (_DRAFT.replace("经办人身份证号", "监护人身份证号"), 0, 1),
        (_DRAFT.replace(RESIDENT_ID, "110101190001010010"), 0, 1),
        (f"{_DRAFT}\n\n另有一人，身份证号为{RESIDENT_ID}，与上文相同。", 1, 1),
    ],
    ids=["both ends", "moved down", "end of its paragraph", "its head", "words beside it", "value", "again elsewhere"],
)
def test_a_decision_lives_as_long_as_the_value_and_the_words_beside_it(tmp_path, edited, quiet, said):
    plain = prescan.Scanner(prescan.Settings(today=TODAY))
    documents = ledger.with_accepted([plain.scan_text(_DRAFT)], ledger.Decision(ledger.LAWFUL, "已获同意"), shown)
    found = prescan.Scanner(settings(tmp_path, documents)).scan_text(edited).findings
    states = [one.suppressed is not None for one in found if one.type == "resident_id"]
    assert (states.count(True), states.count(False)) == (quiet, said)


def test_accepting_again_adds_only_what_is_new():
    scanner = prescan.Scanner(prescan.Settings(today=TODAY))
    first = ledger.with_accepted([scanner.scan_text(TEXT)], ledger.Decision(ledger.LAWFUL, "甲"), shown)
    second = ledger.with_accepted([scanner.scan_text(TEXT)], ledger.Decision(ledger.LAWFUL, "乙"), shown, first)
    assert second == first


def test_entries_that_did_nothing_are_named_with_the_reason():
    result = prescan.Scanner(prescan.Settings(today=TODAY)).scan_text(TEXT)
    held = next(finding.id for finding in result.findings if finding.type == "bank_card")
    expired = ledger.Decision(ledger.LAWFUL, "公示期内", until=TODAY - datetime.timedelta(1))
    gone = ledger.Decision(ledger.FALSE_ALARM, "样表")
    here = ledger.DocumentDecisions(result.document.sha256, shown(result), findings={held: expired, "0" * 16: gone})
    elsewhere = ledger.DocumentDecisions("f" * 64, "b.txt", findings={"1" * 16: gone})
    listed = {item.finding_id: item.why for item in ledger.leftovers([here, elsewhere], [result], TODAY, shown)}
    assert set(listed) == {held, "0" * 16}
    assert "到期" in listed[held]
    assert "文件没有变" in listed["0" * 16]
