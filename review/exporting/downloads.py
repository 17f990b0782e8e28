"""Finished files on their way to a person: saved under a telling name, never shown by a browser."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, Http404

from review.actions.exports import file_path, manifest_path
from review.exporting import manifest
from review.exporting.options import ExportOptions
from review.models import Export


def data_attachment(export: Export) -> FileResponse:
    """The file itself; 404 while it is not whole."""
    media_type = ExportOptions.from_config(export.options).media_type
    return _attachment(export, file_path(export), name=export.file_name, media_type=media_type)


def manifest_attachment(export: Export) -> FileResponse:
    """Where each of the file's rows came from; 404 while it is not whole."""
    name = f"{export.file_name.partition('.')[0]}.manifest.jsonl"
    return _attachment(export, manifest_path(export), name=name, media_type=manifest.MEDIA_TYPE)


def _attachment(export: Export, path: Path, *, name: str, media_type: str) -> FileResponse:
    if not export.ready:
        raise Http404
    try:
        file = open(path, "rb")  # noqa: SIM115 - the response closes it
        response = FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
    except FileNotFoundError:
        raise Http404 from None
    response["Cache-Control"] = "private, no-store"
    # Already whole on the disk: compressing it on the way would hide its length.
    response["Content-Encoding"] = "identity"
    return response
