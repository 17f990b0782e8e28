"""The model that texts are made into vectors with: a folder that the installation names, read when it is needed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.conf import settings

from generation.quality.near_duplicates.vectors import (
    Embed,
    MissingExtraError,
    VectorFileError,
    model2vec_vectors,
    onnx_vectors,
    static_vectors,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

Kind = Literal["words", "static", "sentence"]
_CHUNK = 256
_ONNX = ("model.onnx", "onnx/model.onnx")
_LIBRARIES: dict[Kind, tuple[str, ...]] = {
    "words": (), "static": ("tokenizers",), "sentence": ("tokenizers", "onnxruntime"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """What the installation has: `state` is "ready", "unset" (no folder is named), "no_model" (none is in it), or
    "no_library" (the extra is not installed)."""

    state: Literal["ready", "unset", "no_model", "no_library"]
    name: str = ""
    kind: Kind | None = None

    @property
    def ready(self) -> bool:
        """Whether vectors can be made."""
        return self.state == "ready"


@dataclass(frozen=True, slots=True)
class VectorModel:
    """A model that was opened: its folder's name, its kind, and what makes texts into vectors."""

    name: str
    kind: Kind
    embed: Embed


def vectors_offered(folder: Path | None = None) -> Offer:
    """What the named folder offers, or the installation's; the model itself is not read."""
    place = folder or settings.VECTORS
    if place is None:
        return Offer("unset")
    kind = _kind(place)
    if kind is None:
        return Offer("no_model", place.name)
    lacking = [name for name in _LIBRARIES[kind] if find_spec(name) is None]
    return Offer("no_library" if lacking else "ready", place.name, kind)


def open_vectors(folder: Path | None = None) -> VectorModel:
    """The model of that folder, or of the installation's. `MissingExtraError`, `VectorFileError`."""
    place = folder or settings.VECTORS
    kind = _kind(place) if place else None
    if place is None or kind is None:
        raise VectorFileError("no folder with a model is named")
    try:
        return VectorModel(place.name, kind, _embed(place, kind))
    except OSError as problem:
        raise VectorFileError(f"the model cannot be read: {problem}") from problem


def embedded(
    texts: Sequence[str], *, embed: Embed, told: Callable[[int], None] = lambda done: None
) -> NDArray[np.float32]:
    """The texts' vectors (texts, dimensions); `told` hears how many are done, and may raise to end it."""
    import numpy as np

    found = []
    for at in range(0, len(texts), _CHUNK):
        found.append(embed(texts[at : at + _CHUNK]).astype(np.float32))
        told(min(at + _CHUNK, len(texts)))
    return np.concatenate(found) if found else np.zeros((0, 0), np.float32)


def _kind(place: Path) -> Kind | None:
    """A sentence model goes before a static one, since its folder has a file of the same name."""
    if place.is_file():
        return "words" if place.suffix == ".npz" else None
    has_tokenizer = (place / "tokenizer.json").is_file()
    if has_tokenizer and any((place / name).is_file() for name in _ONNX):
        return "sentence"
    if has_tokenizer and (place / "model.safetensors").is_file():
        return "static"
    return "words" if _words(place) else None


def _words(place: Path) -> Path | None:
    return next(iter(sorted(place.glob("*.npz"))), None) if place.is_dir() else None


def _embed(place: Path, kind: Kind) -> Embed:
    if kind == "words":
        with (place if place.is_file() else _words(place) or place).open("rb") as file:
            return static_vectors(file)
    tokenizer = (place / "tokenizer.json").read_bytes()
    if kind == "static":
        with (place / "model.safetensors").open("rb") as file:
            return model2vec_vectors(file, tokenizer=tokenizer)
    model = next(place / name for name in _ONNX if (place / name).is_file())
    return onnx_vectors(model.read_bytes(), tokenizer=tokenizer)


def embed_of_installation() -> Embed | None:
    """What makes vectors here; None where no model is ready. A model that cannot be read is noted in the log."""
    if not vectors_offered().ready:
        return None
    try:
        return open_vectors().embed
    except (MissingExtraError, VectorFileError):
        log.exception("The model that FDC_VECTORS names cannot be read.")
        return None
