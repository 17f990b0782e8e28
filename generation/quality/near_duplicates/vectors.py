"""Texts as vectors without a training framework: static vectors of words, or a sentence model in ONNX.

Three kinds of files are read. `.npz` with "tokens" and "vectors" is our own and needs nothing. A static model as
model2vec writes it (`model.safetensors` and `tokenizer.json`) needs `tokenizers`. A sentence model (`model.onnx` and
`tokenizer.json`) needs `onnxruntime` too. Both are in the extra "semantic": `pip install "fdc[semantic]"`.
`row_vectors` makes one vector of what a row asks and what it answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from generation.quality.text import tokens

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

EXTRA = "semantic"
MOST_TOKENS = 512
_BATCH = 32
_MOST_HEADER = 1 << 20
_WIDTHS = {"F32": "<f4", "F16": "<f2", "F64": "<f8"}

Embed = Callable[[Sequence[str]], "npt.NDArray[np.float32]"]
"""Texts -> (texts, dimensions); a text of which nothing is known is all zeros."""


class MissingExtraError(RuntimeError):
    """A library is not installed; the text names the extra that brings it."""

    def __init__(self, library: str) -> None:
        self.library, self.extra = library, EXTRA
        super().__init__(f'{library} is not installed. It comes with the extra "{EXTRA}": pip install "fdc[{EXTRA}]"')


class VectorFileError(ValueError):
    """A file of vectors that cannot be read, and why."""


def row_vectors(prompts: Sequence[str], outputs: Sequence[str], *, embed: Embed) -> npt.NDArray[np.float32]:
    """One vector a row (rows, twice the dimensions): that of the prompt and that of the output, each of length 1, so
    that the cosine of two rows is the mean of both cosines, however long the one or the other is."""
    import numpy as np

    halves = []
    for texts in (prompts, outputs):
        found = embed(texts)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        halves.append(found / np.where(lengths > 0, lengths, 1))
    return np.concatenate(halves, axis=1).astype(np.float32)


def static_vectors(file: BinaryIO) -> Embed:
    """Vectors of words from an `.npz` file: "tokens" (words, as `text.tokens` cuts them) and "vectors" (words,
    dimensions). A text is the mean of its words' vectors, and all zeros when more of its words are unknown than
    known: one word that two texts share would make them alike. `VectorFileError` for anything else."""
    import numpy as np

    try:
        with np.load(file, allow_pickle=False) as held:
            words, vectors = held["tokens"], np.asarray(held["vectors"], dtype=np.float32)
    except Exception as problem:  # a zip file raises whatever its parts do
        raise VectorFileError(f"no file of word vectors: {problem}") from problem
    if words.ndim != 1 or vectors.ndim != 2 or len(words) != len(vectors) or not np.isfinite(vectors).all():
        raise VectorFileError("tokens and vectors do not fit")
    places = {str(word): place for place, word in enumerate(words)}

    def known(text: str) -> list[int]:
        words = tokens(text)
        found = [places[word] for word in words if word in places]
        return found if 2 * len(found) >= len(words) else []

    return _mean_of(vectors, known)


def model2vec_vectors(model: BinaryIO, *, tokenizer: bytes) -> Embed:
    """A static model: `model.safetensors` with "embeddings" (tokens, dimensions), and the text of `tokenizer.json`.
    `MissingExtraError` without `tokenizers`, `VectorFileError` for a file that is none."""
    cut = _tokenizer(tokenizer)
    vectors = _safetensor(model, "embeddings")
    rows = len(vectors)
    return _mean_of(vectors, lambda text: [n for n in cut.encode(text, add_special_tokens=False).ids if n < rows])


def onnx_vectors(model: bytes, *, tokenizer: bytes) -> Embed:
    """A sentence model: mean of the last hidden states over the attention mask, at most 512 tokens a text.
    `MissingExtraError` without `onnxruntime` or `tokenizers`, `VectorFileError` for a file that is none."""
    import numpy as np

    library = _imported("onnxruntime")
    try:
        session = library.InferenceSession(model, providers=["CPUExecutionProvider"])
    except Exception as problem:  # the library raises bare exceptions
        raise VectorFileError(f"no sentence model: {problem}") from problem
    cut = _tokenizer(tokenizer)
    cut.enable_truncation(MOST_TOKENS)
    cut.enable_padding()
    wanted = {each.name for each in session.get_inputs()}

    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        found = []
        for at in range(0, len(texts), _BATCH):
            coded = cut.encode_batch(list(texts[at : at + _BATCH]))
            mask = np.array([each.attention_mask for each in coded], np.int64)
            given = {
                "input_ids": np.array([each.ids for each in coded], np.int64), "attention_mask": mask,
                "token_type_ids": np.array([each.type_ids for each in coded], np.int64),
            }  # fmt: skip
            states = session.run(None, {name: value for name, value in given.items() if name in wanted})[0]
            weights = mask[:, :, None]
            found.append((states * weights).sum(axis=1) / np.maximum(1, weights.sum(axis=1)))
        return np.concatenate(found).astype(np.float32) if found else np.zeros((0, 0), np.float32)

    return embed


def _mean_of(vectors: npt.NDArray[np.float32], places: Callable[[str], list[int]]) -> Embed:
    import numpy as np

    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        found = np.zeros((len(texts), vectors.shape[1]), np.float32)
        for row, text in enumerate(texts):
            if rows := places(text):
                found[row] = vectors[rows].mean(axis=0)
        return found

    return embed


def _safetensor(file: BinaryIO, name: str) -> npt.NDArray[np.float32]:
    """One table of numbers from a safetensors file: a length, a header in JSON, the numbers."""
    import numpy as np

    try:
        size = int.from_bytes(file.read(8), "little")
        if not 0 < size <= _MOST_HEADER:
            raise VectorFileError("no safetensors file")
        told = json.loads(file.read(size))[name]
        begin, end = told["data_offsets"]
        if not 0 <= begin <= end:
            raise VectorFileError("its places are none")
        file.seek(8 + size + begin)
        held = np.frombuffer(file.read(end - begin), dtype=_WIDTHS[told["dtype"]])
        table = held.reshape(told["shape"]).astype(np.float32)
        if table.ndim != 2 or not np.isfinite(table).all():
            raise VectorFileError("its numbers are no table")
        return table
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError, MemoryError) as problem:
        raise VectorFileError(f"no static model: {problem}") from problem


def _tokenizer(text: bytes) -> Any:
    library = _imported("tokenizers")
    try:
        return library.Tokenizer.from_str(text.decode("utf-8"))
    except Exception as problem:  # the library raises bare exceptions
        raise VectorFileError(f"no tokenizer: {problem}") from problem


def _imported(library: str) -> Any:
    try:
        return import_module(library)
    except ImportError as problem:
        raise MissingExtraError(library) from problem
