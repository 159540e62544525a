"""Suggestion and attribute findings: when the judge decides, when it abstains, what it holds against a document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from invented import BANK_CARD, MOBILE, PLEA, PROACTIVE, RESIDENT_ID, docx

import prescan
from prescan.classify.score import Contribution, Scored
from prescan.detect import Reading
from prescan.formats.text import lines
from prescan.judge import judge
from prescan.rules import load_rules
from prescan.types import Document, Suppression

CORPUS = Path(__file__).parents[1] / "models" / "attribute" / "corpus"
NUMBER = "青政办发〔2026〕3号"
NEUTRAL = (
    "青禾县概况\n\n青禾县位于全省东部，境内有三条河流，气候温和，物产丰富，历史悠久，"
    "人口约三十万，辖十二个乡镇，森林覆盖率高。\n"
)


def official(text: str) -> bytes:
    """Return a document of the office: 文号 on its first line."""
    return docx(*(NUMBER + "\n" + text).splitlines())


def types(result: prescan.ScanResult) -> list[str]:
    """Return the types found."""
    return [finding.type for finding in result.findings]


def judged(text: str, withheld: float, findings=(), words=((0, 4), (6, 10)), **how: bool) -> prescan.Suggestion | None:
    """Judge a text with given findings and an opinion of the model, which points at `words` and may be `unsure`."""
    reading = Reading.of(Document.of("", "text/plain", None, lines(text)))
    shares = {"proactive": 1 - withheld, "on_request": 0.0, "withheld": withheld}
    likely = max(shares, key=lambda name: shares[name])
    said = tuple(Contribution("word=x", likely, 1.0, *span) for span in words)
    return judge(
        reading,
        findings,
        Scored(shares, how.get("unsure", False), said),
        rules=load_rules(),
        context=prescan.Context(),
        settings=prescan.Settings(),
        partly_unread=how.get("lost", False),
    ).suggestion


def test_a_secret_mark_makes_it_withheld_under_article_fourteen(scanner):
    result = scanner.scan_text(f"机密★10年\n\n{PROACTIVE}")
    assert (result.verdict, result.suggestion.attribute) == ("blocked", "withheld")
    assert result.suggestion.probabilities["withheld"] >= 0.95
    assert sum(result.suggestion.probabilities.values()) == pytest.approx(1)
    assert "条例 第十四条" in result.suggestion.basis
    assert not result.suggestion.abstained


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("第一类", "青石村惠农补贴政策落实情况公告"),
        ("第二类", "青石村村级财务收支公示"),
        ("第三类", "青石镇宅基地审批结果公示"),
        ("第四类", "青石村征地补偿费发放公告"),
        ("第五类", "青石村一事一议筹资筹劳方案公示"),
        ("第六类", "青石村救灾物资分配公示"),
        ("第七类", "青石村集体鱼塘承包公告"),
        ("第八类", "青石村计划生育政策执行情况公示"),
    ],
)
def test_each_of_the_eight_kinds_of_village_affairs_is_named(scanner, kind, title):
    body = "现将有关情况公示如下，公示期七天，如有异议请向村民委员会反映。\n青石村村民委员会\n2025年3月1日"
    suggestion = scanner.scan_text(f"{title}\n\n{body}").suggestion
    assert suggestion.catalogue == "第二十一条"
    assert any(f"村级公开{kind}" in reason.text for reason in suggestion.reasons)


@pytest.mark.parametrize("opinion", [0.0, 0.5, 0.99, 1.0])
def test_the_model_never_overrules_a_mark(scanner, opinion):
    text = f"机密★10年\n\n{PROACTIVE}"
    findings = scanner.scan_text(text).findings
    suggestion = judged(text, opinion, findings, unsure=True)
    assert (suggestion.attribute, suggestion.reasons[0].clause) == ("withheld", "条例 第十四条")
    assert sum(suggestion.probabilities.values()) == pytest.approx(1)
    assert all(share >= 0 for share in suggestion.probabilities.values())


def test_a_silenced_mark_settles_nothing(scanner):
    text = f"机密★10年\n\n{PROACTIVE}"
    findings = [replace(f, suppressed=Suppression("已解密")) for f in scanner.scan_text(text).findings]
    assert judged(text, 0.1, findings).attribute == "proactive"


def test_a_withheld_suggestion_without_a_clause_abstains():
    suggestion = judged(NEUTRAL, 0.99)
    assert suggestion.attribute == "withheld"
    assert suggestion.basis == ()
    assert suggestion.abstained


def test_a_withheld_suggestion_with_a_ground_does_not_abstain(scanner):
    suggestion = judged(PLEA, 0.99, scanner.scan_text(PLEA).findings)
    assert (suggestion.abstained, suggestion.basis) == (False, ("条例 第十六条第二款",))


def test_an_unsure_model_abstains():
    assert not judged(PROACTIVE, 0.1).abstained
    assert judged(PROACTIVE, 0.1, unsure=True).abstained


def test_one_reason_is_not_enough():
    assert judged(NEUTRAL, 0.1, words=((0, 4),)).abstained


def test_a_text_that_was_partly_read_abstains(scanner):
    assert judged(PROACTIVE, 0.1, lost=True).abstained
    marked = f"机密★10年\n\n{PROACTIVE}"
    assert judged(marked, 0.1, scanner.scan_text(marked).findings, lost=True).abstained


@pytest.mark.parametrize("text", ["通知", "请予公开。" * 9, "\n \u3000".join("批复同意" * 12)])
def test_a_short_text_abstains_with_the_prior(scanner, text):
    suggestion = scanner.scan_text(text).suggestion
    assert suggestion.abstained
    assert [reason.text[:4] for reason in suggestion.reasons] == ["文本过短"]
    assert suggestion.probabilities == scanner.scan_text("短").suggestion.probabilities
    assert max(suggestion.probabilities.values()) < 0.6


def test_an_official_document_must_state_its_attribute(scanner):
    missing = scanner.scan_bytes(official(PROACTIVE), name="a.docx")
    (found,) = missing.findings
    assert (found.type, found.level, found.start, found.basis != ()) == ("attribute_missing", "review", None, True)
    assert missing.verdict == "review"


def test_an_official_document_that_must_state_its_attribute_is_blocked_if_the_office_says_so():
    with prescan.Scanner(prescan.Settings(require_attribute=True)) as strict:
        result = strict.scan_bytes(official(PROACTIVE), name="a.docx")
        assert [(f.type, f.level) for f in result.findings] == [("attribute_missing", "block")]
        assert result.verdict == "blocked"
        assert strict.scan_bytes(docx(*PROACTIVE.splitlines()), name="a.docx").verdict == "clear"


@pytest.mark.parametrize("said", ["（此件主动公开）", "公开属性：主动公开", "（此件公开发布）"])
def test_an_attribute_that_is_stated_is_not_missing(scanner, said):
    assert types(scanner.scan_bytes(official(PROACTIVE + said), name="a.docx")) == []


def test_an_attribute_the_caller_states_is_not_missing(scanner):
    result = scanner.scan_bytes(official(PROACTIVE), name="a.docx", context=prescan.Context(declared="proactive"))
    assert types(result) == []
    assert result.suggestion.declared == "proactive"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", docx(*PROACTIVE.splitlines())),
        ("a.txt", PROACTIVE.encode()),
        ("a.txt", f"{NUMBER}\n{PROACTIVE}".encode()),
        ("a.html", f"<html><body><p>{NUMBER}</p>{PROACTIVE}</body></html>".encode()),
    ],
    ids=["letter", "text", "text with 文号", "web page with 文号"],
)
def test_what_is_no_official_document_need_not_state_an_attribute(scanner, name, data):
    assert "attribute_missing" not in types(scanner.scan_bytes(data, name=name))


@pytest.mark.parametrize(
    ("text", "said", "declared"),
    [
        (PROACTIVE, "（此件不予公开）", "withheld"),
        (PROACTIVE, "（此件依申请公开）", "on_request"),
        (PLEA, "（此件主动公开）", "proactive"),
    ],
)
def test_a_stated_attribute_the_content_speaks_against_is_a_conflict_at_its_place(scanner, text, said, declared):
    result = scanner.scan_text(f"{text}\n{said}\n")
    assert (result.suggestion.declared, result.suggestion.conflict) == (declared, True)
    found = next(finding for finding in result.findings if finding.type == "attribute_conflict")
    assert found.level == "review"
    assert declared_words(said) in result.document.text[found.start : found.end]


def declared_words(said: str) -> str:
    """Return the attribute named in a note."""
    return said.strip("（）").removeprefix("此件")


@pytest.mark.parametrize(("text", "declared"), [(PROACTIVE, "withheld"), (PLEA, "proactive"), (PLEA, "on_request")])
def test_an_attribute_the_caller_states_can_conflict_and_has_no_place(scanner, text, declared):
    result = scanner.scan_text(text, context=prescan.Context(declared=declared))
    found = result.findings[-1]
    assert (found.type, found.start, found.end) == ("attribute_conflict", None, None)
    assert result.suggestion.conflict


def test_the_caller_overrules_what_the_document_states(scanner):
    result = scanner.scan_text(f"{PROACTIVE}\n（此件不予公开）\n", context=prescan.Context(declared="proactive"))
    assert (result.suggestion.declared, result.suggestion.conflict) == ("proactive", False)
    assert "attribute_conflict" not in types(result)


def test_there_is_no_conflict_with_a_suggestion_that_abstains(scanner):
    result = scanner.scan_text("通知\n（此件不予公开）", context=prescan.Context(declared="withheld"))
    assert (result.suggestion.abstained, result.suggestion.conflict) == (True, False)


def test_the_declared_and_the_suggested_attribute_may_agree(scanner):
    result = scanner.scan_text(f"{PLEA}\n（此件不予公开，依据条例第十六条第二款）\n")
    assert (result.suggestion.attribute, result.suggestion.declared) == ("withheld", "withheld")
    assert not {"attribute_conflict", "basis_missing"} & set(types(result))


@pytest.mark.parametrize(
    ("ground", "missing"),
    [
        ("", True),
        ("因工作需要。", True),
        ("依据《政府信息公开条例》第十六条第二款。", False),
        ("涉及商业秘密。", False),
    ],
)
def test_withheld_without_a_clause_lacks_its_basis(scanner, ground, missing):
    result = scanner.scan_text(f"{PLEA}\n{ground}\n（此件不予公开）\n")
    found = [finding for finding in result.findings if finding.type == "basis_missing"]
    assert [finding.level for finding in found] == ["review"] * missing
    assert all("不予公开" in result.document.text[finding.start : finding.end] for finding in found)


def test_a_document_that_may_go_out_without_some_parts_lists_them(scanner):
    result = scanner.scan_text(f"{PROACTIVE}\n联系人身份证号：{RESIDENT_ID}，银行卡号：{BANK_CARD}，手机：{MOBILE}")
    suggestion = result.suggestion
    assert (suggestion.attribute, suggestion.handling) == ("proactive", "partial")
    cut = [result.document.text[part.start : part.end] for part in suggestion.parts]
    assert cut == [RESIDENT_ID, BANK_CARD, MOBILE]
    ids = [finding.id for finding in result.findings]
    assert [set(part.finding_ids) <= set(ids) and bool(part.clause) for part in suggestion.parts] == [True] * 3


def test_a_document_that_is_withheld_as_a_whole_lists_no_parts(scanner):
    suggestion = scanner.scan_text(f"{PLEA}\n身份证号：{RESIDENT_ID}").suggestion
    assert (suggestion.attribute, suggestion.handling, suggestion.parts) == ("withheld", "whole", ())


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*/*5.txt")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_suggestion_that_does_not_abstain_gives_two_reasons_and_a_clause(scanner, file):
    text = file.read_text(encoding="utf-8").partition("---\n")[2]
    suggestion = scanner.scan_text(text).suggestion
    assert all(len(text[reason.start : reason.end]) > 0 for reason in suggestion.reasons if reason.start is not None)
    if not suggestion.abstained:
        placed = [reason for reason in suggestion.reasons if reason.start is not None]
        assert len(placed) >= 2
        assert suggestion.basis
        assert {reason.clause for reason in suggestion.reasons} - {""} == set(suggestion.basis)
