"""What is shipped beside the package: service unit, container file, installer, wheel houses, list of parts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib

import pytest
from needed import program
from pages import ROOT

sys.path.insert(0, str(ROOT / "tools"))

import bundle
import sbom

SERVICE = (ROOT / "packaging" / "prescan.service").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize(
    "line",
    """NoNewPrivileges=yes ProtectSystem=strict ProtectHome=yes PrivateTmp=yes PrivateDevices=yes IPAddressDeny=any
    IPAddressAllow=localhost CapabilityBoundingSet= LimitCORE=0 UMask=0077""".split(),
)
def test_the_service_gives_up_what_it_does_not_need(line):
    assert line in SERVICE.splitlines()


def test_the_service_may_still_limit_its_workers():
    assert "@resources" not in SERVICE, "workers set their own limits"


def test_the_options_of_the_service_exist():
    from prescan.cli import app

    words = re.search(r"ExecStart=\S+ (.*)", SERVICE)[1].split()
    known = {option for parameter in app.commands["serve"].params for option in parameter.opts}
    assert words[0] == "serve"
    assert {word for word in words if word.startswith("--")} <= known


def test_systemd_takes_the_unit():
    command = [program("systemd-analyze"), "verify", str(ROOT / "packaging" / "prescan.service")]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    wrong = [line for line in said.splitlines() if "prescan.service" in line and "is not executable" not in line]
    assert wrong == []


def test_the_container_needs_no_network_and_no_root():
    text = (ROOT / "packaging" / "Containerfile").read_text(encoding="utf-8")
    assert "--no-index" in text
    assert re.search(r"(?m)^USER \d+$", text)
    assert text.index("USER 10001") < text.index("ENTRYPOINT")


def test_shell_scripts_are_sound():
    for path in (ROOT / "packaging" / "install.sh", ROOT / "packaging" / "ci" / "check.sh"):
        shell = "bash" if "bash" in path.read_text(encoding="utf-8").splitlines()[0] else "sh"
        subprocess.run([shell, "-n", str(path)], check=True)


def test_a_wheel_house_holds_what_the_architecture_needs(tmp_path):
    import zipfile

    lines = "".join(f"Requires-Dist: {line}\n" for line in PROJECT["dependencies"])
    wheel = tmp_path / "prescan-0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("prescan-0.dist-info/METADATA", f"Name: prescan\n{lines}")
    arm, loong = (set(bundle._requirements(wheel, "", name)) for name in ("aarch64", "loongarch64"))
    assert arm - loong == {
        line.partition(";")[0].strip() for line in PROJECT["dependencies"] if "platform_machine" in line
    }
    assert not [line for line in arm if line.startswith("tzdata")]


def test_what_a_wheel_leaves_out_is_asked_for_by_nothing_in_it():
    source = ROOT / "src"
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    left_out = {
        path
        for pattern in patterns["targets"]["wheel"]["exclude"]
        if pattern.endswith(".py")
        for path in ROOT.glob(pattern)
    }
    assert len(left_out) >= 8
    names = "|".join(path.stem for path in left_out)
    asked = re.compile(rf"(?m)^ *from prescan\.quality(?:\.(?:{names})\b| import .*\b(?:{names})\b)")
    kept = [path for path in source.rglob("*.py") if path not in left_out]
    assert [path.name for path in kept if asked.search(path.read_text(encoding="utf-8"))] == []


def test_the_list_of_parts_is_whole_and_refers_to_itself():
    held = sbom.bill(())
    assert (held["bomFormat"], held["specVersion"]) == ("CycloneDX", "1.6")
    references = {part["bom-ref"] for part in held["components"]} | {held["metadata"]["component"]["bom-ref"]}
    assert {part["name"].lower() for part in held["components"]} >= {"lxml", "numpy", "pypdf", "click"}
    for entry in held["dependencies"]:
        assert entry["ref"] in references
        assert set(entry["dependsOn"]) <= references
    assert all(part["licenses"] for part in held["components"])
    assert json.dumps(held) == json.dumps(sbom.bill(()))
