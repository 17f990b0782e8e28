"""Records as Parquet. Types are found by looking at every record, so that no late row can break an early guess."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from generation.files.json_text import dumps
from generation.files.parquet_types import JSON_TEXT, has_null, merged, settled, type_of
from generation.files.records import Record
from generation.files.strict_json import Fault

BATCH = 2000
ROW_GROUP = 4 * 1024 * 1024
"""Bytes of a row group before it is packed, about: one lies in memory twice, as it is and as its pages."""

SHORT = 64
"""Bytes of a value, on the average, up to which a column may have a dictionary."""

METADATA = b"fdc"


@dataclass(slots=True)
class _Column:
    """What is known of a column so far. `kind` is an Arrow type, None before the first value, or `JSON_TEXT`; `size`
    is its bytes in memory."""

    kind: Any = None
    has_null: bool = False
    size: int = 0


@dataclass(slots=True)
class _Spool:
    """The records as Arrow batches in a temporary file, and the length of each."""

    file: BinaryIO
    columns: dict[str, _Column] = field(default_factory=dict)
    batches: list[tuple[Any, int]] = field(default_factory=list)
    rows: int = 0


def write(records: Iterable[Record], file: BinaryIO, *, columns: Sequence[str] | None = None) -> int:
    """Writes the records and returns how many; every row has every column, null where the record has no such key.

    A column whose values have no type in common becomes JSON text, and so do empty objects. The schema's metadata
    says which, under "fdc", and whether a null inside a nested value stands for a key that was not there.
    `Fault`: "lone_surrogate", "not_a_number", "bad_header".
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Arrow's own pool keeps what it once had; the system's gives it back between two groups.
    pa.set_memory_pool(pa.system_memory_pool())
    with tempfile.TemporaryFile() as spooled:
        spool = _Spool(spooled, {name: _Column() for name in columns or ()})
        _gather(records, spool)
        if not all(spool.columns) or (spool.rows and not spool.columns):
            raise Fault("bad_header")
        types = {name: settled(column.kind) for name, column in spool.columns.items()}
        told = {
            "json": [name for name, kind in types.items() if kind == JSON_TEXT],
            "absent": not any(column.has_null for column in spool.columns.values()),
        }
        schema = pa.schema(
            [(name, pa.string() if kind == JSON_TEXT else kind) for name, kind in types.items()],
            metadata={METADATA: json.dumps(told).encode()},
        )
        # Long texts hardly ever come twice: a dictionary of them costs memory and gains nothing.
        short = [name for name, column in spool.columns.items() if column.size <= SHORT * spool.rows]
        with pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=short) as writer:
            for table in _row_groups(spool, types, schema):
                writer.write_table(table, row_group_size=table.num_rows or 1)
        return spool.rows


def _gather(records: Iterable[Record], spool: _Spool) -> None:
    """Flat columns are kept as they are; those with lists and objects as JSON text until their type is known."""
    import pyarrow as pa

    source = iter(records)
    while batch := list(islice(source, BATCH)):
        for name in dict.fromkeys(name for record in batch for name in record):
            spool.columns.setdefault(name, _Column())
        arrays, names = [], []
        for name, column in spool.columns.items():
            array = _looked_at([record.get(name) for record in batch], column)
            if array is not None:
                column.size += array.nbytes
                arrays.append(array)
                names.append(name)
        # A column of its own for the count, so that records without any key are counted too.
        kept = pa.RecordBatch.from_arrays([*arrays, pa.nulls(len(batch))], names=[*names, ""])
        schema = spool.batches[-1][0] if spool.batches and spool.batches[-1][0].equals(kept.schema) else kept.schema
        spool.batches.append((schema, spool.file.write(kept.serialize())))
        spool.rows += len(batch)


def _looked_at(values: list[Any], column: _Column) -> Any:
    """The values as an array for the spool, None when all are null; the column learns their type."""
    import pyarrow as pa

    if all(value is None for value in values):
        return None
    nested = any(isinstance(value, dict | list) for value in values)
    array = None
    try:
        array = pa.array(values, from_pandas=False)
        column.kind = merged(column.kind, array.type)
    except UnicodeEncodeError:
        raise Fault("lone_surrogate") from None
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        column.kind = JSON_TEXT
    if array is not None and not nested:
        if type_of(array) == "float" and any(each != each or each in (_INF, -_INF) for each in array.to_pylist()):
            raise Fault("not_a_number")
        return array
    texts = [None if value is None else dumps(value) for value in values]
    column.has_null = column.has_null or (any(text and b"null" in text for text in texts) and has_null(values))
    return pa.array([None if text is None else text.decode() for text in texts], pa.large_string())


def _row_groups(spool: _Spool, types: dict[str, Any], schema: Any) -> Iterator[Any]:
    import pyarrow as pa

    waiting: list[Any] = []
    size = 0
    spool.file.seek(0)
    for kept, length in spool.batches:
        batch = pa.ipc.read_record_batch(pa.py_buffer(spool.file.read(length)), kept)
        arrays = [_final(batch, name, kind) for name, kind in types.items()]
        waiting.append(pa.Table.from_arrays(arrays, schema=schema))
        size += waiting[-1].nbytes
        if size >= ROW_GROUP:
            yield pa.concat_tables(waiting)
            waiting, size = [], 0
    if waiting:
        yield pa.concat_tables(waiting)


def _final(batch: Any, name: str, kind: Any) -> Any:
    """The column of a spooled batch in the type that fits the whole file."""
    import pyarrow as pa

    wanted = pa.string() if kind == JSON_TEXT else kind
    if name not in batch.schema.names:
        return pa.nulls(batch.num_rows, wanted)
    array = batch.column(name)
    if array.type == pa.large_string():
        if kind == JSON_TEXT:
            return array.cast(pa.string())
        values = [None if text is None else json.loads(text) for text in array.to_pylist()]
        return pa.array(values, type=wanted)
    if kind == JSON_TEXT:
        texts = [None if value is None else dumps(value).decode() for value in array.to_pylist()]
        return pa.array(texts, wanted)
    return array if array.type == wanted else array.cast(wanted)


_INF = float("inf")
