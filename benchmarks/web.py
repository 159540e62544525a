"""The server under load: 100 uploads at once, /health beside a bomb, a 300-page draft with 1,000 findings on the desk.

python benchmarks/web.py
"""

from __future__ import annotations

import io
import re
import shutil
import statistics
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx
import httpx2
from desk_server import Server

LINE = "为进一步做好全县防汛抗旱和安全生产工作，各乡镇、各部门要压实责任，完善预案。"


#: Milliseconds; a gap between two frames that a reader sees as a stutter.
_SEEN = 100
#: Scrolls 300 steps of 400 pixels, as a wheel would, and gives the milliseconds between the frames.
_SCROLL = """() => new Promise(done => {
  const pane = document.getElementById('scroller'), gaps = [];
  let last = performance.now(), steps = 0;
  const frame = now => {
    gaps.push(now - last); last = now; pane.scrollTop += 400;
    if (++steps < 300) { requestAnimationFrame(frame); } else { done(gaps.slice(2)); }
  };
  requestAnimationFrame(frame);
})"""
#: Goes through 60 doubts by key and gives the milliseconds until each is drawn.
_STEPS = """() => new Promise(done => {
  const times = [];
  const next = () => {
    const begun = performance.now();
    document.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyJ', key: 'j', bubbles: true}));
    requestAnimationFrame(() => requestAnimationFrame(() => {
      times.push(performance.now() - begun);
      if (times.length < 60) { setTimeout(next, 0); } else { done(times); }
    }));
  };
  next();
})"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        with (
            Server(Path(folder) / "store", XDG_CONFIG_HOME=folder) as server,
            httpx2.Client(base_url=server.base, timeout=300) as client,
        ):
            print(f"start                     {time.perf_counter() - begun:.2f} s")
            uploads(client)
            bomb(client)
            draft(client)


def uploads(client: httpx2.Client) -> None:
    """Send 100 files at once."""

    def one(number: int) -> int:
        data = written([f"第 {number} 份", LINE, "手机：13800138000"])
        return client.post("/v1/scans", files={"file": (f"{number}.docx", data)}, data={"keep": "hour"}).status_code

    begun = time.perf_counter()
    with ThreadPoolExecutor(100) as pool:
        statuses = Counter(pool.map(one, range(100)))
    print(f"100 uploads at once       {time.perf_counter() - begun:.1f} s, answers {dict(statuses)}")


def bomb(client: httpx2.Client) -> None:
    """Ask /health while a file that takes all of its limit is read."""
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(
            lambda: client.post("/v1/scans", files={"file": ("bomb.docx", hostile())}, data={"keep": "hour"})
        )
        times: list[float] = []
        while not waiting.done() and len(times) < 200:  # noqa: PLR2004
            begun = time.perf_counter()
            client.get("/health").raise_for_status()
            times.append(time.perf_counter() - begun)
            time.sleep(0.05)
    answer = waiting.result()
    verdict = answer.json().get("verdict") or answer.json().get("status")
    print(f"/health beside a bomb     max {1000 * max(times):.0f} ms of {len(times)} ({answer.status_code} {verdict})")


def draft(client: httpx2.Client) -> None:
    """Open a draft of 300 pages with 1,000 findings, and decide."""
    lines = [
        f"{number} {LINE}" + (f"手机：1380013{8000 + number % 2000}。" if not number % 6 else "")
        for number in range(6600)
    ]
    answer = client.post("/v1/scans", files={"file": ("long.docx", written(lines))}, data={"keep": "review"})
    where = answer.headers["location"]
    while (answer := client.get(where)).status_code == 202:  # noqa: PLR2004
        time.sleep(0.2)
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        page = client.get(f"/cases/{where[-32:-16]}")
        times.append(time.perf_counter() - begun)
    findings = answer.json()["findings"]
    size = len(page.text) // 1024
    print(f"300 pages, {len(findings)} findings   page {times[0]:.2f} s, then {times[-1]:.2f} s, {size} KB")
    in_browser(str(client.base_url), f"/cases/{where[-32:-16]}")
    token = re.search(r'"csrf": "([^"]+)"', page.text)
    headers = {"x-csrf-token": token[1]} if token else {}
    times = []
    for finding in findings[:30]:
        begun = time.perf_counter()
        address = f"{where}/findings/{finding['id']}/decision"
        client.put(address, json={"verdict": "已脱敏"}, headers=headers).raise_for_status()
        times.append(time.perf_counter() - begun)
    print(f"a decision                median {1000 * statistics.median(times):.0f} ms, max {1000 * max(times):.0f} ms")


def in_browser(base: str, path: str) -> None:
    """Open the draft in chromium (if it is there), scroll, go on by key; print what a reviewer waits for."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  not part of any extra
    except ImportError:
        return
    if not (program := shutil.which("chromium")):
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{base}/rules")  # what a browser keeps of the desk is there already
        page.goto(base + path)
        page.wait_for_selector("#findings button[aria-current]")
        told = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        print(f"opens in chromium         {told / 1000:.2f} s until it can be used")
        gaps = sorted(page.evaluate(_SCROLL))
        late = sum(gap > _SEEN for gap in gaps)
        print(
            f"scrolling                 {len(gaps)} frames, median {statistics.median(gaps):.0f} ms, "
            f"99 % within {gaps[int(0.99 * len(gaps))]:.0f} ms, longest {gaps[-1]:.0f} ms, {late} over {_SEEN} ms"
        )
        steps = sorted(page.evaluate(_STEPS))
        middle = statistics.median(steps)
        print(f"next doubt by key         median {middle:.0f} ms until drawn, longest {steps[-1]:.0f} ms")
        browser.close()


def written(lines: list[str]) -> bytes:
    """Return a Word document."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def hostile() -> bytes:
    """Return a Word document that unpacks to a hundred times its size."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    row = "<w:p><w:r><w:t>身份证号</w:t></w:r></w:p>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {space}><w:body>{row * 1_500_000}</w:body></w:document>")
    return out.getvalue()


if __name__ == "__main__":
    main()
