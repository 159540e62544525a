"""Every command and every piece of code in the documents is run, or stands in a class that says why not."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import click
import pytest
from fenced import commands, prepare, shell
from pages import CLASSES, ELSEWHERE, PARSED_ONLY, READ, ROOT, RUN_AS_SHELL, WRITTEN, Block, blocks, pages

from prescan.cli import app
from prescan.rules import load_rules
from prescan.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

ALL = {page: blocks(page) for page in pages() if page not in WRITTEN and not page.startswith("docs/reference/")}
RUN = {
    page: [block for block in held if not block.kept and (block.language in RUN_AS_SHELL or block.language == "python")]
    for page, held in ALL.items()
    if page not in ELSEWHERE
}


@pytest.mark.parametrize("page", [page for page, held in RUN.items() if held])
def test_the_blocks_of_a_page_run_one_after_another(page, tmp_path, monkeypatch):
    environment = prepare(tmp_path)
    (tmp_path / "prescan.toml").write_text("", encoding="utf-8")
    if any(block.language == "python" and "import spacy" in block.text for block in RUN[page]):
        pytest.importorskip("spacy")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, environment[name])
    for block in RUN[page]:
        code = block.text if block.language in RUN_AS_SHELL else f"python3 -W ignore - <<'末尾'\n{block.text}\n末尾"
        done = shell(code, tmp_path, environment)
        assert done.returncode == 0, f"{block.place}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"


def test_the_readmes_give_the_same_commands():
    told = [
        [re.sub(r"\s*#.*", "", block.text) for block in ALL[page] if block.language in RUN_AS_SHELL | {"python"}]
        for page in ("README.md", "README.zh-CN.md")
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize("page", ALL)
def test_every_block_has_a_language_and_a_class_that_is_known(page):
    for block in ALL[page]:
        assert block.language in RUN_AS_SHELL | READ | {"python"}, block.place
        assert block.kept in {"", *CLASSES}, block.place


def test_every_class_is_used():
    assert {block.kept for held in ALL.values() for block in held} - {""} <= set(CLASSES)


SHOWN = [block for held in ALL.values() for block in held if block.language in RUN_AS_SHELL]


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: block.place)
def test_commands_and_options_exist_also_where_they_are_not_run(block):
    for words in commands(block.text):
        command, path = app, []
        while isinstance(command, click.Group) and words and words[0] in command.commands:
            path.append(words[0])
            command = command.commands[words.pop(0)]
        known = {"--help", "--version"} | {
            option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        asked = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert asked <= known, f"{block.place}: prescan {' '.join(path)} {asked - known}"
        assert path or asked <= {"--help", "--version"}, f"{block.place}: no command {words[:1]}"


@pytest.mark.parametrize(
    "block", [b for held in ALL.values() for b in held if b.language == "toml"], ids=lambda block: block.place
)
def test_settings_rules_and_plans_are_taken_as_they_stand(block: Block, tmp_path: Path):
    held = tomllib.loads(block.text)
    path = tmp_path / "prescan.toml"
    if held.keys() & {"rule", "change", "profile"}:
        for name in re.findall(r"@([^\"'/\s]+\.txt)", block.text):
            (tmp_path / name).write_text("青石二号\n", encoding="utf-8")
        path.write_text(block.text, encoding="utf-8")
        load_rules((str(path),))
    elif held.keys() & {"columns", "base_url", "retention"}:
        from prescan.audit.plan import load_plan

        path.write_text(block.text, encoding="utf-8")
        load_plan(str(path))
    elif not held.keys() & {"project", "tool"}:
        path.write_text(block.text, encoding="utf-8")
        load_settings(path)


@pytest.mark.parametrize(
    "source",
    [*((b.place, b.text) for held in ALL.values() for b in held if b.language == "yaml"),
     *((str(p.relative_to(ROOT)), p.read_text(encoding="utf-8")) for p in
       [ROOT / ".pre-commit-hooks.yaml", *(ROOT / "packaging" / "ci").glob("*.y*ml")])],
    ids=lambda source: source[0],
)  # fmt: skip
def test_yaml_is_read_and_its_commands_exist(source):
    yaml = pytest.importorskip("yaml")
    place, text = source
    assert yaml.safe_load(text)
    for line in re.findall(r"(?:entry|run|-):? (\S*prescan (?:scan|rules)[^\n]*)", text):
        for words in commands(line):
            assert words[0] in app.commands, place


def test_what_is_parsed_only_is_a_command():
    assert {words.split()[0] for words in PARSED_ONLY} <= set(app.commands)
