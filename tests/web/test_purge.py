"""What is let go when, and what survives a killed server."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from desks import open_desk
from invented import RESIDENT_ID, docx
from sqlalchemy import select, update

from prescan.web.clock import now
from prescan.web.purge import sweep
from prescan.web.tables import Case, Scan

if TYPE_CHECKING:
    from pathlib import Path

    from desks import Desk


def swept(desk: Desk, **later: float) -> dict[str, int]:
    office = desk.office
    return sweep(office.store, office.config, office.drop_upload, at=now() + datetime.timedelta(**later))


def test_times_are_kept(desk: Desk) -> None:
    client = desk.browser()
    hour = client.post("/v1/scans", json={"text": f"身份证号：{RESIDENT_ID}", "keep": "hour"}).headers["location"]
    review = client.post("/v1/scans", files={"file": ("a.docx", docx("正文"))}, data={"keep": "review"})
    assert swept(desk, minutes=59) == {"uploads": 0, "api": 0, "lines": 0}
    assert swept(desk, minutes=61)["api"] == 1
    assert client.get(hour).status_code == 404
    assert client.get(review.headers["location"]).status_code == 200
    assert swept(desk, days=29)["uploads"] == 0
    assert swept(desk, days=31)["uploads"] == 1
    assert desk.office.holding.ids() == []
    assert client.get(review.headers["location"]).status_code == 410
    with desk.office.store.read() as database:
        assert database.execute(select(Scan.result)).scalars().all() == [None]
        assert database.execute(select(Case.number)).scalars().all() == [1]
    assert swept(desk, days=200)["lines"] > 0


def test_what_was_worked_on_lately_stays_however_old_it_is(desk: Desk) -> None:
    desk.browser().post("/v1/scans", files={"file": ("a.docx", docx("正文"))}, data={"keep": "review"})
    with desk.office.store.write() as database:
        database.execute(update(Case).values(created=now() - datetime.timedelta(days=60)))
    assert swept(desk, days=1)["uploads"] == 0


def test_uploads_are_private(desk: Desk) -> None:
    desk.browser().post("/v1/scans", files={"file": ("a.docx", docx("正文"))}, data={"keep": "review"})
    folder = desk.office.config.folder
    for path in (folder, *folder.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_what_was_not_finished_is_finished_after_a_restart(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    desk.office.jobs.close()  # accepted, then killed before it was begun
    desk.office.jobs.closed = False
    client = desk.client()
    answer = client.post("/v1/scans", json={"text": "正文一段", "keep": "hour"}, headers={"prefer": "respond-async"})
    assert answer.status_code == 202
    left, stream = desk.office.holding.incoming()
    stream.close()
    (desk.office.config.folder / "held" / ("f" * 32)).mkdir()
    desk.office.store.close()
    desk.office._lock.close()

    again = open_desk(tmp_path)
    try:
        assert not left.exists()
        assert "f" * 32 not in again.office.holding.ids()
        again.office.jobs.submit(answer.json()["id"], checked=False).result(30)
        assert again.client().get(answer.headers["location"]).status_code == 200
    finally:
        again.office.close()
