"""The FastAPI application: routes, guard, error handlers, OpenAPI description."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from prescan.resources import __version__
from prescan.web import admin, api, desk, overview, purge, rescan, rulebox
from prescan.web.asking import office_of
from prescan.web.guard import Guard
from prescan.web.intake import ContextIn
from prescan.web.pages import STATIC, LoginNeeded, problem_page, to_login, wants_page
from prescan.web.problems import Problem
from prescan.web.shapes import Health, contract

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from prescan.web.office import Office

_STATUS_CODES = {404: "not_found", 405: "method_not_allowed", 400: "bad_request"}


def create_app(office: Office) -> FastAPI:
    """Return the application for an open office, which is closed when the application ends."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        threading.Thread(target=purge.regularly, args=(office, stop), daemon=True).start()
        yield
        stop.set()
        office.close()

    app = FastAPI(
        title="prescan", version=__version__, docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan,
        generate_unique_id_function=_operation_id,
    )  # fmt: skip
    app.state.office = office
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(LoginNeeded, to_login)
    for router in (api.router, rulebox.router, desk.router, rescan.router, overview.router, admin.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/health", _health, response_model=Health, tags=["server"])
    app.add_api_route("/v1/openapi.json", _openapi, include_in_schema=False)
    app.add_middleware(Guard, config=office.config, file_mb=office.scanner.settings.limits.file_mb)
    return app


def _health(request: Request) -> Health:
    """服务是否正常。"""
    jobs = office_of(request).jobs
    return Health(status="closing" if jobs.closed else "ok", version=__version__, waiting=jobs.depth())


def _openapi(request: Request) -> JSONResponse:
    return JSONResponse(openapi(request.app))


def openapi(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description: errors as problem+json, results by the schema of the contract."""
    description = app.openapi()
    schemas = description["components"]["schemas"]
    schemas.update(contract())
    schemas["ContextIn"] = ContextIn.model_json_schema()
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    for path in description["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if int(status) >= 400:  # noqa: PLR2004
                    content.pop("application/json", None)
                    answer["content"] = {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
                    }
    description["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    description["security"] = [{}, {"token": []}]
    return description


def _operation_id(route: APIRoute) -> str:
    return route.name


def _problem(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else Problem("failed")
    return problem_page(request, problem) if wants_page(request) else problem.response()


def _invalid(request: Request, error: Exception) -> Response:
    listed = error.errors() if isinstance(error, RequestValidationError) else []
    places = dict.fromkeys(".".join(str(part)[:30] for part in item["loc"][1:]) for item in listed)
    fields_named = "、".join(place for place in list(places)[:5] if place) or "正文"
    return _problem(request, Problem("invalid", f"内容不符合要求（{fields_named}），请对照接口文档修改"))


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    response = _problem(request, Problem(_STATUS_CODES.get(status, "bad_request")))
    for name, value in (getattr(error, "headers", None) or {}).items():
        response.headers[name] = value
    return response
