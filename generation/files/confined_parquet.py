"""The child that reads Parquet for `files.confined`: rows on standard output, as lines of JSON after an "R".

A line after an "F" is a fault: its code, path and message between tabs. It stands alone: nothing of ours is imported.
"""

from __future__ import annotations

import datetime
import decimal
import json
import math
import resource
import sys
from collections.abc import Iterator
from typing import Any

MEMORY = 2 * 1024**3
SECONDS = 600
MOST_DECODED = 2 * 1024**3
MOST_RATIO = 100
RATIO_FROM = 64 * 1024 * 1024
BATCH = 256


class Refused(Exception):  # noqa: N818
    """The file, or the rest of it, cannot be read."""

    def __init__(self, code: str, path: str = "", message: str = "") -> None:
        super().__init__(code)
        self.line = "\t".join(part.translate(_FLAT)[:200] for part in (code, path, message))


_FLAT = dict.fromkeys((*range(32), 127, *range(0xD800, 0xE000)), " ")


def confine() -> None:
    """Takes memory, time and the right to write files away from this process."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (most, most))


def main() -> int:
    """Reads standard input to its end, or to the first thing that stops it."""
    import orjson
    import pyarrow as pa
    import pyarrow.parquet as pq

    confine()
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    write = sys.stdout.buffer.write
    try:
        for line in rows(pq, orjson):
            write(line)
    except Refused as refused:
        write(b"F" + refused.line.encode() + b"\n")
    except MemoryError:
        write(b"Ftoo_large\n")
    except Exception as error:  # whatever a hostile file makes the library say
        write(b"F" + Refused("bad_parquet", message=str(error)).line.encode() + b"\n")
    sys.stdout.buffer.flush()
    return 0


def rows(pq: Any, orjson: Any) -> Iterator[bytes]:
    """Each row as a line; `Refused` when the file swells or a column is of no type that JSON knows."""
    source = sys.stdin.buffer
    size = source.seek(0, 2)
    source.seek(0)
    file = pq.ParquetFile(source, pre_buffer=False, memory_map=False)
    schema = file.schema_arrow
    if len(schema.names) != len(set(schema.names)):
        raise Refused("duplicate_key")
    for column in schema:
        check(column.type, column.name)
    told = json.loads((file.metadata.metadata or {}).get(b"fdc", b"{}"))
    nested = {each.name for each in schema if str(each.type).startswith(("list", "large_list", "struct", "map"))}
    bare = nested if told.get("absent") is True else set()
    as_json = set(told.get("json", ())) & set(schema.names)
    decoded = 0
    for batch in file.iter_batches(batch_size=BATCH, use_threads=False):
        columns = [batch.column(at).to_pylist() for at in range(batch.num_columns)]
        for values in zip(*columns, strict=True):
            row = dict(zip(schema.names, values, strict=True))
            for name in as_json:
                row[name] = None if row[name] is None else json.loads(row[name])
            for name in bare:
                row[name] = without_nulls(row[name])
            line = encoded(row, orjson)
            decoded += len(line)
            if decoded > MOST_DECODED or decoded > max(RATIO_FROM, MOST_RATIO * size):
                raise Refused("too_large")
            yield line


def check(kind: Any, path: str) -> None:
    """`Refused` unless values of this type can be said in JSON."""
    import pyarrow.types as types

    if types.is_struct(kind):
        for each in kind:
            check(each.type, f"{path}.{each.name}")
    elif any(
        test(kind) for test in (types.is_list, types.is_large_list, types.is_fixed_size_list, types.is_dictionary)
    ):
        check(kind.value_type, path)
    elif not (
        types.is_string(kind) or types.is_large_string(kind) or types.is_integer(kind) or types.is_floating(kind)
        or types.is_boolean(kind) or types.is_null(kind) or types.is_date(kind) or types.is_timestamp(kind)
        or types.is_time(kind) or types.is_decimal(kind)
    ):  # fmt: skip
        raise Refused("column_type", path, str(kind))


def encoded(row: dict[str, Any], orjson: Any) -> bytes:
    """The row as a line; a row that JSON cannot say is a line with its fault."""
    try:
        text = orjson.dumps(row, option=orjson.OPT_PASSTHROUGH_DATETIME, default=plain)
    except TypeError:
        try:
            text = json.dumps(row, ensure_ascii=False, allow_nan=False, default=plain).encode()
        except (TypeError, ValueError) as error:
            return b"F" + Refused("not_plain", message=str(error)).line.encode() + b"\n"
    if b"null" in text and has_nan(row):
        return b"Fnot_a_number\n"
    return b"R" + text + b"\n"


def plain(value: Any) -> str:
    """Dates and times as ISO 8601, decimals as their digits."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def has_nan(value: Any) -> bool:
    """Whether a fraction without a value stands anywhere inside."""
    if isinstance(value, float):
        return not math.isfinite(value)
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(has_nan(each) for each in inside)


def without_nulls(value: Any) -> Any:
    """The value without the keys that hold null: our own writer says that they were not there."""
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main())
