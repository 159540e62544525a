"""The whole story in a real Chromium: five files, decided by keyboard, returned, corrected, signed, found again."""

from __future__ import annotations

import io
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx as python_docx
import pytest
from invented import PROACTIVE, RESIDENT_ID, comment, docx, table
from needed import lacking, program
from serving import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).parents[2] / "examples"
LINES = PROACTIVE.split("\n")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return a browser; on the build server it must be there."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("playwright")
    found = program("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return one server for all of these tests."""
    with Server(tmp_path_factory.mktemp("served") / "store") as running:
        yield running


def opened(browser: Any, problems: list[str], width: int = 1280, height: int = 800) -> Any:
    """Return a page whose errors are collected, and which may reach nothing but the server."""
    context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Content Security" in message.text else None)
    page.on("request", lambda request: "127.0.0.1" in request.url or problems.append(request.url))
    return page


def until(page: Any, condition: str) -> None:
    """Wait for a condition; Playwright's own waiting needs eval, which the pages rightly forbid."""
    last = time.monotonic() + 30
    while not holds(page, condition):
        assert time.monotonic() < last, condition
        page.wait_for_timeout(50)


def holds(page: Any, condition: str) -> bool:
    """Return whether a condition holds; on a page that is just going away none does."""
    from playwright.sync_api import Error

    try:
        return bool(page.evaluate(f"(() => {{ try {{ return {condition}; }} catch (error) {{ return false; }} }})()"))
    except Error:
        return False


def open_case(page: Any, base: str, name: str) -> None:
    page.goto(f"{base}/?tab=all")
    page.click(f"td.name a:has-text('{name}')")
    page.wait_for_selector("#findings", state="attached")


def decide_all(page: Any) -> None:
    """Decide whatever is open with the keyboard alone: every second one is called lawful, with a reason."""
    for number in range(60):
        if not page.locator("#findings button:not(.settled):not(.f-note)").count():
            break
        page.keyboard.press("Digit3" if number % 2 else "Digit1")
        if number % 2:
            page.wait_for_selector(".why")
            page.keyboard.press("Digit3")
    until(page, "document.getElementById('progresstext').textContent.match(/(\\d+)\\/\\1$|无须处置/)")


def sign(page: Any, name: str, conclusion: str = "") -> None:
    """Sign at the level the case is at."""
    before = page.locator(".steps [aria-current]").inner_text()
    page.fill("#signform [name=name]", name)
    if conclusion:
        page.check(f"#signform [value='{conclusion}']")
    page.click("#sign")
    until(page, f"document.querySelector('.steps [aria-current]').innerText !== '{before}'")


def test_the_whole_story(chromium: Any, server: Server, tmp_path: Path) -> None:  # noqa: PLR0915  a story is told in order
    (tmp_path / "通知.docx").write_bytes(docx(*LINES, f"经办人身份证号：{RESIDENT_ID}", comments=comment("请改")))
    (tmp_path / "名单.txt").write_text(f"姓名：赵某某\n身份证号：{RESIDENT_ID}\n", encoding="utf-8")
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    for name in ("信访答复.pdf", "政务公开栏目.html"):
        shutil.copy(EXAMPLES / name, tmp_path / name)
    names = ["通知.docx", "名单.txt", "坏.xlsx", "信访答复.pdf", "政务公开栏目.html"]
    problems: list[str] = []
    page = opened(chromium, problems)
    page.goto(server.base)
    page.set_input_files("#files", [tmp_path / name for name in names])
    until(page, "document.querySelectorAll('tr[data-status=done]').length === 5")

    open_case(page, server.base, "通知")
    assert RESIDENT_ID not in page.content()
    first = page.locator("#doubt .doubt-head").inner_text()
    page.keyboard.press("KeyJ")
    page.keyboard.press("ArrowUp")
    assert page.locator("#doubt .doubt-head").inner_text() == first
    page.click("#findings button:has-text('居民身份证号')")
    page.keyboard.down("KeyX")
    until(page, f"document.getElementById('value').textContent === '{RESIDENT_ID}'")
    page.keyboard.up("KeyX")
    assert RESIDENT_ID not in page.content()

    page.focus("#search")  # whoever types decides nothing
    page.keyboard.type("12")
    assert page.locator("#findings .settled").count() == 0
    page.keyboard.press("Escape")
    composing = "new KeyboardEvent('keydown', {code: 'Digit1', isComposing: true, bubbles: true})"
    page.evaluate(f"document.body.dispatchEvent({composing})")
    assert page.locator("#progresstext").inner_text().startswith("已处置 0/")

    page.keyboard.press("Digit1")
    until(page, "document.getElementById('progresstext').textContent.startsWith('已处置 1/')")
    page.keyboard.press("KeyU")
    until(page, "document.getElementById('progresstext').textContent.startsWith('已处置 0/')")

    page.click("#submit")
    page.wait_for_selector("#returnform")
    page.fill("#returnform textarea", "请删去身份证号和批注")
    page.click("#returnform button")
    page.wait_for_selector("#version", state="attached")
    assert "请删去身份证号" in page.locator(".history").inner_text()
    corrected = tmp_path / "通知改.docx"
    corrected.write_bytes(docx(*LINES, body=table(("项目", "金额"), ("高龄津贴", "100"))))
    page.set_input_files("#version", corrected)
    until(page, "document.querySelector('.bar-name').innerText.includes('第 2 稿')")
    page.click("#submit")
    page.wait_for_selector("#signform")
    decide_all(page)
    page.check("#attributeform [value=proactive]")
    page.click("#attributeform button:has-text('认定')")
    page.wait_for_selector("#attribute .said")
    until(page, "!document.querySelector('#missing li') || !document.querySelector('#seen').hidden")
    if page.locator("#seen:visible").count():
        page.click("#seen")
    until(page, "!document.querySelector('#missing li')")
    sign(page, "甲某")
    sign(page, "乙某")
    conclusion = "可以公开"
    if "属实须处理" in page.evaluate("document.getElementById('data').textContent.replace(/.verdicts.*?]/, '')"):
        conclusion = "删除有关内容后公开"
    sign(page, "丙某", conclusion)
    with page.expect_download() as download:
        page.click(".flow a:has-text('下载审查记录')")
    record = python_docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert "通知.docx" in "".join(cell.text for row in record.tables[0].rows for cell in row.cells)

    open_case(page, server.base, "名单")
    decide_all(page)

    server.stop()
    server.start()
    page = opened(chromium, problems)
    page.goto(f"{server.base}/register")
    assert "通知.docx" in page.content()
    assert "甲某、乙某、丙某" in page.content()
    open_case(page, server.base, "名单")
    assert page.locator("#findings button:not(.settled):not(.f-note)").count() == 0
    open_case(page, server.base, "信访答复")
    page.click("#asimages")
    until(page, "document.querySelector('#images img').naturalWidth > 500")
    assert page.locator("#images svg rect").count() > 0
    open_case(page, server.base, "坏.xlsx")
    assert "未读内容" in page.locator(".side").inner_text()
    assert problems == []


def test_redacted_copy_is_offered_at_the_end(chromium: Any, server: Server, tmp_path: Path) -> None:
    (tmp_path / "待脱敏.docx").write_bytes(docx(*LINES, f"身份证号：{RESIDENT_ID}"))
    page = opened(chromium, [])
    page.goto(server.base)
    page.set_input_files("#files", tmp_path / "待脱敏.docx")
    page.wait_for_selector("tr[data-status=done] a:has-text('待脱敏')")
    open_case(page, server.base, "待脱敏")
    page.click(".menu summary")
    with page.expect_download() as download:
        page.click(".menu a:has-text('脱敏副本')")
    data = Path(download.value.path()).read_bytes()
    text = "\n".join(paragraph.text for paragraph in python_docx.Document(io.BytesIO(data)).paragraphs)
    assert "高龄津贴" in text
    assert RESIDENT_ID not in text


def test_a_refused_copy_is_told_on_the_page_which_stays(chromium: Any, server: Server, tmp_path: Path) -> None:
    (tmp_path / "带密级.docx").write_bytes(docx("机密★10年", *LINES))
    problems: list[str] = []
    page = opened(chromium, problems)
    page.goto(server.base)
    page.set_input_files("#files", tmp_path / "带密级.docx")
    page.wait_for_selector("tr[data-status=done] a:has-text('带密级')")
    open_case(page, server.base, "带密级")
    where = page.url
    page.click(".menu summary")
    page.click(".menu a:has-text('脱敏副本')")
    page.wait_for_selector("#toast.bad:has-text('不得以脱敏代替解密审核')")
    assert page.url == where
    assert page.locator("#findings li").count() > 0
    with page.expect_download() as download:
        page.click(".menu a:has-text('审查记录')")
    assert download.value.suggested_filename.endswith(".docx")
    assert problems == []


def test_narrow_screens_show_one_pane_and_nothing_runs_over(chromium: Any, server: Server, tmp_path: Path) -> None:
    (tmp_path / "宽表.docx").write_bytes(
        docx(*LINES, f"身份证号：{RESIDENT_ID}", body=table(tuple("一二三四五六七八")))
    )
    problems: list[str] = []
    for width, height in ((1280, 800), (1920, 1080), (390, 800)):
        page = opened(chromium, problems, width, height)
        page.goto(server.base)
        if not page.locator("td.name a:has-text('宽表')").count():
            page.set_input_files("#files", tmp_path / "宽表.docx")
            page.wait_for_selector("tr[data-status=done] a:has-text('宽表')")
        open_case(page, server.base, "宽表")
        page.wait_for_selector(".panes > .paper", state="visible")
        for name in ("queue", "paper", "side"):
            shown = page.locator(f".panes > .{name}").is_visible()
            assert shown == (width > 900 or name == "paper"), (width, name)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, width
        if width < 900:
            page.click(".phone-tabs [data-pane=queue]")
            page.click("#findings button >> nth=0")
            assert page.locator("#doubt .verdicts").is_visible()
    assert problems == []


def test_forms_of_the_pages_are_accepted_as_a_browser_sends_them(chromium: Any, server: Server) -> None:
    """A referrer policy decides what a browser sends as Origin: only a real one shows whether it is let in."""
    problems: list[str] = []
    page = opened(chromium, problems)
    page.goto(f"{server.base}/rules")
    page.fill("[name=text]", "机密★10年")
    page.fill("[name=rule_id]", "SEC-001")
    page.click("form.try button")
    page.wait_for_selector(".tried li")
    assert "SEC-001" in page.inner_text(".tried")
    page.goto(f"{server.base}/settings")
    page.fill("[name=unit]", "临溪县政府办公室")
    page.click("button.primary")
    page.wait_for_selector(".done")
    assert "临溪县政府办公室" in page.inner_text(".brand")
    assert not problems


def test_one_kind_is_settled_with_two_keys_but_not_waved_through(chromium: Any, server: Server, tmp_path: Path) -> None:
    rows = "".join(f"手机：1380013800{number}，第 {number} 户\n" for number in range(6))
    (tmp_path / "同类.txt").write_text(f"联系名单\n身份证号：110101190203140028\n{rows}", encoding="utf-8")
    problems: list[str] = []
    page = opened(chromium, problems)
    page.goto(server.base)
    page.set_input_files("#files", [str(tmp_path / "同类.txt")])
    page.wait_for_selector("td.name a:has-text('同类.txt')")
    until(page, "!document.querySelector('[data-status=queued], [data-status=running]')")
    open_case(page, server.base, "同类.txt")
    of_kind = page.locator("#findings button:has-text('手机号码')")
    of_kind.first.wait_for()
    count = of_kind.count()
    assert count > 3
    of_kind.first.click()
    page.keyboard.press("KeyA")
    page.keyboard.press("Digit2")
    assert page.locator(".why").count() == 0
    assert of_kind.count() == count
    page.keyboard.press("KeyA")
    page.keyboard.press("Digit1")
    listed = "[...document.querySelectorAll('#findings .kind')].filter(one => one.textContent === '手机号码').length"
    until(page, f"{listed} === 0")
    page.keyboard.press("KeyU")
    until(page, f"{listed} === {count}")
    assert not problems


def test_what_was_refused_is_still_told_when_the_list_is_loaded_again(
    chromium: Any, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "没有内容.txt").write_bytes(b"")
    (tmp_path / "有内容.txt").write_text("今天开会。", encoding="utf-8")
    problems: list[str] = []
    page = opened(chromium, problems)
    page.goto(server.base)
    page.set_input_files("#files", [str(tmp_path / "没有内容.txt"), str(tmp_path / "有内容.txt")])
    page.wait_for_selector("td.name a:has-text('有内容.txt')")
    until(page, "!document.querySelector('[data-status=queued], [data-status=running]')")
    assert "没有内容.txt" in page.inner_text("#uploads .bad")
    page.goto(server.base)
    assert page.locator("#uploads .bad").count() == 0
    assert not problems
