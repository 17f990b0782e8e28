"""A medium on its way to a browser: its own type and no other, nothing in it ever runs, parts of it on demand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from generation.actions.media import media_path
from generation.media_types import ALLOWED
from generation.models import Media

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z")
_CHUNK = 64 * 1024


def medium_response(medium: Media, *, wanted: str = "", download: bool = False) -> HttpResponseBase:
    """The file, or the part that the Range header `wanted` names; 404 when its bytes are gone."""
    path = media_path(medium)
    if medium.media_type not in ALLOWED or not path.is_file():
        raise Http404
    response = _part(path, wanted) or FileResponse(open(path, "rb"))  # noqa: SIM115 - the response closes it
    name = medium.name.rpartition("/")[2]
    if isinstance(response, FileResponse) and response.file_to_stream is not None:
        response.as_attachment, response.filename = download, name
        response.set_headers(response.file_to_stream)
    response["Content-Type"] = medium.media_type
    response["Accept-Ranges"] = "bytes"
    response["Content-Encoding"] = "identity"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _part(path: Path, wanted: str) -> HttpResponseBase | None:
    """One range of bytes; players of films ask for them. None for the whole file."""
    found = _RANGE.match(wanted)
    size = path.stat().st_size
    if found is None or not (found[1] or found[2]):
        return None
    first = int(found[1]) if found[1] else max(0, size - int(found[2]))
    last = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file = open(path, "rb")  # noqa: SIM115 - closed when its part was read
    response = StreamingHttpResponse(_bytes(file, first, last - first + 1), status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    return response


def _bytes(file: BinaryIO, first: int, count: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while count > 0 and (data := file.read(min(_CHUNK, count))):
            count -= len(data)
            yield data
