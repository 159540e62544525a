"""File name extensions, and whether they agree with the content."""

from __future__ import annotations

import posixpath
from typing import Final

#: Extension → the key of FORMATS that its content should have. An unlisted extension may have any content.
_KEY_BY_EXTENSION: Final[dict[str, str]] = {
    extension: key
    for key, extensions in {
        "text": "txt md",
        "csv": "csv tsv",
        "html": "html htm xhtml shtml",
        "mhtml": "mht mhtml",
        "docx": "docx docm dotx dotm",
        "xlsx": "xlsx xlsm xltx xltm",
        "pptx": "pptx pptm potx potm ppsx ppsm",
        "pdf": "pdf",
        "zip": "zip",
        "tar": "tar",
        "gz": "gz tgz",
        "bz2": "bz2 tbz2",
        "xz": "xz txz",
        "doc": "doc dot wps wpt",
        "xls": "xls xlt et ett",
        "ppt": "ppt pot pps dps dpt",
        "rtf": "rtf",
        "odf": "odt ott ods ots odp otp",
        "ofd": "ofd",
        "xlsb": "xlsb",
        "flat": "fodt fods fodp uof uot uos uop",
        "image": "png jpg jpeg gif bmp tif tiff webp heic jp2 avif ico",
        "rar": "rar",
        "7z": "7z",
        "mail": "eml mbox",
        "msg": "msg",
    }.items()
    for extension in extensions.split()
}
#: Names of formats for reviewers; other formats are shown by their key.
_DISPLAY_NAMES: Final = {
    "text": "纯文本",
    "html": "网页（html）",
    "mhtml": "单个文件的网页（mht）",
    "docx": "Word 文档（docx）",
    "xlsx": "Excel 工作簿（xlsx）",
    "pptx": "演示文稿（pptx）",
    "pdf": "PDF 文件",
    "zip": "zip 压缩包",
    "doc": "旧版 Word 文档（doc）",
    "xls": "旧版 Excel 工作簿（xls）",
    "ppt": "旧版演示文稿（ppt）",
    "flat": "XML 格式的办公文档",
    "odf": "OpenDocument 文件（odt、ods、odp）",
    "ofd": "OFD 版式文件",
    "mail": "邮件（eml）",
    "image": "图片",
    "msg": "Outlook 邮件（msg）",
}


def extension_mismatch(name: str, key: str) -> str:
    """Return a sentence for reviewers if the extension of `name` belongs to another format than `key`; else "".

    >>> extension_mismatch("公示.xls", "html")
    '后缀是 xls，内容却是网页（html）'
    >>> extension_mismatch("公示.XLSM", "xlsx"), extension_mismatch("说明.json", "text")
    ('', '')
    """
    if _KEY_BY_EXTENSION.get(name[name.rfind(".") + 1 :]) == key:  # as for nearly every file
        return ""
    extension = posixpath.splitext(name.rstrip(". ").lower())[1].removeprefix(".")
    if _KEY_BY_EXTENSION.get(extension, key) == key:
        return ""
    return f"后缀是 {extension}，内容却是{_DISPLAY_NAMES.get(key, f' {key} 文件')}"
