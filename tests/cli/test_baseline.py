"""`--baseline` and `--write-baseline`: accepted once, quiet afterwards, and no value in the file."""

from __future__ import annotations

import json

import pytest
from invented import RESIDENT_ID
from running import TEXT, prescan_with, write


@pytest.mark.usefixtures("folder")
def test_what_was_accepted_no_longer_counts_but_stays_visible(folder):
    write(folder / f"{RESIDENT_ID}登记.txt", TEXT)
    first = prescan_with("scan", ".", "--write-baseline", "b.json", "--reason", "内部演练样本")
    assert first.returncode == 1
    stored = (folder / "b.json").read_text(encoding="utf-8")
    assert RESIDENT_ID not in stored
    (folder / "b.json").rename(folder.parent / "b.json")
    done = prescan_with("scan", ".", "--baseline", "../b.json", "--format", "json")
    assert done.returncode == 0, done.stdout.decode()
    findings = json.loads(done.stdout)["findings"]
    assert findings
    assert {finding["suppressed"]["reason"] for finding in findings} == {"内部演练样本"}


@pytest.mark.usefixtures("folder")
def test_only_the_findings_of_the_named_rules_are_accepted(folder):
    write(folder / "a.txt", f"{TEXT}内部资料，注意保存。\n")
    accept = ("--write-baseline", "b.json", "--reason", "样本")
    done = prescan_with("scan", "a.txt", *accept, "--only", "pii-001", "--only", "PII-999")
    assert "这次没有规则 PII-999 的疑点" in done.stderr.decode()
    found = json.loads(prescan_with("scan", "a.txt", "--baseline", "b.json", "--format", "json").stdout)["findings"]
    assert {one["rule_id"] for one in found if one["suppressed"]} == {"PII-001"}
    assert [one["rule_id"] for one in found if not one["suppressed"] and one["category"] == "work_secret"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "options", [["--write-baseline", "b.json"], ["--reason", "样本"], ["--only", "PII-001", "--reason", "样本"]]
)
def test_an_acceptance_without_reason_is_refused(folder, options):
    write(folder / "a.txt", TEXT)
    done = prescan_with("scan", "a.txt", *options)
    assert done.returncode == 2
    assert "--reason" in done.stderr.decode()
    assert not (folder / "b.json").exists()


@pytest.mark.usefixtures("folder")
def test_decisions_about_a_folder_hold_for_one_of_its_files_named_from_the_same_root(folder):
    one = folder / "夹" / "甲" / "通知.txt"
    one.parent.mkdir(parents=True)
    write(one, TEXT)
    prescan_with("scan", "夹", "--write-baseline", "b.json", "--reason", "样本")
    same = prescan_with("scan", str(one), "--root", "夹", "--baseline", "b.json")
    assert (same.returncode, same.stderr) == (0, b"")
    alone = prescan_with("scan", str(one), "--baseline", "b.json")
    assert alone.returncode == 1
    assert "--root" in alone.stderr.decode()
    assert "删去" not in alone.stderr.decode()
    assert prescan_with("scan", str(one), "--root", "夹/乙").returncode == 2


@pytest.mark.usefixtures("folder")
def test_entries_without_a_finding_are_listed_at_the_end(folder):
    write(folder / "a.txt", TEXT)
    prescan_with("scan", "a.txt", "--write-baseline", "b.json", "--reason", "样本")
    write(folder / "a.txt", "关于做好秋季义务植树工作的通知。")
    done = prescan_with("scan", "a.txt", "--baseline", "b.json")
    assert "没有对应的疑点，若确已删改，可以删去" in done.stderr.decode()
