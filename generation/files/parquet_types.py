"""The types of Parquet columns: one that holds the values of two batches, or the word that there is none."""

from __future__ import annotations

from typing import Any

JSON_TEXT = "json"
"""No Arrow type holds all values of the column: each is written as JSON text."""


def type_of(array: Any) -> str:
    """ "float" for an array of fractions, else "other"."""
    import pyarrow as pa

    return "float" if pa.types.is_floating(array.type) else "other"


def merged(left: Any, right: Any) -> Any:
    """The type that holds both; None stands for a column without a value so far."""
    import pyarrow as pa

    if left is None or JSON_TEXT in (left, right):
        return right if left is None else JSON_TEXT
    if left == right or pa.types.is_null(right):
        return left
    if pa.types.is_null(left):
        return right
    if pa.types.is_list(left) and pa.types.is_list(right):
        inner = merged(left.value_type, right.value_type)
        return JSON_TEXT if inner == JSON_TEXT else pa.list_(inner)
    if pa.types.is_struct(left) and pa.types.is_struct(right):
        return _merged_structs(left, right)
    # A whole number beyond 2^53 would change as a fraction, so the two do not mix between batches.
    return JSON_TEXT


def _merged_structs(left: Any, right: Any) -> Any:
    import pyarrow as pa

    fields = {each.name: each.type for each in left}
    for each in right:
        inner = merged(fields.get(each.name), each.type)
        if inner == JSON_TEXT:
            return JSON_TEXT
        fields[each.name] = inner
    return pa.struct(list(fields.items()))


def settled(kind: Any) -> Any:
    """The type to write: texts where nothing but nulls was seen, JSON text where an object has no keys at all."""
    import pyarrow as pa

    if kind is None:
        return pa.string()
    if kind == JSON_TEXT:
        return kind
    if pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_list(kind):
        inner = settled(kind.value_type)
        return JSON_TEXT if inner == JSON_TEXT else pa.list_(inner)
    if pa.types.is_struct(kind):
        inner = {each.name: settled(each.type) for each in kind}
        return JSON_TEXT if not inner or JSON_TEXT in inner.values() else pa.struct(list(inner.items()))
    return kind


def has_null(value: Any) -> bool:
    """Whether a null stands anywhere inside the lists and objects of a list of values."""
    inside = value.values() if isinstance(value, dict) else value
    nested = (each for each in inside if isinstance(each, dict | list))
    return any(_holds_null(each) for each in nested)


def _holds_null(value: Any) -> bool:
    inside = list(value.values() if isinstance(value, dict) else value)
    return None in inside or any(_holds_null(each) for each in inside if isinstance(each, dict | list))
