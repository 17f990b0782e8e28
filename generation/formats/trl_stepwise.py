"""TRL's stepwise supervision: {prompt, completions: [text], labels: [true or false]}, as many labels as completions.

Source: TRL's page on dataset formats; Axolotl's stepwise_supervised reads the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.base import NESTED_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.parts import list_of, refused, text_faults, text_of
from generation.types import N_, RowError, Stepwise

_KNOWN = frozenset({"prompt", "completions", "labels"})


def likeness(record: Record) -> int:
    """A text and two lists."""
    lists = all(isinstance(record.get(name), list) for name in ("completions", "labels"))
    return 95 if lists and isinstance(record.get("prompt"), str) else 0


def decode(record: Record) -> Stepwise:
    """The solution in a record; `Fault` for lists of different length or a label that is no truth value."""
    steps, labels = list_of(record, "completions"), list_of(record, "labels")
    for at, step in enumerate(steps):
        if not isinstance(step, str):
            raise Fault("not_a_string", path=f"completions.{at}")
    for at, label in enumerate(labels):
        if not isinstance(label, bool):
            raise Fault("label_is_text" if isinstance(label, str) else "not_a_boolean", path=f"labels.{at}")
    if len(steps) != len(labels):
        raise Fault("uneven_lists", path="labels", message=f"{len(steps)} / {len(labels)}")
    meta = {name: value for name, value in record.items() if name not in _KNOWN}
    return Stepwise(text_of(record, "prompt"), tuple(steps), tuple(labels), meta=meta)


def encode(row: Stepwise, _options: Options) -> Record:
    """The three fields."""
    stepwise = wanted(row, Stepwise)
    return {
        "prompt": stepwise.prompt,
        "completions": list(stepwise.completions),
        "labels": list(stepwise.labels),
    }  # fmt: skip


def faults(record: Record) -> Iterator[RowError]:
    """What a trainer would refuse: nothing to judge, or blank texts."""
    try:
        row = decode(record)
    except Fault as fault:
        yield refused(fault, record)
        return
    if not row.prompt.strip():
        yield RowError(0, "blank", "prompt")
    if not row.completions:
        yield RowError(0, "no_steps", "completions")
    for at, step in enumerate(row.completions):
        if not step.strip():
            yield RowError(0, "blank", f"completions.{at}")
    yield from text_faults(record)


FORMAT = RecordFormat(
    name="trl_stepwise",
    title=N_("TRL stepwise supervision"),
    kind="stepwise",
    layouts=NESTED_LAYOUTS,
    is_like=likeness,
    to_row=decode,
    to_record=encode,
    faults=faults,
)
