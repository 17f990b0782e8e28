"""Contents in parts (texts, pictures, sounds) <-> one text with placeholders and the paths beside it.

The parts of OpenAI, of Bailian and of TRL are all read; which of them is written is the target's affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from generation.files.strict_json import Fault
from generation.types import Example

Media = Literal["images", "videos", "audios"]
PartStyle = Literal["", "openai", "bailian", "trl"]
"""How pictures stand in a message; "" has no place for them."""

PLACEHOLDERS: Mapping[Media, str] = {"images": "<image>", "videos": "<video>", "audios": "<audio>"}
_KINDS: Mapping[str, Media] = {
    "image": "images", "image_url": "images", "input_image": "images",
    "video": "videos", "video_url": "videos",
    "audio": "audios", "audio_url": "audios",
}  # fmt: skip
_SINGULAR: Mapping[Media, str] = {"images": "image", "videos": "video", "audios": "audio"}


@dataclass(slots=True)
class Found:
    """The media of a conversation in the order of their placeholders, and the details that have no place elsewhere.

    `unnamed` counts the placeholders whose media a column of the record names.
    """

    images: list[str] = field(default_factory=list)
    videos: list[str] = field(default_factory=list)
    audios: list[str] = field(default_factory=list)
    unnamed: int = 0
    extras: dict[str, Any] = field(default_factory=dict)

    def add(self, kind: Media, source: str) -> None:
        """One more; without a source it is named in a column of the record."""
        if source:
            getattr(self, kind).append(source)
        else:
            self.unnamed += 1


def text_of(parts: Sequence[Any], found: Found, *, path: str) -> str:
    """The parts as one text; what they show goes into `found`. `Fault` for a part that is neither text nor media."""
    return "".join(_text(part, found, f"{path}.{at}") for at, part in enumerate(parts))


def media_kind(part: Mapping[str, Any]) -> Media | None:
    """What the part shows; None for a text or something unknown."""
    kind = part.get("type")
    if kind is None:
        kind = next((name for name in ("image", "video", "audio") if name in part), "")
    return _KINDS.get(kind) if isinstance(kind, str) else None


def _text(part: Any, found: Found, path: str) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        raise Fault("unknown_part", path=path)
    part = {name: value for name, value in part.items() if value is not None}
    kind = media_kind(part)
    if kind is not None:
        return _shown(part, kind, found, path)
    text = part.get("text")
    if not isinstance(text, str) or part.get("type") not in (None, "text", "input_text"):
        raise Fault("unknown_part", path=path, message=str(part.get("type", ""))[:40])
    found.extras |= {f"{path}.{name}": value for name, value in part.items() if name not in ("type", "text")}
    return text


def _shown(part: Mapping[str, Any], kind: Media, found: Found, path: str) -> str:
    names = (str(part.get("type") or ""), _SINGULAR[kind], f"{_SINGULAR[kind]}_url", "url", "path")
    name = next((name for name in names if name in part), "")
    source = part.get(name)
    if isinstance(source, dict):
        found.extras |= {f"{path}.{name}.{key}": value for key, value in source.items() if key != "url"}
        source = source.get("url")
    if source is not None and not isinstance(source, str):
        raise Fault("not_a_string", path=f"{path}.{name}")
    found.extras |= {f"{path}.{key}": value for key, value in part.items() if key not in ("type", name)}
    found.add(kind, source or "")
    return PLACEHOLDERS[kind]


@dataclass(slots=True)
class Shelf:
    """The media of a row, taken one by one as their placeholders turn up."""

    style: PartStyle
    left: dict[Media, list[str]]

    @classmethod
    def of(cls, example: Example, *, style: PartStyle) -> Shelf | None:
        """The row's media; None where it has none. `Fault` "not_representable" for a kind that `style` cannot show."""
        left = {kind: list(getattr(example, kind)) for kind in PLACEHOLDERS if getattr(example, kind)}
        if not left:
            return None
        able = {"": (), "openai": ("images",), "bailian": ("images", "videos"), "trl": ("images",)}[style]
        for kind in left:
            if kind not in able:
                raise Fault("not_representable", path=kind)
        return cls(style, left)

    def content(self, text: str) -> str | list[dict[str, Any]]:
        """The text in parts; OpenAI takes a message without media as the text itself.

        `Fault` "media_count" when more placeholders than media turn up.
        """
        if self.style == "openai" and not any(PLACEHOLDERS[kind] in text for kind in self.left):
            return text
        return [self._part(kind, piece) for kind, piece in self._pieces(text)]

    def close(self) -> None:
        """`Fault` "media_count" when some of the media were never named."""
        if any(self.left.values()):
            raise Fault("media_count")

    def _pieces(self, content: str) -> Iterator[tuple[Media | None, str]]:
        at = 0
        marks = [(kind, PLACEHOLDERS[kind]) for kind in self.left]
        while True:
            found = [(start, kind, mark) for kind, mark in marks if (start := content.find(mark, at)) >= 0]
            if not found:
                break
            start, kind, mark = min(found)
            if start > at:
                yield None, content[at:start]
            if not self.left[kind]:
                raise Fault("media_count", path=kind)
            yield kind, self.left[kind].pop(0)
            at = start + len(mark)
        if at < len(content) or not content:
            yield None, content[at:]

    def _part(self, kind: Media | None, piece: str) -> dict[str, Any]:
        if kind is None:
            return {"text": piece} if self.style == "bailian" else {"type": "text", "text": piece}
        name = _SINGULAR[kind]
        if self.style == "bailian":
            return {name: piece}
        return {"type": name} if self.style == "trl" else {"type": "image_url", "image_url": {"url": piece}}
