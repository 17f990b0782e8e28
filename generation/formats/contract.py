"""The contract of a target: what its trainer or its platform takes, row by row and for a file as a whole.

Row by row a format's own `check` speaks. Here stands what only the whole file can break: OpenAI's minimum of ten
examples (developers.openai.com, fine-tuning), Bailian's 300 MB a file and its advice on sizes (help.aliyun.com,
model-studio), a feedback set whose answers are all good or all bad.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from generation.files.records import Record
from generation.formats.base import Format
from generation.formats.llama_factory import SHAPES, entry
from generation.formats.llama_factory_check import Loader
from generation.types import RowError

MB = 1024 * 1024
KEPT = 200
"""Findings that are kept in full; all of them are counted."""
TOLERATED = frozenset({"control_character"})
"""Faults of imports that no trainer refuses: approved content goes out byte for byte, so they are only warned of."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform asks of a file: fewer rows than `least_rows` or more bytes than `most_bytes` are refused, fewer
    than `advised_rows` is below its own advice."""

    least_rows: int = 1
    advised_rows: int = 0
    most_bytes: int = 0


LIMITS: Mapping[str, Limits] = {
    "openai_messages": Limits(least_rows=10, advised_rows=50, most_bytes=512 * MB),
    "openai_preference": Limits(least_rows=10, advised_rows=50, most_bytes=512 * MB),
    "bailian_sft": Limits(advised_rows=1000, most_bytes=300 * MB),
    "bailian_dpo": Limits(advised_rows=100, most_bytes=300 * MB),
    "bailian_cpt": Limits(most_bytes=300 * MB),
}


@dataclass(slots=True)
class Findings:
    """What a contract check found: counts by (severity, code), the first rows of each, and rows that were left out."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: list[RowError] = field(default_factory=list)
    bad_rows: int = 0
    file_faults: list[RowError] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    last_error: str = ""
    _shown: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, fault: RowError) -> None:
        """Counts a fault of a row; of each code the first twenty are kept, of all of them `KEPT`."""
        key = fault.severity, fault.code
        self.counts[key] += 1
        if fault.severity == "error":
            self.last_error = fault.code
        if self._shown[key] < 20 and len(self.first) < KEPT:
            self._shown[key] += 1
            self.first.append(fault)

    @property
    def told(self) -> list[tuple[str, str, int]]:
        """(severity, code, count) of everything found in rows, errors first."""
        return sorted((severity, code, count) for (severity, code), count in self.counts.items())

    @property
    def listed(self) -> list[RowError]:
        """The first rows of each fault, errors first."""
        return sorted(self.first, key=lambda fault: (fault.severity, fault.line))

    @property
    def out(self) -> list[tuple[str, int]]:
        """(code, count) of the rows that stay out."""
        return sorted(self.left_out.items())

    @property
    def refused(self) -> bool:
        """Whether the target would refuse the file as a whole."""
        return any(fault.severity == "error" for fault in self.file_faults)

    @property
    def clean(self) -> bool:
        """Whether there is nothing to say at all."""
        return not self.counts and not self.file_faults


class Contract:
    """One target's check of one file, fed row by row. With `loaded` the rules of LLaMA-Factory's loader hold too."""

    def __init__(self, chosen: Format, *, loaded: bool = False) -> None:
        self._format = chosen
        self._limits = LIMITS.get(chosen.name, Limits())
        shape = SHAPES.get(chosen.name) if loaded else None
        self._loader = None
        if shape is not None:
            told = entry(chosen.name, file_name="", columns=())
            self._loader = Loader(told, stage=shape.stage)
        self.findings = Findings()
        self.rows = 0
        self._labels: Counter[bool] = Counter()
        self._prompts: set[type] = set()

    def take(self, record: Record, *, line: int) -> bool:
        """Checks one row and says whether the target takes it; everything found goes into `findings`."""
        faults = self._format.check(record)
        if self._loader is None:
            if not faults:
                return True
        else:
            faults = faults + [fault for fault in self._loader.faults(record) if fault.code != "lf_missing_column"]
        sound = True
        for fault in faults:
            severity = "warning" if fault.code in TOLERATED else fault.severity
            sound = sound and severity != "error"
            self.findings.add(RowError(line, fault.code, fault.path, fault.message, fault.excerpt, severity))
        self.findings.bad_rows += not sound
        return sound

    def count(self, record: Record, *, good: bool | None = None) -> None:
        """One row that goes into the file; `good` for rows of feedback."""
        self.rows += 1
        self._prompts.add(type(record.get("prompt")))
        if good is not None:
            self._labels[good] += 1

    def end(self, *, size: int | None = None) -> Findings:
        """The findings with what can be said of the file as a whole; `size` in bytes where it is known."""
        told, limits = self.findings.file_faults, self._limits
        if self.rows < limits.least_rows:
            told.append(RowError(0, "too_few_rows", message=str(limits.least_rows)))
        elif self.rows < limits.advised_rows:
            told.append(RowError(0, "few_rows", message=str(limits.advised_rows), severity="warning"))
        if limits.most_bytes and size is not None and size > limits.most_bytes:
            told.append(RowError(0, "file_too_large", message=str(limits.most_bytes)))
        if {str, list} <= self._prompts:
            told.append(RowError(0, "mixed_prompts", "prompt", severity="warning"))
        if len(self._labels) == 1:
            told.append(RowError(0, "one_class", message="true" if True in self._labels else "false"))
        return self.findings
