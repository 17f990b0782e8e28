"""Labels of single answers as the API gives them."""

from __future__ import annotations

from ninja import Schema


class LabelSideOut(Schema):
    """One label: how often it was given; of its newest row where it comes from ("import", "round", "decision", "pair"),
    the file, the sample, and the people who gave it."""

    count: int
    newest: int
    origin: str
    file: str
    sample: int | None
    people: list[str]


class LabelConflictOut(Schema):
    """One prompt and completion that were called good and bad."""

    prompt: str
    input: str
    completion: str
    good: LabelSideOut
    bad: LabelSideOut


class LabelConflictsOut(Schema):
    """The newest 200 conflicts; `of_newest` says how many labels were compared where the project has more."""

    count: int
    of_newest: int | None = None
    items: list[LabelConflictOut]
