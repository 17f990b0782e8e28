"""Forms for media: files or a zip, and the folder that rows name them by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from generation.forms.fields import storable

MOST_AT_ONCE = 500


class ManyFiles(forms.FileField):
    """Any number of files."""

    widget = type("ManyFilesInput", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        files = [super(ManyFiles, self).clean(each, initial) for each in given]
        if len(files) > MOST_AT_ONCE:
            raise ValidationError(
                _("At most %(most)s files at once; put more of them into a zip."), params={"most": MOST_AT_ONCE}
            )
        return files


class MediaForm(forms.Form):
    """Files to upload."""

    files = ManyFiles(  # type: ignore[assignment]
        label=_("Files"), allow_empty_file=True,
        help_text=_("PNG, JPEG, GIF, WebP, MP4, WebM, MP3, WAV, Ogg, or a zip of such files"),
    )  # fmt: skip
    folder = forms.CharField(
        required=False, max_length=120, label=_("Folder"), validators=[storable],
        help_text=_("put before each name, where rows say folder/file.png"),
    )  # fmt: skip
