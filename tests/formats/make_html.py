"""Write the web pages that the tests read as files. Run: python tests/formats/make_html.py."""

from __future__ import annotations

from pathlib import Path

FILES = Path(__file__).parent / "files"

#: 䶮 and 㛃 are in GB18030 but not in the GB2312 the page declares.
GB2312_PAGE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<title>公示名单</title></head>
<body><p>现将刘䶮、陈㛃两位同志的情况予以公示。</p></body></html>
"""

if __name__ == "__main__":
    (FILES / "gb2312_page.html").write_bytes(GB2312_PAGE.encode("gb18030"))
