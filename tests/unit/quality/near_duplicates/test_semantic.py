"""Duplicates by meaning: which of two is kept, the boundary, and the files that vectors come from."""

from __future__ import annotations

import io
import json
import sys
from math import cos, prod, sin

import numpy as np
import pytest

from generation.quality.near_duplicates.semantic import twins
from generation.quality.near_duplicates.vectors import (
    MissingExtraError,
    VectorFileError,
    model2vec_vectors,
    onnx_vectors,
    static_vectors,
)


def at(*angles: float) -> np.ndarray:
    """Vectors of length 1 and more at these angles in the plane."""
    return np.array([[cos(angle) * (n + 1), sin(angle) * (n + 1)] for n, angle in enumerate(angles)], np.float32)


def test_a_cosine_over_one_minus_epsilon_is_a_duplicate_and_one_below_is_none():
    found = twins(at(0.0, 0.3175, 2.0), seed=1, clusters=1, keep="easy")
    assert [(each.row, each.like) for each in found] == [(0, 1)]
    assert twins(at(0.0, 0.3177, 2.0), seed=1, clusters=1) == []  # cos 0.3176 = 0.95
    assert twins(at(0.0, 0.3175, 2.0), seed=1, clusters=1, epsilon=0.01) == []


def test_the_one_far_from_the_centre_is_kept_or_the_near_one():
    vectors = at(0.0, 0.1, 0.2, -0.05, 0.05)  # the centre lies at 0.06
    hard = {each.row for each in twins(vectors, seed=1, clusters=1)}
    easy = {each.row for each in twins(vectors, seed=1, clusters=1, keep="easy")}
    assert hard == {0, 1, 3, 4}
    assert easy == {0, 1, 2, 3}
    assert len(twins(vectors, seed=1, clusters=1, keep="random")) == 4


def test_the_same_seed_gives_the_same_rows():
    vectors = np.random.default_rng(3).normal(size=(300, 8)).astype(np.float32)
    vectors[100:200] = vectors[:100] + 0.01
    found = twins(vectors, seed=5)
    assert found == twins(vectors, seed=5)
    assert len({(min(each.row, each.like), max(each.row, each.like)) for each in found}) == 100


def test_copies_are_found_whatever_their_length_and_zeros_are_like_nothing():
    vectors = np.array([[1, 0], [5, 0], [0, 0], [0, 0], [0, 2]], np.float32)
    assert [each.row for each in twins(vectors, seed=1, clusters=2)] == [1]
    assert twins(np.zeros((3, 2), np.float32), seed=1) == []
    assert twins(np.zeros((0, 2), np.float32), seed=1) == []


def npz(**tables: object) -> io.BytesIO:
    file = io.BytesIO()
    np.savez(file, **tables)  # type: ignore[arg-type]
    file.seek(0)
    return file


def npy(table: np.ndarray) -> io.BytesIO:
    file = io.BytesIO()
    np.save(file, table)
    file.seek(0)
    return file


def test_a_text_is_the_mean_of_its_words_vectors_in_both_languages():
    embed = static_vectors(npz(tokens=np.array(["big", "large", "dog", "大", "狗"]),
                               vectors=[[1.0, 0], [0.9, 0.1], [0, 1], [1, 0], [0, 1]]))  # fmt: skip
    found = embed(["A big dog", "large dog!", "大狗", "nothing known"])
    assert found.tolist() == [
        [0.5, 0.5], [pytest.approx(0.45), pytest.approx(0.55)], [0.5, 0.5], [0.0, 0.0],
    ]  # fmt: skip
    assert [each.row for each in twins(found, seed=1, clusters=1, keep="easy")] == [1, 2]


def test_of_a_text_with_more_unknown_words_than_known_ones_nothing_is_known():
    embed = static_vectors(npz(tokens=np.array(["dog", "狗"]), vectors=[[0.0, 1], [0, 1]]))
    assert embed(["dog runs", "the dog runs", "狗跑", "狗跑了"]).tolist() == [[0, 1], [0, 0], [0, 1], [0, 0]]


@pytest.mark.parametrize(
    "file",
    [
        io.BytesIO(b""),
        io.BytesIO(b"PK not a zip"),
        io.BytesIO(b"PK\x03\x04 cut off"),
        io.BytesIO(npz(tokens=np.array(["a"]), vectors=[[1.0]]).getvalue()[:-30]),
        npy(np.zeros((2, 2))),
        npz(tokens=np.array(["a"])),
        npz(tokens=np.array(["a"]), vectors=[[1.0], [2.0]]),
        npz(tokens=np.array(["a"]), vectors=[[float("nan")]]),
        npz(tokens=np.array([{"a": 1}], dtype=object), vectors=[[1.0]]),
    ],
)
def test_a_file_that_holds_no_vectors_is_refused(file):
    with pytest.raises(VectorFileError):
        static_vectors(file)


@pytest.mark.parametrize(
    ("library", "opened"),
    [
        ("tokenizers", lambda: model2vec_vectors(io.BytesIO(), tokenizer=b"{}")),
        ("onnxruntime", lambda: onnx_vectors(b"", tokenizer=b"{}")),
    ],
)
def test_a_missing_library_is_named_with_its_extra(library, opened, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=r'pip install "fdc\[semantic\]"') as told:
        opened()
    assert told.value.library == library


class _Words:
    """A tokenizer that knows three words."""

    @staticmethod
    def from_str(text: str) -> _Words:
        assert text == "{}"
        return _Words()

    def encode(self, text: str, *, add_special_tokens: bool) -> _Words:
        assert not add_special_tokens
        self.ids = [["red", "blue", "[UNK]"].index(word) for word in text.split()]
        return self


def safetensors(shape: tuple[int, ...], name: str = "embeddings", **more: object) -> io.BytesIO:
    numbers = np.arange(prod(shape), dtype="<f2").tobytes()
    told = {"dtype": "F16", "shape": shape, "data_offsets": [0, len(numbers)], **more}
    header = json.dumps({name: told}).encode()
    return io.BytesIO(len(header).to_bytes(8, "little") + header + numbers)


def test_a_static_model_is_read_without_the_library_that_wrote_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", type("tokenizers", (), {"Tokenizer": _Words}))
    embed = model2vec_vectors(safetensors((2, 2)), tokenizer=b"{}")
    assert embed(["red blue", "blue", "[UNK]"]).tolist() == [[1.0, 2.0], [2.0, 3.0], [0.0, 0.0]]
    broken_ones = [
        io.BytesIO(), io.BytesIO(b"\xff" * 20), safetensors((2, 2), name="other"), safetensors((4,)),
        safetensors((2, 2), data_offsets=[8, 0]), safetensors((2, 2), data_offsets=[0, 10**30]),
        safetensors((2, 2), dtype="F16x"), io.BytesIO((9000).to_bytes(8, "little") + b"[" * 9000),
    ]  # fmt: skip
    for broken in broken_ones:
        with pytest.raises(VectorFileError):
            model2vec_vectors(broken, tokenizer=b"{}")
