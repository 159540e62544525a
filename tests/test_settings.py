"""Settings: every key, where a value comes from, and what is said about a mistake."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

import prescan
from prescan.cli import main
from prescan.settings import effective_settings, load_settings

#: Every key that can be set: what the file says → what Settings holds.
KEYS = {
    "require_attribute": ("true", True),
    "stage": ('"published"', "published"),
    "jobs": ("3", 3),
    "today": ("2026-01-31", datetime.date(2026, 1, 31)),
    "names": ('"off"', "off"),
    "ocr": ('"off"', "off"),
    "rules": ('["本单位.toml", "/opt/packs"]', ("HERE/本单位.toml", "/opt/packs")),
    "disabled": ('{"INT-001" = "本单位不用此标志"}', {"INT-001": "本单位不用此标志"}),
    "baseline": ('["处置.json", "/opt/b.json"]', ("HERE/处置.json", "/opt/b.json")),
    "record_template": ('"审查表.docx"', "HERE/审查表.docx"),
    "key_file": ('"team.key"', "HERE/team.key"),
    "attribute_model": ('"模型"', "HERE/模型"),
}
LIMITS = (
    *("file_mb", "expanded_mb", "ratio", "members", "depth", "pages", "seconds", "memory_mb", "findings"),
    *("ocr_pages", "ocr_seconds", "ocr_memory_mb"),
)

BAD = [
    # file, what the message names
    ("stagee = 'draft'", "stage"),
    ("key = 'a'", "key_file"),
    ("zzz = 1", "require_attribute"),
    ("stage = 'final'", "draft 或 published"),
    ("stage = ['draft']", "draft 或 published"),
    ("names = 'no'", "on 或 off"),
    ("names = false", "on 或 off"),
    ("ocr = 'on'", "auto 或 off"),
    ("[limits]\nocr_pages = 0", "正数"),
    ("jobs = 0", "1 到 256"),
    ("jobs = 257", "1 到 256"),
    ("jobs = true", "1 到 256"),
    ("jobs = '2'", "1 到 256"),
    ("require_attribute = 1", "true 或 false"),
    ("today = '2026-01-31'", "日期"),
    ("today = 2026-01-31T08:00:00", "日期"),
    ("rules = '本单位.toml'", "路径列表"),
    ("rules = [1]", "路径列表"),
    ("disabled = ['INT-001']", "理由"),
    ("disabled = {'INT-001' = ''}", "理由"),
    ("disabled = {'INT-001' = ' '}", "理由"),
    ("key_file = 5", "文件路径"),
    ("limits = 5", "[limits]"),
    ("[limits]\nsecond = 5", "seconds"),
    ("[limits]\nseconds = 0", "正数"),
    ("[limits]\nseconds = -1.5", "正数"),
    ("[limits]\nseconds = inf", "正数"),
    ("[limits]\nseconds = nan", "正数"),
    ("[limits]\nseconds = 1e300", "正数"),
    ("[limits]\nmemory_mb = 1000000000000000000", "正数"),
    ("[limits]\npages = 1.5", "正数"),
    ("[limits]\npages = true", "正数"),
    ("[limits]\npages = '9'", "正数"),
    ("masks = 5", "[masks]"),
    ("[masks]\nmobile = '138****8000'", "mobile_phone"),
    ("[masks]\nweak_mask = '*'", "可用的有"),
    ("[masks]\nmobile_phone = '前3后4'", "138****1234"),
    ("[masks]\nmobile_phone = 4", "138****1234"),
    ("[masks]\naddress = '门牌'", "乡镇 或 区县"),
    ("jobs = \n", "第 1 行第 8 列"),
    ("stage = 'draft'\njobs = = 2\n", "第 2 行"),
    ("limits = [1,", "末尾"),
    ("stage = 'draft", "引号"),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return an empty working folder."""
    here = tmp_path / "单位" / "科室"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    return here


def write(path, text: str):
    """Write a file and return its path."""
    path.write_text(text, encoding="utf-8")
    return path


def test_the_table_of_this_test_names_every_setting():
    assert {*KEYS, "limits", "masks"} == {field.name for field in dataclasses.fields(prescan.Settings)}
    assert set(LIMITS) == {field.name for field in dataclasses.fields(prescan.Limits)}


@pytest.mark.parametrize("key", KEYS)
def test_a_file_sets_a_key_and_is_named_as_its_origin(folder, key):
    said, expected = KEYS[key]
    file = write(folder / "prescan.toml", f"{key} = {said}")
    found = effective_settings(None, {})
    expected = tuple(map(placed(folder), expected)) if key in {"rules", "baseline"} else placed(folder)(expected)
    assert getattr(found.settings, key) == expected
    assert found.settings == dataclasses.replace(prescan.Settings(), **{key: expected})
    assert found.origins[key] == str(file)


def placed(folder):
    """Return a function that puts a folder's name into a value."""
    return lambda value: value.replace("HERE", str(folder)) if isinstance(value, str) else value


@pytest.mark.parametrize("name", LIMITS)
def test_a_file_sets_a_limit_and_leaves_the_others(folder, name):
    file = write(folder / "x.toml", f"[limits]\n{name} = 7")
    assert load_settings(file).limits == dataclasses.replace(prescan.Limits(), **{name: 7})
    assert effective_settings(str(file), {}).origins[f"limits.{name}"] == str(file)


def test_a_file_says_how_values_are_masked(folder):
    file = write(folder / "x.toml", "[masks]\nmobile_phone = '1*********0'\naddress = '区县'")
    assert load_settings(file).masks == {"mobile_phone": "1*********0", "address": "区县"}
    assert effective_settings(str(file), {}).origins["masks.address"] == str(file)


def test_seconds_may_be_a_fraction(folder):
    assert load_settings(write(folder / "x.toml", "[limits]\nseconds = 0.5")).limits.seconds == 0.5


@pytest.mark.parametrize(("text", "named"), BAD, ids=[text for text, _ in BAD])
def test_a_mistake_names_the_file_and_what_is_right(folder, text, named):
    file = write(folder / "prescan.toml", text)
    with pytest.raises(prescan.SettingsError) as caught:
        load_settings(file)
    assert str(file) in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: None, "找不到"),
        (lambda path: path.mkdir(), "权限"),
        (lambda path: path.write_bytes("stage = '草稿'".encode("gb18030")), "UTF-8"),
    ],
    ids=["missing", "folder", "GBK"],
)
def test_a_file_that_cannot_be_read_is_named(folder, make, said):
    make(folder / "a.toml")
    with pytest.raises(prescan.SettingsError, match=said):
        load_settings(folder / "a.toml")


def test_a_byte_order_mark_is_no_mistake(folder):
    (folder / "a.toml").write_bytes(b"\xef\xbb\xbfjobs = 2")
    assert load_settings(folder / "a.toml").jobs == 2


def test_an_option_beats_the_named_file_beats_the_environment_beats_the_nearest_file_beats_the_default(
    folder, monkeypatch
):
    assert origin({}) == (prescan.Settings().jobs, "默认值")
    above = write(folder.parent / "prescan.toml", "jobs = 2")
    assert origin({}) == (2, str(above))
    nearest = write(folder / "prescan.toml", "jobs = 3")
    assert origin({}) == (3, str(nearest))
    named = write(folder / "环境.toml", "jobs = 4")
    monkeypatch.setenv("PRESCAN_CONFIG", str(named))
    assert origin({}) == (4, str(named))
    chosen = write(folder / "选定.toml", "jobs = 5")
    assert origin({}, str(chosen)) == (5, str(chosen))
    assert origin({"jobs": 6}, str(chosen)) == (6, "命令行")
    assert origin({"jobs": None}, str(chosen)) == (5, str(chosen))


def origin(options: dict[str, object], config: str | None = None) -> tuple[int | None, str]:
    """Return the number of jobs and where it comes from."""
    found = effective_settings(config, options)
    return found.settings.jobs, found.origins["jobs"]


def test_an_option_that_says_no_counts_too(folder):
    chosen = write(folder / "选定.toml", "require_attribute = true")
    assert effective_settings(str(chosen), {"require_attribute": False}).settings.require_attribute is False


def test_only_one_file_counts(folder):
    write(folder.parent / "prescan.toml", "stage = 'published'")
    write(folder / "prescan.toml", "jobs = 3")
    assert effective_settings(None, {}).settings == prescan.Settings(jobs=3)


def test_a_file_named_in_the_environment_must_exist(folder, monkeypatch):
    write(folder / "prescan.toml", "jobs = 3")
    monkeypatch.setenv("PRESCAN_CONFIG", str(folder / "无.toml"))
    with pytest.raises(prescan.SettingsError, match=r"无\.toml"):
        effective_settings(None, {})


def test_a_scanner_of_the_library_looks_for_no_file(folder):
    write(folder / "prescan.toml", "stage = 'published'")
    assert prescan.Scanner().settings.stage == "draft"
    assert prescan.Scanner.from_settings("prescan.toml").settings.stage == "published"


def test_the_command_shows_each_value_and_its_origin(folder, capsys):
    file = write(folder / "prescan.toml", "jobs = 3\n[limits]\nseconds = 5")
    with pytest.raises(SystemExit) as ended:
        main(["config"])
    assert ended.value.code == 0
    shown = dict(line.split(" = ", 1) for line in capsys.readouterr().out.splitlines())
    assert set(shown) == {*KEYS, *(f"limits.{name}" for name in LIMITS)}
    assert shown["jobs"].split() == ["3", f"（{file}）"]
    assert shown["limits.seconds"].split() == ["5.0", f"（{file}）"]
    assert shown["stage"].split() == ["draft", "（默认值）"]


def test_the_command_ends_with_two_and_the_nearest_key_on_a_mistake(folder, capsys):
    write(folder / "prescan.toml", "job = 3")
    with pytest.raises(SystemExit) as ended:
        main(["config"])
    assert ended.value.code == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "jobs" in shown.err
