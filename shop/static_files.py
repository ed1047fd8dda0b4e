"""Stylesheets, scripts and drawings, small on a slow line.

Only these: a compressed page would tell by its length what it holds.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

PLAIN = {"text/css", "text/javascript", "image/svg+xml"}
"""What shrinks; the font is compressed already."""


def init_static_files(app: Flask) -> None:
    """Compress what lies in the static folder for the browsers that ask for it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if request.endpoint != "static" or response.mimetype not in PLAIN or response.status_code != 200:
        return response
    response.vary.add("Accept-Encoding")
    etag, _weak = response.get_etag()
    if request.method == "GET" and request.accept_encodings["gzip"] > 0 and etag:
        response.direct_passthrough = False
        response.set_data(_packed(etag, response.get_data()))
        response.content_encoding = "gzip"
        response.set_etag(etag, weak=True)
    return response


@lru_cache(maxsize=64)
def _packed(_etag: str, plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)
