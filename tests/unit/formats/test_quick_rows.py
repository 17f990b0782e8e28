"""A row made quickly is the row."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from generation.formats.quick_rows import plain_example
from generation.types import Example


def test_a_quick_example_is_an_example_with_every_field():
    made = plain_example("a", "b", "c")
    assert type(made) is Example
    assert made == Example("a", "b", "c")
    assert repr(made) == repr(Example("a", "b", "c"))
    assert made.meta is not plain_example("a", "b", "c").meta
    assert pickle.loads(pickle.dumps(made)) == dataclasses.replace(made)


def test_it_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        plain_example("a", "b", "c").output = "d"
