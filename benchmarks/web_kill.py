"""kill -9 at random moments, fifty times, while four people work at the desk: nothing that was answered is lost.

    python benchmarks/web_kill.py [--kills 50] [--people 4]

Each person brings documents, decides, sets the attribute, corrects, hands in, signs three levels, downloads, discards,
and remembers what the server answered. After every kill the server is started again and asked for all of it: every
accepted upload, decision, step and filed record must be there; of the one request without an answer, either outcome.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import signal
import tempfile
import threading
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import docx
import httpx2
from desk_server import Server

from prescan.web import trail
from prescan.web.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERDICTS: Final = ("属实须处理", "已脱敏")
_STAGES: Final = ("draft", "first", "second", "final", "signed")
#: A kill comes after at most so many answers or seconds, and then at a random moment of the request under way.
_ANSWERS: Final = 40
_LONGEST: Final = 40.0
_MOMENT: Final = 0.2
_OK: Final = (200, 202, 204)


@dataclass
class Kept:
    """What the server has answered about one document, and what a request without an answer may have done."""

    where: str
    decided: dict[str, str] = field(default_factory=dict)
    attribute: str | None = None
    stage: str = "draft"
    maybe: tuple[str, Any] | None = None
    ended: str = ""
    """"discarded", or "taken" once record and copy were fetched and the upload may go."""

    @property
    def case(self) -> str:
        """The path of its steps."""
        return f"/desk/cases/{self.where[-32:-16]}"


class Desk(Server):
    """The server on a store and with a key of its own."""

    def __init__(self, folder: Path) -> None:
        """Keep everything in `folder`."""
        super().__init__(folder / "store", XDG_CONFIG_HOME=str(folder))

    def kill(self) -> None:
        """End it without a word."""
        self.stop(signal.SIGKILL)

    @contextmanager
    def client(self) -> Iterator[httpx2.Client]:
        """Lend a client with the session of a browser."""
        with httpx2.Client(base_url=self.base, timeout=60) as client:
            found = re.search(r'name="csrf" value="([^"]+)"', client.get("/rules").text)
            if found:
                client.headers["x-csrf-token"] = found[1]
            yield client


def work(desk: Desk, rng: random.Random, kept: list[Kept], done: Counter[str], over: threading.Event) -> None:
    """Be one person until the server is gone."""
    try:
        with desk.client() as client:
            while not over.is_set():
                open_ones = [one for one in kept if not one.ended]
                if len(open_ones) < 3 or rng.random() < 0.2:  # noqa: PLR2004
                    bring(client, rng, kept, done)
                else:
                    step(client, rng, rng.choice(open_ones), done)
    except httpx2.TransportError:
        return


def bring(client: httpx2.Client, rng: random.Random, kept: list[Kept], done: Counter[str]) -> None:
    """Bring a document; what got no answer was not accepted, whether it is there or not."""
    headers = {"prefer": "respond-async"} if rng.random() < 0.5 else {}  # noqa: PLR2004
    answer = client.post(
        "/v1/scans", files={"file": ("通知.docx", document(rng))}, data={"keep": "review"}, headers=headers
    )
    expect(answer)
    kept.append(Kept(answer.headers["location"]))
    done["upload"] += 1


def step(client: httpx2.Client, rng: random.Random, one: Kept, done: Counter[str]) -> None:
    """Do the next thing with a document, or something beside it."""
    found = client.get(f"{one.where}/findings")
    if found.status_code != 200:  # noqa: PLR2004  not scanned yet
        time.sleep(0.02)
        return
    every = [finding["id"] for finding in found.json()]
    open_ones = [finding_id for finding_id in every if finding_id not in one.decided]
    if one.stage == "signed":
        fetch(client, one, done)
    elif open_ones:
        ids = open_ones if rng.random() < 0.3 else open_ones[:1]  # noqa: PLR2004
        verdict = rng.choice(_VERDICTS)
        one.maybe = ("decided", (ids, verdict))
        body = {"finding_ids": ids, "verdict": verdict}
        expect(client.post(f"{one.where}/decisions", json=body))
        one.decided.update(dict.fromkeys(ids, verdict))
        done["decision"] += len(ids)
    elif one.attribute is None:
        one.maybe = ("attribute", "proactive")
        expect(client.put(f"{one.where}/attribute", json={"attribute": "proactive"}))
        one.attribute = "proactive"
        done["attribute"] += 1
    elif one.stage == "draft" and rng.random() < 0.1:  # noqa: PLR2004
        one.maybe = ("discarded", None)
        expect(client.post(f"{one.case}/discard"))
        one.ended = "discarded"
        done["discard"] += 1
    elif one.stage == "draft":
        move(client, one, "submit", {})
        done["submit"] += 1
    else:
        if one.stage == "first":
            expect(client.post(f"{one.case}/seen"))
        conclusion = "删除有关内容后公开" if one.stage == "final" else ""
        move(client, one, "sign", {"name": "甲", "conclusion": conclusion})
        done["sign"] += 1
    one.maybe = None


def move(client: httpx2.Client, one: Kept, what: str, body: dict[str, str]) -> None:
    """Take a document to its next stage."""
    after = _STAGES[_STAGES.index(one.stage) + 1]
    one.maybe = ("stage", after)
    expect(client.post(f"{one.case}/{what}", json=body))
    one.stage = after


def fetch(client: httpx2.Client, one: Kept, done: Counter[str]) -> None:
    """Take record and redacted copy; then the upload may go."""
    one.maybe = ("taken", None)
    record = client.get(f"{one.where}/report.record")
    expect(record)
    zipfile.ZipFile(io.BytesIO(record.content)).testzip()
    copy = client.get(f"{one.where}/redacted")
    if copy.status_code != 422 or copy.json()["code"] != "refused":  # noqa: PLR2004  a suspected mark gives no copy
        expect(copy)
    one.ended = "taken"
    done["download"] += 2


def expect(answer: httpx2.Response) -> None:
    """End where the server says no to what it should do."""
    if answer.status_code not in _OK:
        raise SystemExit(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")


def check(desk: Desk, kept: list[Kept]) -> None:
    """Ask for everything that was answered; take over what the last request did after all."""
    with desk.client() as client:
        for one in kept:
            may = one.maybe or ("", None)
            one.maybe = None
            if one.ended == "taken" or may[0] == "taken":
                one.ended = "taken" if client.get(one.where).status_code == 410 else one.ended  # noqa: PLR2004
                expect(client.get(f"{one.where}/report.record"))
                continue
            page = client.get(one.case.replace("/desk", "")).text
            if one.ended == "discarded" or (may[0] == "discarded" and "已作废" in page):
                one.ended = "discarded"
                lost("discarding", "已作废" in page, one)
                continue
            until = time.monotonic() + 60
            while (answer := client.get(one.where)).status_code == 202 and time.monotonic() < until:  # noqa: PLR2004
                time.sleep(0.05)
            lost("upload", answer.status_code == 200, one)  # noqa: PLR2004
            page = client.get(one.case.replace("/desk", "")).text
            held = {item["finding_id"]: item["verdict"] for item in client.get(f"{one.where}/decisions").json()}
            if may[0] == "decided" and may[1] is not None:
                ids, verdict = may[1]
                new = [finding_id for finding_id in ids if finding_id in held]
                lost("half of a bulk decision", len(new) in {0, len(ids)}, one)
                one.decided.update(dict.fromkeys(new, verdict))
            lost("decision", held == one.decided, one)
            if may[0] == "attribute" and "已认定" in page:
                one.attribute = may[1]
            lost("attribute", (one.attribute is not None) == ("已认定" in page), one)
            found = re.search(r'"stage": "(\w+)"', page)
            stage = found[1] if found else ""
            if may[0] == "stage" and stage == may[1]:
                one.stage = stage
            lost("step", stage == one.stage, one)


def answers(done: Counter[str]) -> int:
    """Return how much has been answered so far."""
    return sum(done.values())


def lost(what: str, kept: bool, one: Kept) -> None:  # noqa: FBT001  reads as it is called
    """End with what was lost."""
    if not kept:
        raise SystemExit(f"lost: {what} of {one}")


def document(rng: random.Random) -> bytes:
    """Return a document with a few findings, one of its own."""
    made = docx.Document()
    made.add_paragraph(f"关于第 {rng.randrange(10**9)} 号事项的通知")
    for _ in range(rng.randrange(2, 30)):
        made.add_paragraph(f"联系人手机：1380013{rng.randrange(8000, 8999)}，请按时报送材料。")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def main() -> None:
    """Kill and check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)  # noqa: S311  moments, not secrets
    done: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        people: list[list[Kept]] = [[] for _ in range(asked.people)]
        cut = 0
        for _ in range(asked.kills):
            desk.start()
            over = threading.Event()
            with ThreadPoolExecutor(asked.people) as pool:
                seeds = [random.Random(rng.random()) for _ in people]  # noqa: S311
                working = [pool.submit(work, desk, *args, done, over) for args in zip(seeds, people, strict=True)]
                wanted = answers(done) + rng.randrange(_ANSWERS)
                until = time.monotonic() + _LONGEST
                while answers(done) < wanted and time.monotonic() < until:
                    time.sleep(0.01)
                time.sleep(rng.uniform(0, _MOMENT))
                desk.kill()
                over.set()
                for one in working:
                    one.result()
            cut += sum(one.maybe is not None for kept in people for one in kept)
            desk.start()
            for kept in people:
                check(desk, kept)
            desk.kill()
        desk.start()
        desk.kill()
        left = list((Path(folder) / "store" / "incoming").iterdir())
        store = Store(Path(folder) / "store")
        with store.read() as database:
            log = trail.verify(database)
        store.close()
    if left or log.broken_at is not None:
        raise SystemExit(f"left in incoming: {len(left)}; log broken at {log.broken_at}")
    print(f"{2 * asked.kills} kills, {asked.kills} of them at work, {cut} requests cut; nothing answered was lost")
    print("answered before: " + ", ".join(f"{name} {count}" for name, count in done.most_common()))
    print(f"log whole, {log.lines} lines; nothing left half received")


if __name__ == "__main__":
    main()
