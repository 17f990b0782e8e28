"""What a medium is, told by its first bytes alone: names and declared types are never believed.

Only what browsers show without running anything is let in: no SVG, no HTML, no PDF.
"""

from __future__ import annotations

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
VIDEOS = ("video/mp4", "video/webm")
AUDIOS = ("audio/mpeg", "audio/wav", "audio/ogg")
ALLOWED = (*IMAGES, *VIDEOS, *AUDIOS)
HEAD = 64
"""Bytes that are looked at."""

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_MP4 = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"mmp4")
"""Brands of films; the same box begins pictures (HEIC, AVIF) that are not let in."""


def media_type_of(head: bytes) -> str:
    """The media type that the first `HEAD` bytes tell, "" when it is none that is let in."""
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "video/mp4" if head[8:12] in _MP4 else ""
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head else ""
    # A bare MPEG frame: eleven bits set, layer III, and a bit rate and a sample rate that exist.
    if (
        len(head) > 3
        and head[0] == 0xFF
        and head[1] & 0xE6 == 0xE2
        and head[2] >> 4 not in (0, 15)
        and head[2] & 12 != 12
    ):
        return "audio/mpeg"
    return ""


def kind_of(media_type: str) -> str:
    """ "image", "video" or "audio"."""
    return media_type.partition("/")[0]
