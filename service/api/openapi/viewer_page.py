"""Serves Swagger UI for the OpenAPI description from installed files, so that no page asks other hosts.

Swagger UI comes with the package fastapi-swagger, which holds two files of npm's swagger-ui-dist unchanged. Only the
files are used: the package's own code draws a page that needs inline scripts, and is never imported.
"""

from functools import cache
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

router = APIRouter(include_in_schema=False)

SWAGGER_UI_PACKAGE = "fastapi-swagger"
SWAGGER_UI_FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
VIEWER_FILES = {**SWAGGER_UI_FILES, "start.js": "text/javascript"}

VIEWER_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>kiennghi: HTTP interface</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="viewer"></div>
<noscript>This page needs JavaScript; the description itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

# Swagger UI has inline styles and pictures as data URLs; scripts and requests must come from this host.
VIEWER_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@router.get("/")
async def redirect_to_viewer() -> RedirectResponse:
    return RedirectResponse("/docs", status_code=307)


@router.get("/docs")
async def show_viewer() -> HTMLResponse:
    return HTMLResponse(VIEWER_PAGE, headers={"Content-Security-Policy": VIEWER_CONTENT_SECURITY_POLICY})


@router.get("/docs/{name}")
async def serve_viewer_file(name: str) -> Response:
    if name not in VIEWER_FILES:
        raise HTTPException(404)
    return Response(
        _read_viewer_file(name), media_type=VIEWER_FILES[name], headers={"Cache-Control": "public, max-age=86400"}
    )


@cache
def _read_viewer_file(name: str) -> bytes:
    if name in SWAGGER_UI_FILES:
        located = distribution(SWAGGER_UI_PACKAGE).locate_file(f"fastapi_swagger/resources/{name}")
        return Path(str(located)).read_bytes()
    return files("service.api").joinpath("viewer", name).read_bytes()
