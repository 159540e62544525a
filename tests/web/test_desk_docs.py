"""The curl examples of docs/http-api.md run as they stand, and every page and command the documents name is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from invented import RESIDENT_ID, docx
from needed import program
from serving import Server

DOCS = Path(__file__).parents[2] / "docs"


def test_curl_examples_run(tmp_path: Path) -> None:
    program("curl")
    text = (DOCS / "http-api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 5
    (tmp_path / "草稿.docx").write_bytes(docx(f"经办人身份证号：{RESIDENT_ID}", "手机：13800138003"))
    with Server(tmp_path / "store") as server:
        script = "set -euo pipefail\n" + "\n".join(blocks).replace("http://127.0.0.1:8760", server.base)
        done = subprocess.run(
            [program("bash"), "-c", script], cwd=tmp_path, capture_output=True, timeout=120, check=False
        )
    assert done.returncode == 0, done.stderr.decode()
    assert '"resident_id"' in done.stdout.decode()
    assert (tmp_path / "审查记录.docx").read_bytes()[:2] == b"PK"
    assert '"withheld"' in (tmp_path / "decisions.json").read_text(encoding="utf-8")
    assert RESIDENT_ID not in done.stdout.decode()


def test_codes_in_the_document_are_the_codes() -> None:
    from prescan.web.problems import CODES

    text = (DOCS / "http-api.md").read_text(encoding="utf-8")
    for code in CODES.keys() - {"failed", "method_not_allowed"}:
        assert f"`{code}`" in text, code
