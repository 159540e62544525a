"""The key of the fingerprints: made once for its owner only; what it is worth without a folder."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from invented import RESIDENT_ID

import prescan
from prescan.decisions import finding_id, fingerprint, load_key

TEXT = f"身份证号：{RESIDENT_ID}"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return the place of a key that was not made yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "prescan" / "fingerprint.key"


def test_the_key_is_made_once_for_its_owner_only(home):
    key, warning = load_key(None)
    assert (len(key), warning) == (32, None)
    assert stat.S_IMODE(home.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700
    assert load_key(None) == (key, None)
    assert [path.name for path in home.parent.iterdir()] == ["fingerprint.key"]


def test_threads_that_start_together_end_with_one_key(home):
    for _ in range(10):
        home.unlink(missing_ok=True)
        keys, barrier = [], threading.Barrier(4)

        def make(keys=keys, barrier=barrier):
            barrier.wait()
            keys.append(load_key(None))

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert keys == [(bytes.fromhex(home.read_text()), None)] * 4
        assert [path.name for path in home.parent.iterdir()] == ["fingerprint.key"]


@pytest.mark.parametrize(
    "held", [None, "", "不是密钥", "zz" * 32, "ab" * 7], ids=["missing", "empty", "text", "zz", "short"]
)
def test_a_named_key_file_must_hold_a_key(tmp_path, held):
    file = tmp_path / "team.key"
    if held is not None:
        file.write_text(held, encoding="utf-8")
    with pytest.raises(prescan.SettingsError, match=r"team\.key"):
        prescan.Scanner(prescan.Settings(key_file=str(file)))


def test_a_named_key_file_is_used_as_it_is(tmp_path, home):
    file = tmp_path / "team.key"
    file.write_text("ab" * 32 + "\n")
    assert load_key(str(file)) == (b"\xab" * 32, None)
    assert not home.exists()


@pytest.mark.parametrize("held", ["", "ab", "不是密钥"], ids=["empty", "short", "text"])
def test_a_damaged_key_of_the_user_is_not_used(home, held):
    home.parent.mkdir(parents=True)
    home.write_text(held, encoding="utf-8")
    key, warning = load_key(None)
    assert len(key) == 32
    assert str(home) in warning


def test_without_a_folder_the_key_serves_one_run_and_the_scanner_says_so(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file" / "config"))
    first, second = prescan.Scanner(), prescan.Scanner()
    assert ["本次运行" in said for said in first.warnings] == [True]
    assert [record.getMessage() for record in caplog.records] == [*first.warnings, *second.warnings]
    ids = [scanner.scan_text(TEXT).findings[0].id for scanner in (first, first, second)]
    assert ids[0] == ids[1] != ids[2]


def test_without_a_home_the_key_serves_one_run(monkeypatch):
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.delenv("APPDATA", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    key, warning = load_key(None)
    assert len(key) == 32
    assert "本次运行" in warning


def no_home():
    """Stand in for a user id without an entry and without HOME, as containers have."""
    raise RuntimeError


def test_ids_depend_on_the_key_and_only_on_what_is_there(tmp_path):
    found = {}
    for name in ("a", "b"):
        (tmp_path / name).write_text(name * 64)
        scanner = prescan.Scanner(prescan.Settings(key_file=str(tmp_path / name)))
        found[name] = [scanner.scan_text(text).findings[0].id for text in (TEXT, TEXT, f"本人{TEXT}")]
    assert found["a"][0] == found["a"][1]
    assert len({*found["a"], *found["b"]}) == 4


def test_every_part_of_a_fingerprint_counts():
    key = b"k" * 32
    told = ("PII-001", "resident_id", "value", "before", "after")
    marks = [fingerprint(key, *told), fingerprint(b"j" * 32, *told), fingerprint(key, *told[:-2], "befor", "eafter")]
    marks += [fingerprint(key, *told[:at], "other", *told[at + 1 :]) for at in range(len(told))]
    assert len(set(marks)) == len(marks)
    assert fingerprint(key, *told) == marks[0]


def test_an_id_is_sixteen_hex_digits_of_fingerprint_and_place():
    ids = [
        finding_id(b"k", b"mark", "a.docx"),
        finding_id(b"k", b"mark", "b.docx"),
        finding_id(b"k", b"kram", "a.docx"),
    ]
    assert len(set(ids)) == 3
    assert all(len(made) == 16 and int(made, 16) >= 0 for made in ids)
    assert finding_id(b"k", b"mark", "a\ud800") != ids[0]
