"""Conversions: a small file in, the same rows in another format out."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from generation.api.door import RefusedError, api_seat
from generation.files.layouts import media_type_of
from generation.formats import UnknownFormat, format_named
from review.export_schemas import ConversionIn
from review.exporting.conversions import MOST_BYTES, ConversionError, convert_file
from review.exporting.options import ExportOptions

router = Router(tags=["conversions"])


@router.post("/projects/{slug:slug}/conversions")
def convert_upload(
    request: HttpRequest, slug: str, file: File[UploadedFile], about: Form[ConversionIn]
) -> FileResponse:
    """The file in the format `to`, at once; nothing is kept. At most 16 MB; larger ones are for `manage.py convert`.

    The format is detected unless `origin` names it. A row that cannot be converted refuses the file with the first such
    rows listed, unless `leave_out` is true; the header `Fdc-Left-Out` then counts them, `Fdc-Rows` those written.
    """
    api_seat(request, slug)
    if (file.size or 0) > MOST_BYTES:
        raise RefusedError(413, "too_large", path="file")
    try:
        target = format_named(about.to)
    except UnknownFormat:
        raise RefusedError(422, "unknown_format", path="to") from None
    options = _options(about, target)
    try:
        made = convert_file(BytesIO(file.read()), target=target, origin=about.origin, options=options)
    except ConversionError as error:
        faults = [{"line": each.line, "code": each.code, "path": each.path} for each in error.faults]
        raise RefusedError(422, error.code, path="file", faults=faults) from None
    name = f"converted.{options.extension}"
    media_type = media_type_of(options.layout, gzip=options.gzip)
    response = FileResponse(made.file, as_attachment=True, filename=name, content_type=media_type)
    response["Fdc-From"], response["Fdc-Rows"], response["Fdc-Left-Out"] = made.source, made.rows, made.left_out
    response["Cache-Control"], response["Content-Encoding"] = "private, no-store", "identity"
    return response


def _options(about: ConversionIn, target: Any) -> ExportOptions:
    said = about.dict(include=set(ExportOptions.__slots__))
    layout = about.layout or (target.layouts or ("",))[0]
    if layout not in target.layouts:
        raise RefusedError(422, "unknown_layout", path="layout")
    return ExportOptions(**said | {"layout": layout}).sensible()
