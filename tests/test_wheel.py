"""The wheel is complete and small, and scans elsewhere with its own rules and model, without a network."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_rules_and_models_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "prescan/_shipped/rules/secrecy/marks.toml" in names
    assert "prescan/_shipped/rules/statutes/政府信息公开条例.toml" in names
    assert "prescan/_shipped/models/attribute/weights.npz" in names
    assert "prescan/data/prescan-1.schema.json" in names
    assert "prescan/py.typed" in names
    assert "prescan/_shipped/rules/clean/任前公示.txt" in names  # an office tests its own rules against them
    assert {name.split("/")[0] for name in names if not name.split("/")[0].endswith(".dist-info")} == {"prescan"}
    unwanted = [name for name in names if "/corpus/" in name or name.endswith(".pyc")]
    assert unwanted == []


def test_the_wheel_is_small(wheel):
    """Compiled on installation it takes twice as much; the whole core may take 180 MB (`make sizes`)."""
    with zipfile.ZipFile(wheel) as archive:
        assert sum(info.file_size for info in archive.infolist()) < 5.8e6


def test_the_wheel_scans_elsewhere_without_a_network(wheel, tmp_path):
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    draft = tmp_path / "草稿.txt"
    draft.write_text("机密★10年\n\n某县人民政府办公室文件\n某政办〔2025〕1号\n关于开展检查的通知\n", encoding="utf-8")
    code = "import prescan, sys; from prescan.cli import main; print(prescan.__file__, file=sys.stderr); main()"
    command = [*_without_network(), sys.executable, "-c", code, "scan", str(draft), "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(installed), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert str(installed) in done.stderr
    assert done.returncode == 1, done.stderr
    result = json.loads(done.stdout)
    assert [finding["type"] for finding in result["findings"] if finding["level"] == "block"] == ["secret_mark"]
    assert result["suggestion"]["attribute"] == "withheld"


def test_spacy_finds_the_component_of_the_wheel(wheel, tmp_path):
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    code = """import spacy
nlp = spacy.blank("zh")
nlp.add_pipe("prescan")
doc = nlp("申请人身份证号110101190203140028。")
import prescan
print(prescan.__file__, [(span.text, span.label_) for span in doc.spans["prescan"]])
"""
    environment = {**os.environ, "PYTHONPATH": str(installed), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert done.stdout == f"{installed}/prescan/__init__.py [('110101190203140028', 'resident_id')]\n", done.stderr


def _without_network():
    """Return a prefix that cuts a command off the network, or nothing where the system does not allow it."""
    for prefix in (["unshare", "-n"], ["unshare", "-rn"]):
        command = [*prefix, "true"]
        if shutil.which("unshare") and not subprocess.run(command, capture_output=True, check=False).returncode:
            return prefix
    return []
