"""A crawl stays on the hosts that were named, asks politely, and what it could not see is not known to be gone."""

from __future__ import annotations

import ast
import gzip
import importlib.util
import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prescan.audit.crawl import Order, crawl
from prescan.audit.crawl.scope import Scope, links, listed
from prescan.audit.plan import Plan
from prescan.audit.sources import Broken, Item, items
from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2] / "src" / "prescan"


# --- scope: nothing here opens a connection


def test_scope_is_the_host_and_port_that_were_named() -> None:
    scope = Scope.of(["https://www.qinghe.example/zwgk/"], ["files.qinghe.example:8080"], "/zwgk/")
    assert scope.wanted("https://www.qinghe.example/zwgk/a.html")
    assert scope.wanted("https://www.qinghe.example/files/a.docx")  # an annex may lie elsewhere
    assert scope.wanted("http://files.qinghe.example:8080/a.pdf")
    for other in (
        "https://www.qinghe.example/other/a.html",
        "https://www.qinghe.example:8443/zwgk/",
        "https://qinghe.example/zwgk/",
        "https://www.qinghe.example@evil.example/zwgk/",
        "https://www.qinghe.example.evil.example/zwgk/",
        "ftp://www.qinghe.example/zwgk/",
        "https://www.qinghe.example/zwgk/style.css",
        "https://[::1/zwgk/",
    ):
        assert not scope.wanted(other), other


def test_a_chinese_host_is_the_same_host_as_it_is_asked_for() -> None:
    asked_for = "青禾县.example".encode("idna").decode()
    assert asked_for.startswith("xn--")
    assert Scope.of(["https://青禾县.example/"], [], "/").named(f"https://{asked_for}/a.html")


@pytest.mark.parametrize(("start", "host", "prefix"), [("www.x.cn", "", "/"), ("https://x.cn", "a/b", "/")])
def test_what_is_no_address_is_refused(start: str, host: str, prefix: str) -> None:
    with pytest.raises(PrescanError, match=r"不是网址|写法不对"):
        Scope.of([start], [host] if host else [], prefix)


def test_links_are_read_without_parsing_the_page() -> None:
    page = b"""<base href="/b/"><a class=x href='c.html#top'>1</a><A HREF="../d.doc?x=1&amp;y=2">2</A>
      <a href="javascript:alert(1)">3</a><a href="http://[bad/">4</a><img src="e.png"><iframe src="f.html"></iframe>"""
    assert links(page, "https://x.cn/a/") == [
        "https://x.cn/b/c.html",
        "https://x.cn/d.doc?x=1&y=2",
        "https://x.cn/b/f.html",
    ]
    assert listed(b"<urlset><url><loc> https://x.cn/1 </loc></url><loc><![CDATA[https://x.cn/2]]></loc>") == [
        "https://x.cn/1",
        "https://x.cn/2",
    ]


#: Modules by which a program reaches the network.
NETWORK = frozenset(
    "socket ssl http urllib.request ftplib smtplib telnetlib xmlrpc socketserver asyncio requests httpx urllib3 aiohttp"
    " scrapy twisted websockets paramiko pyspark".split()
)
#: Where one is wanted: the crawl, the server of the desk, the job on a cluster; recognition, which refuses them all.
ALLOWED = ("audit/crawl/", "audit/spark/", "formats/ocr/engine.py", "web/", "cli/serve.py")


def test_nothing_else_in_prescan_can_open_a_connection() -> None:
    found = set()
    for path in ROOT.rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                named = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            reached = {one for one in named if NETWORK & {one, one.split(".")[0]}}
            found |= {(name, one) for one in reached if not name.startswith(ALLOWED)}
    assert found == set()


# --- the guard, and a crawl of two local servers

needs_scrapy = pytest.mark.skipif(
    not (importlib.util.find_spec("scrapy") and importlib.util.find_spec("fastwarc")),
    reason="extra crawl (scrapy) is not installed",
)


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('127.0.0.1', 9), 1)",
        "socket.create_connection(('127.0.0.2', {port}), 1)",
        "socket.getaddrinfo('evil.example', 80)",
        "socket.gethostbyname('localhost')",
    ],
)
def test_the_guard_refuses_other_addresses_and_names(attempt: str) -> None:
    program = (
        "import socket; from prescan.audit.crawl.process import guard; from prescan.audit.crawl.scope import Scope\n"
        "own = socket.create_server(('127.0.0.1', 0)); port = own.getsockname()[1]\n"
        "guard(Scope.of([f'http://127.0.0.1:{port}/'], [], '/'), frozenset({'127.0.0.1'}))\n"
        "socket.create_connection(('127.0.0.1', port), 5).close()\n"
        f"{attempt.replace('{port}', 'port')}\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "PermissionError" in done.stderr


@dataclass
class Site:
    """A server and what it was asked for."""

    pages: dict[str, Any]
    asked: list[str] = field(default_factory=list)
    conditional: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def serve() -> Iterator[Any]:
    """Return a function that serves pages: path → body, or (status, headers, body)."""
    servers = []

    def start(pages: dict[str, Any]) -> Site:
        site = Site(pages)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                given = site.pages.get(self.path, (404, {}, b"none"))
                status, headers, body = given if isinstance(given, tuple) else (200, {}, given)
                etag = headers.get("ETag")
                if etag and self.headers.get("If-None-Match") == etag:
                    site.conditional.append(self.path)
                    status, body = 304, b""
                self.send_response(status)
                for name, value in {"Content-Type": "text/html", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        site.url = f"http://127.0.0.1:{server.server_port}"
        return site

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def fetched(site: Site, out: Path, **more: Any) -> dict[str, Any]:
    return crawl(Order((f"{site.url}{more.pop('start', '/')}",), str(out), delay=0, **more), lambda _: None)


def held(out: Path, site: Site) -> tuple[dict[str, Any], list[str]]:
    """Return what a WARC holds by path, and what it says of what was not seen."""
    found = list(items(str(out), Plan()))
    broken = [item.why for item in found if isinstance(item, Broken)]
    return {
        item.place.removeprefix(site.url): item.code or item.data for item in found if isinstance(item, Item)
    }, broken


@needs_scrapy
def test_a_crawl_stays_within_its_scope_and_the_second_fetches_only_what_changed(serve: Any, tmp_path: Path) -> None:
    other = serve({"/": b"other", "/robots.txt": b""})
    home = (
        f'<a href="/a.html">a</a><a href="{other.url}/">o</a><a href="/away">r</a><a href="/private/x.html">p</a>'
        '<a href="/b.docx">b</a><a href="/none.html">n</a><a href="/broken.html">k</a><a href="/style.css">s</a>'
    ).encode()
    site = serve(
        {
            "/robots.txt": b"User-agent: *\nDisallow: /private/\n",
            "/": (200, {"ETag": '"1"'}, home),
            "/a.html": (200, {"ETag": '"2"'}, b'<a href="/deep/c.html">c</a>'),
            "/deep/c.html": b"<p>c</p>",
            "/away": (302, {"Location": f"{other.url}/"}, b""),
            "/b.docx": (200, {"Content-Type": "application/msword"}, b"PK annex"),
            "/broken.html": (404, {}, b""),
            "/private/x.html": b"secret",
        }
    )
    site.pages["/broken.html"] = (403, {}, b"no")
    out = tmp_path / "site.warc.gz"
    done = fetched(site, out)
    assert other.asked == []
    assert "/private/x.html" not in site.asked
    assert "/style.css" not in site.asked
    assert (done["pages"], done["failed"], done["forbidden"], done["gone"]) == (4, 1, 1, 1)
    pages, broken = held(out, site)
    assert pages == {
        "/": home,
        "/a.html": b'<a href="/deep/c.html">c</a>',
        "/deep/c.html": b"<p>c</p>",
        "/b.docx": b"PK annex",
        "/broken.html": "unreadable",
        "/private/x.html": "unreadable",
    }
    assert broken == []
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    site.pages["/deep/c.html"] = b"<p>changed</p>"
    again = fetched(site, out)
    assert sorted(site.conditional) == ["/", "/a.html"]
    assert (again["pages"], again["unchanged"]) == (2, 2)
    assert held(out, site)[0] == {**pages, "/deep/c.html": b"<p>changed</p>"}
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["site.warc.gz", "site.warc.gz.index"]


@needs_scrapy
def test_a_sitemap_a_prefix_a_limit(serve: Any, tmp_path: Path) -> None:
    site = serve({"/robots.txt": b"", **{f"/zwgk/{n}.html": f"<p>{n}</p>".encode() for n in range(6)}, "/x.html": b"x"})
    urls = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in site.pages if path.endswith("html"))
    site.pages["/map.xml"] = (200, {"Content-Type": "text/xml"}, f"<urlset>{urls}</urlset>".encode())
    out = tmp_path / "site.warc.gz"
    site.pages["/zwgk/maps.xml"] = f"<sitemapindex><loc>{site.url}/zwgk/1.xml.gz</loc></sitemapindex>".encode()
    site.pages["/zwgk/1.xml.gz"] = (200, {"Content-Type": "application/gzip"}, gzip.compress(site.pages["/map.xml"][2]))
    fetched(site, out, start="/zwgk/maps.xml", prefix="/zwgk/")
    assert sorted(held(out, site)[0]) == [f"/zwgk/{n}.html" for n in range(6)]
    cut = fetched(site, out, start="/map.xml", prefix="/zwgk/", pages=4)
    pages, broken = held(out, site)
    assert len(pages) == 3
    assert "达到 4 页的上限" in cut["incomplete"]
    assert "没有看全" in broken[0]


@needs_scrapy
def test_a_site_that_is_down_leaves_the_last_crawl_as_it_is(serve: Any, tmp_path: Path) -> None:
    site = serve({"/robots.txt": b"", "/": b"<p>1</p>"})
    out = tmp_path / "site.warc.gz"
    fetched(site, out)
    before = out.read_bytes()
    site.pages["/"] = (403, {}, b"")
    with pytest.raises(PrescanError, match="起始地址没有取到（HTTP 403）"):
        fetched(site, out)
    assert out.read_bytes() == before


@needs_scrapy
def test_a_name_that_stands_for_this_machine_is_refused(serve: Any, tmp_path: Path) -> None:
    site = serve({"/": b"x"})
    site.url = site.url.replace("127.0.0.1", "localhost")
    with pytest.raises(PrescanError, match="本机或保留地址"):
        fetched(site, tmp_path / "a.warc.gz")
    assert site.asked == []


def test_without_scrapy_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(PrescanError, match=r"pip install 'prescan\[crawl\]'"):
        crawl(Order(("http://x.example/",), str(tmp_path / "a.warc.gz")), lambda _: None)
    with pytest.raises(PrescanError, match=r"\.warc\.gz"):
        crawl(Order(("http://x.example/",), str(tmp_path / "a.zip")), lambda _: None)
    assert json.dumps(list(tmp_path.iterdir())) == "[]"
