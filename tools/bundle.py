"""Wheel houses to install from without a network: `make bundle`.

    python tools/bundle.py out/bundle [--arch x86_64] [--arch aarch64] [--extras web,audit]

For each architecture a folder with `wheels/` (prescan and everything it needs, for CPython 3.11 to 3.13), `install.sh`,
the service unit, the container file, the licences, the list of parts (CycloneDX) and SHA256SUMS.
A package without a wheel that has pure Python only (jieba) is built here into one.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
ARCHITECTURES: Final = ("x86_64", "aarch64")
PYTHONS: Final = ("3.11", "3.12", "3.13")
#: Older systems first: a wheel for an old glibc runs on a new one. 麒麟 V10 has 2.28, 统信 V20 2.28.
_GLIBC: Final = (17, 24, 26, 27, 28, 31, 34)
_BESIDE: Final = (
    "packaging/install.sh",
    "packaging/prescan.service",
    "packaging/Containerfile",
    "LICENSE",
    "NOTICE",
    "docs/licences.md",
)


def main() -> int:
    """Make the folders."""
    parser = argparse.ArgumentParser(description="wheel houses to install from without a network")
    parser.add_argument("out", type=Path)
    parser.add_argument("--arch", action="append", choices=ARCHITECTURES)
    parser.add_argument("--python", action="append", choices=PYTHONS)
    parser.add_argument("--extras", default="web,audit")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    built = _built(given.out / "built", given.extras)
    for architecture in given.arch or ARCHITECTURES:
        folder = given.out / architecture
        shutil.rmtree(folder, ignore_errors=True)
        wheels = folder / "wheels"
        wheels.mkdir(parents=True)
        for wheel in built.glob("*-none-any.whl"):
            shutil.copy(wheel, wheels)
        for python in given.python or PYTHONS:
            _download(wheels, architecture, python, given.extras)
        for path in _BESIDE:
            shutil.copy(ROOT / path, folder)
        _sums(folder)
        size = sum(path.stat().st_size for path in wheels.iterdir()) / 1e6
        print(f"{folder}: {len(list(wheels.iterdir()))} wheels, {size:.0f} MB")
    return 0


def _built(folder: Path, extras: str) -> Path:
    """Build prescan, and wheels of the packages that come as source only and are pure Python."""
    shutil.rmtree(folder, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--wheel-dir", str(folder)]
    subprocess.run([*pip, "--no-deps", str(ROOT)], check=True)
    subprocess.run([*pip, f"{ROOT}[{extras}]"], check=True)
    return folder


def _download(wheels: Path, architecture: str, python: str, extras: str) -> None:
    """Fetch what prescan needs on a machine of an architecture, wheels only. Raises CalledProcessError if one lacks."""
    own = next(wheels.glob("prescan-*.whl"))
    platforms = [f"manylinux_2_{minor}_{architecture}" for minor in _GLIBC] + [f"manylinux2014_{architecture}"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--only-binary=:all:", "--dest", str(wheels), "--find-links", str(wheels), "--implementation", "cp"]
    command += ["--python-version", python]
    for platform in platforms:
        command += ["--platform", platform]
    requirements = _requirements(own, extras, architecture)
    subprocess.run([*command, *requirements], check=True)


def _requirements(wheel: Path, extras: str, architecture: str) -> list[str]:
    """Return what the wheel asks for on that architecture: pip would judge the markers by this machine's."""
    from packaging.requirements import Requirement  # noqa: PLC0415  comes with build

    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().splitlines()
    asked = [Requirement(line.partition(": ")[2]) for line in lines if line.startswith("Requires-Dist: ")]
    machine = {"platform_machine": architecture, "sys_platform": "linux", "platform_system": "Linux"}
    wanted = ["", *extras.split(",")]
    held = [
        item
        for item in asked
        if item.marker is None or any(item.marker.evaluate({**machine, "extra": extra}) for extra in wanted)
    ]
    for item in held:
        item.marker = None
    return [str(item) for item in held]


def _sums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}" for path in files]
    (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
