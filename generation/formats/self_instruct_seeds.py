"""Self-Instruct's seed tasks as rows: {id, name, instruction, instances: [{input, output}], is_classification}.

Source: yizhongw/self-instruct `data/seed_tasks.jsonl`. Each instance becomes a row of its own, as in its step 4, so a
task with several instances is written as several tasks of one id. `formats.seed_tasks` reads the same file as seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generation.files.records import Line, Record
from generation.files.strict_json import Fault
from generation.files.text import excerpt, record_excerpt
from generation.formats.base import NESTED_LAYOUTS, Options, readable, wanted
from generation.formats.parts import fitting, text_faults
from generation.formats.seed_tasks import seed_row
from generation.types import N_, Example, Instance, Kind, RowError

_KEYS = frozenset({"id", "name", "instruction", "instances", "is_classification"})


class SelfInstructSeeds:
    """See `Format`. One record gives as many rows as it has instances, all on its line."""

    name = "self_instruct_seeds"
    title = N_("Self-Instruct seed tasks")
    kind: Kind = "sft"
    layouts = NESTED_LAYOUTS

    def likeness(self, record: Record) -> int:
        """A list of instances beside the instruction: nobody else has it."""
        if not isinstance(record.get("instruction"), str) or not isinstance(record.get("instances"), list):
            return 0
        return 95 if record.keys() <= _KEYS else 85

    def read(self, records: Iterable[Line]) -> Iterator[tuple[int, Example | RowError]]:
        """The instances as rows; an id that stood before is warned of in front of its row, which is still given."""
        seen: set[str] = set()
        for line, record in records:
            if isinstance(record, RowError):
                yield line, record
                continue
            try:
                rows = _rows(record)
            except Fault as fault:
                yield line, readable(RowError(line, fault.code, fault.path, fault.message, record_excerpt(record)))
                continue
            identity = str(record.get("id") or "")
            if identity and identity in seen:
                yield line, RowError(line, "duplicate_id", "id", excerpt=excerpt(identity), severity="warning")
            seen.add(identity)
            for row in rows:
                yield line, row

    def encode(self, row: Any, options: Options = Options()) -> Record:  # noqa: B008 - frozen
        """A task with one instance; id, name and kind come from the row's meta, where such a file put them."""
        example = fitting(wanted(row, Example), options, holds=())
        if example.weight is not None or (example.calls and not options.drop_tools):
            raise Fault("not_representable", path="calls" if example.calls else "weight")
        record: Record = {name: example.meta[name] for name in ("id", "name") if name in example.meta}
        record["instruction"] = example.instruction
        record["instances"] = [{"input": example.input, "output": example.output}]
        if "is_classification" in example.meta:
            record["is_classification"] = example.meta["is_classification"]
        return record

    def check(self, record: Record) -> list[RowError]:
        """Instances there and whole, the instruction not empty, every text sound."""
        try:
            _rows(record)
        except Fault as fault:
            return [readable(RowError(0, fault.code, fault.path, fault.message, record_excerpt(record)))]
        return [readable(fault) for fault in text_faults(record)]


def _rows(record: Record) -> list[Example]:
    if "instances" not in record:
        raise Fault("missing_field", path="instances" if "instruction" in record else "instruction")
    seed = seed_row(record)
    meta = {name: value for name, value in record.items() if name not in ("instruction", "instances")}
    return [Example(seed.instruction, each.input, each.output, meta=meta) for each in _instances(seed.instances)]


def _instances(instances: tuple[Instance, ...]) -> tuple[Instance, ...]:
    if not instances:
        raise Fault("no_instances", path="instances")
    return instances


FORMAT = SelfInstructSeeds()
