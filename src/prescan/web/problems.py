"""Errors as `application/problem+json` (RFC 9457) with a code of ours and a Chinese sentence with the next step."""

from __future__ import annotations

import html
import json
from typing import Final

from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"
_PAGE: Final = "<!doctype html><html lang=zh-CN><meta charset=utf-8><link rel=stylesheet href=/static/desk.css>"

#: Code → (status, sentence).
CODES: Final[dict[str, tuple[int, str]]] = {
    "bad_request": (400, "请求的写法不对，请对照接口文档修改"),
    "bad_host": (400, "请求的 Host 不是本服务的地址；请用启动时显示的网址，或用 --name 登记代理的域名"),
    "login_required": (401, "需要登录或有效的接口令牌"),
    "forbidden": (403, "当前账号或令牌没有此项权限"),
    "bad_origin": (403, "请求来自别的网站，已拒绝；请从本服务的页面操作"),
    "bad_csrf": (403, "页面已过期，请刷新后再试"),
    "not_found": (404, "没有找到，请核对编号"),
    "method_not_allowed": (405, "此地址不支持这种请求方法"),
    "slow": (408, "上传中断太久，请重新上传"),
    "not_allowed_now": (409, "当前环节不能这样做"),
    "gone": (410, "原件已按规定删除，请重新送检"),
    "too_large": (413, "文件超过大小上限，请拆分后再送"),
    "unsupported_media": (415, "请用 multipart/form-data 上传文件，或用 application/json 送文本"),
    "invalid": (422, "内容不符合要求，请对照接口文档修改"),
    "refused": (422, "含疑似涉密内容，不得以脱敏代替解密审核"),
    "redaction_failed": (422, "脱敏后仍有残留，副本已删除；请人工处理"),
    "unsupported_task": (422, "这种格式暂不支持此项处理"),
    "too_many_logins": (429, "登录尝试过多，请稍后再试"),
    "busy": (429, "排队的文件太多，请稍后再送"),
    "store_full": (429, "存储空间不足，请清理后再送"),
    "failed": (500, "服务出错，已记录；请重试，仍不行请联系管理员"),
    "shutting_down": (503, "服务正在停止，请稍后再试"),
}


class Problem(Exception):  # noqa: N818  it is what it is called
    """An error response; `code` is one of CODES."""

    def __init__(self, code: str, detail: str = "", *, retry_after: int | None = None) -> None:
        """`detail` is a Chinese sentence without values; default: that of the code."""
        status, default_detail = CODES[code]
        super().__init__(detail or default_detail)
        self.code = code
        self.status = status
        self.detail = detail or default_detail
        self.retry_after = retry_after

    def page(self) -> Response:
        """Return a minimal HTML response, for requests refused before templates can be used."""
        content = f"<h1>{html.escape(self.detail)}</h1><p><a href='/'>回到收件</a></p>"
        footer = f"<p class=hint>{self.status} · {self.code}</p>"
        body = f"{_PAGE}<title>{self.status}</title><body><main class='card narrow'>{content}{footer}</main>"
        return Response(body.encode(), self.status, {}, "text/html; charset=utf-8")

    def response(self) -> Response:
        """Return the problem+json response."""
        body = {"type": f"urn:prescan:problem:{self.code}", "title": CODES[self.code][1], "status": self.status}
        content = json.dumps({**body, "code": self.code, "detail": self.detail}, ensure_ascii=False).encode()
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after else {}
        if self.status == 401:  # noqa: PLR2004
            headers["WWW-Authenticate"] = "Bearer"
        return Response(content, self.status, headers, MEDIA_TYPE)
