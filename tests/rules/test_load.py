"""A user's rule file: what a good one does, and that every mistake points at the user's own line."""

from __future__ import annotations

import pytest

import prescan
from prescan.detect import Compiled
from prescan.quality.selftest import test_rules as failures_of
from prescan.rules import load_rules

GOOD = """# 本单位的规则

[[rule]]
id = "QHX-001"
name = "内部口径"
kind = "words"
type = "internal_mark"
basis = ["条例 第十六条第一款"]
advice = "删除后再公开"
words = ["内部答复口径"]
find = ["以下为«内部答复口径»，供参考"]
pass = ["对外答复口径"]
"""
PATTERN = (
    GOOD.replace('kind = "words"', 'kind = "pattern"')
    .replace("words = ", "keywords = ")
    .replace("find = ", "pattern = '内部答复口径'\nfind = ")
)
NUMBER = (
    GOOD.replace('kind = "words"', 'kind = "number"')
    .replace("words = ", "cues = ")
    .replace("find = ", 'number = "resident_id"\nfind = ')
)
PLACE = GOOD.replace('kind = "words"', 'kind = "place"').replace("words = [", 'hidden = ["comment"] # [')

MISTAKES = [
    # what: a good file, what is replaced in it by what, a part of the line to mark, a part of the message
    ("quote left open", GOOD, '"内部口径"', '"内部口径', "内部口径", "TOML"),
    ("no equals sign", GOOD, "advice = ", "advice ", "advice", "没有等号"),
    ("key given twice", GOOD, "[[rule]]", '[[rule]]\nname = "甲"', "内部口径", "TOML"),
    ("id missing", GOOD, 'id = "QHX-001"\n', "", "[[rule]]", "缺少字段 id"),
    ("kind missing", GOOD, 'kind = "words"\n', "", "[[rule]]", "kind"),
    ("words missing", GOOD, 'words = ["内部答复口径"]\n', "", "[[rule]]", "缺少字段 words"),
    ("find missing", GOOD, 'find = ["以下为«内部答复口径»，供参考"]\n', "", "[[rule]]", "缺少字段 find"),
    ("pass missing", GOOD, 'pass = ["对外答复口径"]\n', "", "[[rule]]", "缺少字段 pass"),
    ("advice missing", GOOD, 'advice = "删除后再公开"\n', "", "[[rule]]", "缺少字段 advice"),
    ("unknown field", GOOD, "advice = ", "advise = ", "advise", "您要写的是否是 advice"),
    ("field of another kind", GOOD, "words = ", "pattern = 'a'\nwords = ", "pattern", "words 类规则没有字段 pattern"),
    ("unknown slot", PATTERN, "'内部答复口径'", "'内部答复口径{警示}'", "pattern", "没有名为 警示 的词槽"),
    ("unknown kind", GOOD, '"words"', '"word"', "kind", "您要写的是否是 words"),
    ("kind is a list", GOOD, '"words"', '["words"]', "kind", "kind"),
    ("unknown type", GOOD, '"internal_mark"', '"internal_marks"', "type", "您要写的是否是 internal_mark"),
    ("type is a list", GOOD, '"internal_mark"', '["internal_mark"]', "type", "type"),
    ("unknown article", GOOD, "第十六条第一款", "第九十六条第一款", "basis", "条例 第"),
    ("article is a number", GOOD, '["条例 第十六条第一款"]', "[16]", "basis", "basis"),
    ("bad id", GOOD, "QHX-001", "青禾-1", "id =", "SEC-001"),
    ("id is a number", GOOD, '"QHX-001"', "1", "id =", "id"),
    ("name is a number", GOOD, '"内部口径"', "7", "name", "name"),
    ("advice is a list", GOOD, '"删除后再公开"', "[]", "advice", "advice"),
    ("id of a shipped rule", GOOD, "QHX-001", "SEC-001", "id =", "SEC-001 已在"),
    ("id given twice", GOOD + GOOD.partition("\n\n")[2], "# 本", "# 本", 'id = "QHX-001"', "QHX-001 已在"),
    ("word list missing", GOOD, '["内部答复口径"]', '["@没有.txt"]', "words", "没有.txt"),
    ("keyword list missing", PATTERN, '["内部答复口径"]', '["@没有.txt"]', "keywords", "没有.txt"),
    ("words are no list", GOOD, '["内部答复口径"]', '"内部答复口径"', "words", "列表"),
    ("words are none", GOOD, '["内部答复口径"]', "[]", "words", "列表"),
    ("a word is empty", GOOD, '["内部答复口径"]', '["内部答复口径", ""]', "words", "words"),
    ("a word is a number", GOOD, '["内部答复口径"]', "[5]", "words", "words"),
    ("unknown level", GOOD, "advice = ", 'level = "high"\nadvice = ', "level", "block、review、note"),
    ("unknown view", GOOD, "advice = ", 'view = "raw"\nadvice = ', "view", "fold、squeeze"),
    ("unknown scope", GOOD, "advice = ", 'scope = ["title", "top"]\nadvice = ', "scope", "title"),
    ("unknown stage", GOOD, "advice = ", 'stage = ["final"]\nadvice = ', "stage", "draft"),
    ("window is a text", GOOD, "advice = ", 'window = "40"\nadvice = ', "window", "window"),
    ("legal_text is a text", GOOD, "advice = ", 'legal_text = "yes"\nadvice = ', "legal_text", "legal_text"),
    ("exemption is no list", GOOD, "advice = ", "unless = '已解密'\nadvice = ", "unless", "unless"),
    ("exemption is a number", GOOD, "advice = ", "unless = [5]\nadvice = ", "unless", "unless"),
    ("bad exemption", GOOD, "advice = ", "unless = ['(']\nadvice = ", "unless", "正则"),
    ("exemption of a number", GOOD, "advice = ", "unless = [{pattern = 5}]\nadvice = ", "unless", "unless"),
    (
        "exemption too far",
        GOOD,
        "advice = ",
        "unless = [{pattern = 'a', within = 'page'}]\nadvice = ",
        "unless",
        "within",
    ),
    ("bad pattern", PATTERN, "'内部答复口径'", "'内部(答复口径'", "pattern =", "正则"),
    ("word boundary", PATTERN, "'内部答复口径'", r"'\b内部答复口径'", "pattern =", r"\b"),
    ("pattern is a number", PATTERN, "'内部答复口径'", "5", "pattern =", "pattern"),
    ("no pattern", PATTERN, "'内部答复口径'", "''", "pattern =", "pattern"),
    ("unknown number", NUMBER, '"resident_id"', '"resident_no"', "number", "您要写的是否是 resident_id"),
    ("bad length", NUMBER, "advice = ", "lengths = ['x']\nadvice = ", "lengths", "lengths"),
    ("without_cue of nothing", NUMBER, "advice = ", "without_cue = 'always'\nadvice = ", "without_cue", "never"),
    ("unknown hidden place", PLACE, '"comment"', '"commentary"', "hidden", "您要写的是否是 comment"),
    ("one bracket too few", GOOD, "[[rule]]", "[rule]", "[rule]", "[[rule]]"),
    ("something else", GOOD, "[[rule]]", "version = 2\n[[rule]]", "version", "[[rule]]"),
    ("rules in one line", "rule = [{id = 'QHX-001'}]\n", "", "", "rule =", "[[rule]]"),
    ("nothing at all", "", "", "", "", "[[rule]]"),
]


@pytest.fixture
def pack(tmp_path):
    """Return a function that writes a pack and returns its path."""

    def write(text: str):
        path = tmp_path / "本单位.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize(
    ("good", "change", "line", "said"),
    [pytest.param(good, (old, new), line, said, id=name) for name, good, old, new, line, said in MISTAKES],
)
def test_a_mistake_is_shown_at_its_line(pack, good, change, line, said):
    assert good.count(change[0]) >= 1
    text = good.replace(*change, 1)
    path = pack(text)
    with pytest.raises(prescan.RuleError) as caught:
        load_rules([path])
    error = caught.value
    assert error.file == path
    assert said in str(error)
    assert f"{path}:{error.line}" in str(error)
    marked = [shown for shown in error.excerpt.splitlines() if shown.startswith("→")]
    if text:
        assert line in text.splitlines()[error.line - 1]
        assert marked == [f"→ {error.line:>4} | {text.splitlines()[error.line - 1]}"]
    assert error.excerpt in str(error)


@pytest.mark.parametrize("header", ["[[rule]]", "[[ rule ]]", '[["rule"]]', "[[rule]] # 内部", "  [[rule]]"])
def test_a_rule_is_read_however_its_heading_is_written(pack, header):
    rules = load_rules([pack(GOOD.replace("[[rule]]", header))])
    assert rules["QHX-001"].line == 3


@pytest.mark.parametrize("text", [GOOD, PATTERN, NUMBER, PLACE, GOOD.replace("\n", "\r\n"), "\ufeff" + GOOD])
def test_a_good_file_is_taken(pack, text):
    assert load_rules([pack(text)])["QHX-001"].line == 3


def test_a_good_file_finds_and_its_examples_hold(pack):
    path = pack(GOOD)
    base = load_rules([path])
    assert failures_of([base["QHX-001"]], Compiled(base)) == []
    scanner = prescan.Scanner(prescan.Settings(rules=(path,)))
    (found,) = [f for f in scanner.scan_text("请按内部答复口径办理").findings if f.rule_id == "QHX-001"]
    assert (found.type, found.level, found.basis, found.advice) == (
        *("internal_mark", "review"),
        *(("条例 第十六条第一款",), "删除后再公开"),
    )


def test_an_example_that_does_not_hold_is_a_failure(pack):
    base = load_rules(
        [pack(GOOD.replace("«内部答复口径»，", "«内部»答复口径，").replace("对外答复口径", "内部答复口径"))]
    )
    said = [str(failure) for failure in failures_of([base["QHX-001"]], Compiled(base))]
    assert ["位置不对" in said[0], "不应命中" in said[1], len(said)] == [True, True, 2]
    assert all(shown.startswith("本单位.toml:3 QHX-001") for shown in said)


def test_a_word_list_lies_beside_the_pack(pack, tmp_path):
    (tmp_path / "口径.txt").write_text("# 词表\n内部答复口径  # 常用\n\n绝不外传口径\n内部答复口径\n", encoding="utf-8")
    base = load_rules([pack(GOOD.replace('["内部答复口径"]', '["@口径.txt", "另一口径"]'))])
    assert base["QHX-001"].words == ("内部答复口径", "绝不外传口径", "另一口径")


def test_keywords_may_be_listed_and_may_begin_with_the_sign_of_a_list(pack, tmp_path):
    (tmp_path / "口径.txt").write_text("内部答复口径\n", encoding="utf-8")
    base = load_rules([pack(PATTERN.replace('["内部答复口径"]', '["@口径.txt", "@163."]'))])
    assert next(rule.keywords for rule in base.rules if rule.id == "QHX-001") == ("内部答复口径", "@163.")


@pytest.mark.parametrize("held", ["# 只有注释\n".encode(), "口径".encode("gb18030")], ids=["empty", "GBK"])
def test_a_word_list_that_holds_nothing_readable_is_a_mistake(pack, tmp_path, held):
    (tmp_path / "口径.txt").write_bytes(held)
    with pytest.raises(prescan.RuleError, match=r"口径\.txt"):
        load_rules([pack(GOOD.replace('["内部答复口径"]', '["@口径.txt"]'))])


def test_a_folder_gives_all_its_packs(pack, tmp_path):
    pack(GOOD)
    (tmp_path / "子").mkdir()
    (tmp_path / "子" / "b.toml").write_text(GOOD.replace("001", "002"), encoding="utf-8")
    base = load_rules([str(tmp_path)])
    assert {rule.id for rule in base.rules} >= {"QHX-001", "QHX-002"}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: None, "找不到"),
        (lambda path: path.mkdir(), "没有规则文件"),
        (lambda path: path.write_bytes(GOOD.encode("gb18030")), "UTF-8"),
        (lambda path: (path.mkdir(), (path / "a.toml").mkdir()), "无法读取"),
    ],
    ids=["missing", "folder without packs", "GBK", "folder in place of a file"],
)
def test_a_path_that_gives_no_rules_is_named(tmp_path, make, said):
    make(tmp_path / "本单位.toml")
    with pytest.raises(prescan.RuleError, match=said) as caught:
        load_rules([str(tmp_path / "本单位.toml")])
    assert str(tmp_path / "本单位.toml") in str(caught.value)


def test_a_rule_that_is_switched_off_is_not_there_and_changes_the_digest():
    whole, less = load_rules(), load_rules(disabled={"SEC-001": "试用"})
    assert {rule.id for rule in whole.rules} - {rule.id for rule in less.rules} == {"SEC-001"}


def test_switching_off_an_unknown_rule_names_the_nearest():
    with pytest.raises(prescan.RuleError, match=r"SEC-0001.*SEC-001"):
        load_rules(disabled={"SEC-0001": "试用"})


def test_a_pattern_that_takes_too_long_ends_the_scan_and_names_the_rule(pack):
    slow = PATTERN.replace("'内部答复口径'", r"'(?:甲|甲甲)+\d'").replace('["内部答复口径"]', '["甲甲"]')
    path = pack(slow)
    with prescan.Scanner(prescan.Settings(rules=(path,))) as scanner:
        text = "甲" * 60 + "丁"
        with pytest.raises(prescan.RuleError, match="QHX-001") as caught:
            scanner.scan_text(text)
        assert (caught.value.file, caught.value.line) == (path, 3)
        with pytest.raises(prescan.RuleError, match="QHX-001"):
            scanner.scan_bytes(text.encode(), name="a.txt")


def test_words_may_be_written_full_width_spaced_or_traditional(tmp_path):
    from prescan.detect import Compiled, Reading, detect
    from prescan.formats.text import lines
    from prescan.rules import load_rules
    from prescan.types import Document

    pack = tmp_path / "own.toml"
    pack.write_text(
        '[[rule]]\nid = "OFF-001"\nname = "口径"\nkind = "words"\ntype = "internal_mark"\n'
        'words = ["（內 部）口径ＡＢ"]\n'
        'basis = ["条例 第十六条第一款"]\nadvice = "核对"\nfind = ["见(内部)口径AB。"]\npass = ["口径"]\n',
        encoding="utf-8",
    )
    compiled = Compiled(load_rules([str(pack)]))
    reading = Reading.of(Document.of("", "text/plain", None, lines("请按（内部）口径AB答复。")))
    assert [(c.start, c.end) for c in detect(reading, compiled, "draft") if c.rule_id == "OFF-001"] == [(2, 10)]
