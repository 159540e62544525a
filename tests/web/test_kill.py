"""kill -9: what was accepted and what was decided is still there."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import httpx2
from invented import MOBILE, RESIDENT_ID, docx
from serving import Server

from prescan.web import trail
from prescan.web.store import Store

if TYPE_CHECKING:
    from pathlib import Path


#: More of them take their time: KILLS=50 pytest tests/web/test_kill.py
ROUNDS = int(os.environ.get("KILLS", "1"))


def test_killed_server_loses_nothing(tmp_path: Path) -> None:
    server = Server(tmp_path / "store")
    accepted: list[str] = []
    decided: dict[str, str] = {}
    for round_ in range(ROUNDS):
        server.start()
        with httpx2.Client(base_url=server.base, timeout=60) as client:
            for number in range(3):
                text = docx(f"第 {round_}-{number} 份，身份证号：{RESIDENT_ID}", f"手机：{MOBILE}")
                wait = {} if number == 0 else {"prefer": "respond-async"}
                answer = client.post(
                    "/v1/scans", files={"file": ("a.docx", text)}, data={"keep": "review"}, headers=wait
                )
                assert answer.status_code in {200, 202}
                accepted.append(answer.headers["location"])
                if answer.status_code == 200 and accepted[-1] not in decided:
                    one = answer.json()["findings"][0]["id"]
                    client.put(f"{accepted[-1]}/findings/{one}/decision", json={"verdict": "已脱敏"}).raise_for_status()
                    decided[accepted[-1]] = one
        server.stop(signal.SIGKILL)
    server.start()
    try:
        with httpx2.Client(base_url=server.base, timeout=60) as client:
            for where in accepted:
                until = time.monotonic() + 60
                while (answer := client.get(where)).status_code == 202 and time.monotonic() < until:
                    time.sleep(0.1)
                assert answer.status_code == 200, answer.text
                assert answer.json()["findings"]
            for where, one in decided.items():
                assert [item["finding_id"] for item in client.get(f"{where}/decisions").json()] == [one]
    finally:
        server.stop()
    assert len(set(accepted)) == 3 * ROUNDS
    assert list((server.store / "incoming").iterdir()) == []
    store = Store(server.store)
    try:
        with store.read() as database:
            assert trail.verify(database).broken_at is None
    finally:
        store.close()
