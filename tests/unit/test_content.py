"""The hash of a sample's content: what was hashed once must be known again by every later way of computing it."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.content import content_hash

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


@given(TEXT, TEXT, TEXT, TEXT)
def test_texts_alone_hash_like_their_plain_json(system, instruction, input, output):
    told = json.dumps([system, [], instruction, input, output], ensure_ascii=False, separators=(",", ":"))
    found = content_hash(system=system, instruction=instruction, input=input, output=output)
    assert found == hashlib.sha256(told.encode()).hexdigest()


@pytest.mark.parametrize(
    ("more", "told"),
    [({}, '["s",[],"i","n","o"]'),
     ({"turns": [{"role": "user", "content": "早"}]}, '["s",[{"role":"user","content":"早"}],"i","n","o"]'),
     ({"tools": "[]", "media": {}, "calls": []}, '["s",[],"i","n","o",{"tools":"[]"}]')],
)  # fmt: skip
def test_what_is_hashed_is_written_down(more, told):
    found = content_hash(system="s", instruction="i", input="n", output="o", **more)
    assert found == hashlib.sha256(told.encode()).hexdigest()
