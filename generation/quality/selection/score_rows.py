"""Scores that were measured elsewhere, as rows of a file: which row is meant, what it was given, and what is wrong.

FDC runs no scorer of its own. A file names each row by its number here or by the hash of its content, and gives a
score, or for IFD the two losses. Ratios of losses and of perplexities are on different scales: each has a name of its
own, and a file that says that it holds the other one is refused row by row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from generation.files.strict_json import Fault
from generation.quality.selection.ifd import Losses, Variant, ifd

_ROW_NAMES = ("id", "sample_id", "sample")
_HASH_NAMES = ("content_hash", "hash")
_GIVEN = ("loss_given", "given", "loss_conditioned")
_ALONE = ("loss_alone", "alone", "loss_direct")
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_OWN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_MOST_ID, _MOST_DIGITS = 2**63 - 1, 19
OUTPUT_LENGTH = "output_length"
"""Stands for a score that needs no file: the code points of the answer (longest answers first, arXiv 2402.04833)."""


class UnusableAspect(ValueError):  # noqa: N818 - the name says what is the matter
    """The name of scores of one's own is a small letter, then small letters, digits and _, at most 40."""


@dataclass(frozen=True, slots=True)
class ScoreKind:
    """One kind of scores: the aspect that they are kept under, their scale (None: no end), what a file may call them,
    and for an IFD how it was measured."""

    aspect: str
    low: float | None = None
    high: float | None = None
    names: tuple[str, ...] = ()
    variant: Variant | None = None


KINDS: tuple[ScoreKind, ...] = (
    ScoreKind("quality", 1.0, 6.0, ("quality", "quality_score")),
    ScoreKind("complexity", 1.0, 6.0, ("complexity", "complexity_score")),
    ScoreKind("ifd_loss_ratio", 0.0, None, ("ifd", "ifd_loss"), "loss_ratio"),
    ScoreKind("ifd_perplexity_ratio", 0.0, None, ("ifd", "ifd_ppl"), "perplexity_ratio"),
    ScoreKind("perplexity", 0.0, None, ("perplexity", "ppl")),
)
"""Deita's two scorers (arXiv 2312.15685) on their scale from 1 to 6, IFD (arXiv 2308.12032) in both variants, and
perplexity."""


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """A row by its number, by the hash of its content, or by both, and its score. `revision` is the one that was
    scored, where the file says it."""

    score: float
    row: int | None = None
    content_hash: str = ""
    revision: int | None = None


def kind_named(aspect: str) -> ScoreKind:
    """The kind of that name; any other name is one's own, from 0 up. `UnusableAspect`."""
    for kind in KINDS:
        if kind.aspect == aspect:
            return kind
    if not _OWN_NAME.match(aspect) or aspect == OUTPUT_LENGTH:
        raise UnusableAspect(aspect)
    return ScoreKind(aspect, 0.0)


def scored_row(record: Mapping[str, Any], *, kind: ScoreKind) -> ScoredRow:
    """What one row of a file says. `Fault` with a code and the column: "no_row_named", "not_an_id", "not_a_hash",
    "no_score", "not_a_score", "score_off_scale", "other_variant", "no_figure"."""
    said = _text(record.get("variant"))
    if kind.variant and said and said != kind.variant:
        raise Fault("other_variant", path="variant")
    row, content = _number(record, _ROW_NAMES), _hash(record)
    if row is None and not content:
        raise Fault("no_row_named")
    return ScoredRow(_score(record, kind), row, content, _number(record, ("revision",)))


def _score(record: Mapping[str, Any], kind: ScoreKind) -> float:
    for name in ("score", "value", kind.aspect, *kind.names):
        if not _missing(record.get(name)):
            value = _float(record[name], name)
            if (kind.low is not None and value < kind.low) or (kind.high is not None and value > kind.high):
                raise Fault("score_off_scale", path=name)
            return value
    if kind.variant:
        return _from_losses(record, kind.variant)
    raise Fault("no_score")


def _from_losses(record: Mapping[str, Any], variant: Variant) -> float:
    found = []
    for names in (_GIVEN, _ALONE):
        name = next((each for each in names if not _missing(record.get(each))), "")
        if not name:
            raise Fault("no_score", path=names[0])
        found.append(_float(record[name], name))
    figure = ifd(Losses(0, *found), variant=variant)
    if figure is None:
        raise Fault("no_figure")
    return figure


def _float(value: Any, name: str) -> float:
    try:
        if isinstance(value, bool):
            raise TypeError
        number = float(_text(value) if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        raise Fault("not_a_score", path=name) from None
    if not isfinite(number):
        raise Fault("not_a_score", path=name)
    return number


def _number(record: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    for name in names:
        value = record.get(name)
        if _missing(value):
            continue
        text = _text(value)
        # Spreadsheets and data frames write whole numbers as 12.0.
        text = text.removesuffix(".0").lstrip("0")
        known = not isinstance(value, bool) and text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS
        if not known or int(text) > _MOST_ID:
            raise Fault("not_an_id", path=name)
        return int(text)
    return None


def _hash(record: Mapping[str, Any]) -> str:
    for name in _HASH_NAMES:
        if not _missing(record.get(name)):
            text = _text(record[name]).lower()
            if not _HASH.match(text):
                raise Fault("not_a_hash", path=name)
            return text
    return ""


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
