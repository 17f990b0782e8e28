"""Vocabularies out of whatever people have: nested JSON, lists of objects, tables, lines."""

from __future__ import annotations

import gzip
import io
import json

import pytest

from generation.formats.vocabularies import Vocabulary, as_json, as_text, flattened, read, read_text
from generation.recipes.domain_generation.coverage import Used, coverage, gini
from generation.types import RowError

NESTED = {
    "Medicine": {"Heart": ["angina", "flutter"], "Lung": {"Chronic": ["asthma"]}},
    "Children": ["asthma", "mumps"],
}


def leaves(value) -> set[str]:
    if isinstance(value, str):
        return {value}
    return set().union(*map(leaves, value.values() if isinstance(value, dict) else value))


def test_001_06_a_nested_dictionary_flattens_to_the_union_of_its_leaves():
    found = read_text(json.dumps(NESTED))
    assert set(flattened(found.terms)) == leaves(NESTED)
    assert found.terms["Medicine / Lung / Chronic"] == ["asthma"]


def test_001_06_a_term_of_two_categories_is_kept_once_with_both():
    found = read_text(json.dumps(NESTED))
    assert flattened(found.terms)["asthma"] == ("Medicine / Lung / Chronic", "Children")
    assert found.shared == {"asthma": ("Medicine / Lung / Chronic", "Children")}
    assert len(flattened(found.terms)) == 4


@pytest.mark.parametrize(
    "text",
    [
        '{"a": ["x", "y"], "b": ["x"]}',
        '[{"category": "a", "terms": ["x", "y"]}, {"category": "b", "term": "x"}]',
        "category,term\na,x\na,y\nb,x\n",
        "term\tcategory\nx\ta\ny\ta\nx\tb\n",
        "类别;疾病\na;x\na;y\nb;x\n",
        "# a\nx\ny\n\n# b\nx\n",
    ],
)
def test_every_layout_says_the_same(text):
    assert read_text(text) == Vocabulary({"a": ["x", "y"], "b": ["x"]})


@pytest.mark.parametrize("text", ["x\ny", '["x", "y"]', "term\nx\ny"])
def test_terms_without_a_category_have_the_empty_one(text):
    assert read_text(text).terms == {"": ["x", "y"]}


def test_terms_twice_in_a_category_are_kept_once_and_told():
    assert read_text("# a\nx\n x \ny") == Vocabulary({"a": ["x", "y"]}, ("x",))


def test_numbers_are_terms_and_blanks_inside_are_one():
    assert read_text('{"a": [2, "type  2\\tdiabetes"]}').terms == {"a": ["2", "type 2 diabetes"]}


def test_what_is_written_is_read_back():
    terms = {"": ["free"], "a / b": ["x, y", "# no"], "c": ["z"]} | {"d": ["x, y"]}
    safe = {name: [term for term in listed if not term.startswith("#")] for name, listed in terms.items()}
    assert read_text(as_text(safe)).terms == safe
    assert read_text(as_json(terms)).terms == terms


UTF_16, ZIPPED = '{"病": ["哮喘"]}'.encode("utf-16"), gzip.compress("# 病\n哮喘".encode(), mtime=0)


@pytest.mark.parametrize("content", [UTF_16, ZIPPED], ids=["utf-16", "gzip"])
def test_files_may_be_utf16_or_gzip(content):
    assert read(io.BytesIO(content)).terms == {"病": ["哮喘"]}


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "no_terms"), (b"# a\n", "no_terms"), (b"{", "bad_json"), (b'{"a": [true]}', "not_a_string"),
     (b"\xff\xfe\x00\x00", "unreadable_file"), (b"\xe4\xb8", "bad_encoding"), (b"x" * 201, "too_long"),
     (b'{"a": ["x\\u0000"]}', "nul_character"), (b'{"a": 1, "a": 2}', "duplicate_key"),
     ("\n".join(map(str, range(50_001))).encode(), "too_many_terms"), (b'term,category\n"x', "bad_csv")],
)  # fmt: skip
def test_what_is_no_vocabulary_has_its_reason(content, code):
    assert read(io.BytesIO(content)).code == code


def test_001_07_coverage_counts_calls_and_names_what_was_never_used():
    calls = [Used((1,), ("angina",), "a"), Used((1, 2), ("angina", "asthma"), "b"), Used((2,), ("asthma",), "a")]
    terms = read_text(json.dumps(NESTED)).terms
    found = coverage(calls, vocabulary=terms, seed_ids=[1, 2, 3])
    assert (found.calls, dict(found.entities), found.unused) == (3, {"angina": 2, "asthma": 2}, ("flutter", "mumps"))
    assert dict(found.categories) == {"Medicine / Heart": 2, "Medicine / Lung / Chronic": 2, "Children": 2}
    assert (dict(found.seeds), found.unused_seeds, dict(found.task_types)) == ({1: 2, 2: 2}, (3,), {"a": 2, "b": 1})
    assert found.gini == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("counts", "value"), [([5, 5, 5], 0), ([0, 0, 9], 2 / 3), ([], 0), ([0, 0], 0), ([1, 3], 0.25)]
)
def test_gini_is_what_it_is_by_hand(counts, value):
    assert gini(counts) == pytest.approx(value)


@pytest.mark.parametrize("key", ["²", "9" * 5000, "12", "\u0663"])
def test_a_key_that_looks_like_a_number_is_no_line(key):
    found = read_text(json.dumps({key: True}))
    assert isinstance(found, RowError)
    assert (found.line, found.code, found.path) == (0, "not_a_string", key[:200])
