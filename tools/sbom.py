"""What an installation consists of: CycloneDX 1.6 as JSON, and the table of licences: `make sbom`.

    python tools/sbom.py sbom [--extras web,audit] > sbom.json     parts of the environment this runs in
    python tools/sbom.py licences > docs/licences.md

Only what prescan asks for, directly or not, is listed; the environment may hold more. The same environment gives the
same bytes (no time stamp, the serial number follows from the parts).
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import re
import sys
import uuid
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

EXTRAS: Final = ("web", "audit", "ocr", "nlp", "train", "crawl", "cluster")
_SPDX: Final = {
    "mit": "MIT",
    "mit license": "MIT",
    "the mit license": "MIT",
    "apache 2.0": "Apache-2.0",
    "apache-2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "modified bsd license": "BSD-3-Clause",
    "bsd-2-clause": "BSD-2-Clause",
    "cc0": "CC0-1.0",
    "isc license (iscl)": "ISC",
    "python software foundation license": "PSF-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "gnu lesser general public license v2 or later (lgplv2+)": "LGPL-2.1-or-later",
    "gnu lesser general public license v3 or later (lgplv3+)": "LGPL-3.0-or-later",
}


def parts(extras: tuple[str, ...]) -> dict[str, importlib.metadata.Distribution]:
    """Return prescan's requirements and theirs by lower-case name, those that are installed."""
    from packaging.requirements import Requirement  # noqa: PLC0415  only where a list is made

    found: dict[str, importlib.metadata.Distribution] = {}
    waiting: list[tuple[str, tuple[str, ...]]] = [("prescan", extras)]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            package = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        found[_key(name)] = package
        for line in package.requires or ():
            asked = Requirement(line)
            if asked.marker is None or any(asked.marker.evaluate({"extra": extra}) for extra in ("", *wanted)):
                waiting.append((asked.name, tuple(sorted(asked.extras))))
    return found


def licence(package: importlib.metadata.Distribution) -> str:
    """Return the SPDX expression of a package, or what it says itself where that is none."""
    said = cast("Message", package.metadata)
    text = said.get("License-Expression") or ""
    if not text:
        classified = [
            line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or () if line.startswith("License ::")
        ]
        own = (said.get("License") or "").strip().splitlines()
        text = next((line for line in (own[:1] or []) if line.lower() in _SPDX), "") or " AND ".join(classified)
        text = text or (own[0] if own else "")
    return " AND ".join(_SPDX.get(one.lower(), one) for one in text.split(" AND ")) or "（未写明）"


def bill(extras: tuple[str, ...]) -> dict[str, Any]:
    """Return the bill of materials."""
    held = parts(extras)
    own = held.pop("prescan")
    components = [_component(package) for _, package in sorted(held.items())]
    whole = json.dumps(components, sort_keys=True).encode()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(hashlib.sha256(whole).hexdigest()[:32])}",
        "version": 1,
        "metadata": {"component": {**_component(own), "type": "application"}},
        "components": components,
        "dependencies": list(_dependencies({"prescan": own, **held}, extras)),
    }


def _component(package: importlib.metadata.Distribution) -> dict[str, Any]:
    name, version = package.metadata["Name"], package.version
    said = licence(package)
    known = re.fullmatch(r"[A-Za-z0-9.+ ()-]+", said) and (" " not in said or re.search(r" (AND|OR|WITH) ", said))
    return {
        "type": "library",
        "bom-ref": _reference(package),
        "name": name,
        "version": version,
        "purl": _reference(package),
        "licenses": [{"expression": said} if known else {"license": {"name": said}}],
    }


def _dependencies(
    held: dict[str, importlib.metadata.Distribution], extras: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    from packaging.requirements import Requirement  # noqa: PLC0415  as above

    for name, package in sorted(held.items()):
        wanted = ("", *extras) if name == "prescan" else ("",)
        asked = [Requirement(line) for line in package.requires or ()]
        below = {
            _reference(held[_key(item.name)])
            for item in asked
            if _key(item.name) in held
            and (item.marker is None or any(item.marker.evaluate({"extra": extra}) for extra in wanted))
        }
        yield {"ref": _reference(package), "dependsOn": sorted(below)}


def _reference(package: importlib.metadata.Distribution) -> str:
    return f"pkg:pypi/{_key(package.metadata['Name'])}@{package.version}"


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def table() -> str:
    """Return the page of licences: what the core needs, then what each extra adds."""
    core = parts(())
    rows = ["# 依赖与许可证", "", "由 `make sbom` 按已安装的包生成，请勿手改。版本随安装而定，不列。", ""]
    rows += _rows("核心", {name: package for name, package in core.items() if name != "prescan"})
    for extra in EXTRAS:
        more = {name: package for name, package in parts((extra,)).items() if name not in core}
        rows += ["", *_rows(f"附加功能 `{extra}`", more)]
    return "\n".join(rows) + "\n"


def _rows(title: str, held: dict[str, importlib.metadata.Distribution]) -> list[str]:
    rows = [f"## {title}", "", "| 包 | 许可证 |", "|---|---|"]
    return rows + [f"| {package.metadata['Name']} | {licence(package)} |" for _, package in sorted(held.items())]


def main() -> int:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description="parts of the installation this runs in")
    parser.add_argument("what", choices=("sbom", "licences"))
    parser.add_argument("--extras", default="web,audit")
    given = parser.parse_args()
    if given.what == "licences":
        print(table(), end="")
    else:
        print(json.dumps(bill(tuple(filter(None, given.extras.split(",")))), ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
