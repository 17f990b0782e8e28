"""How each section of a report on quality is drawn, from the stored numbers; one that is not named here shows plain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from review.reports.quality_charts import Block, bars, grid, histogram, plain

MOST_GROUPS = 9
INSTRUCTION_GUIDE, OUTPUT_GUIDE = (10, 1000), (20, 4000)
"""Code points inside which an instruction and an output usually lie."""


@dataclass(frozen=True, slots=True)
class SectionSeen:
    """A section and its pieces, in order."""

    name: str
    blocks: Sequence[Block] = field(default_factory=tuple)


def sections_of(told: Mapping[str, Any]) -> list[SectionSeen]:
    """Every section of a report, drawn where somebody knows how and plain otherwise."""
    return [
        SectionSeen(name, blocks)
        for name, figures in told.get("sections", {}).items()
        if (blocks := DRAWN.get(name, plain)(figures))
    ]


def _sizes(figures: Mapping[str, Any]) -> list[Block]:
    guides = {"instruction": INSTRUCTION_GUIDE, "output": OUTPUT_GUIDE}
    blocks = [
        histogram(name, each["bins"], guide=guides.get(name))
        for name, each in figures.items()
        if any(count for start, count in each["bins"] if start) or name in guides
    ]
    means = [(f"mean_{name}", each["mean"], "number") for name, each in figures.items() if each["mean"]]
    return [*blocks, Block("facts", "means", facts=means)]


def _balance(figures: Mapping[str, Any]) -> list[Block]:
    rows = figures["rows"] or 1
    facts = [
        (name, figures[name] / rows, "share") for name in ("reviewed", "without_model", "several_turns")
    ]  # fmt: skip
    counted = [
        bars(name, figures[name]) for name in ("task_type", "language", "made_by") if any(n for n, _ in figures[name])
    ]
    return [*counted, Block("facts", facts=facts)]


def _checks(figures: Mapping[str, Any]) -> list[Block]:
    rows = figures["rows"] or 1
    facts = [("rows", figures["rows"], "count"), ("clean", figures["clean"] / rows, "share")]
    codes = [(each["code"], each["rows"]) for each in figures["codes"]]
    profiles = list(figures["profiles"].items())
    found = [bars("codes", codes, most=24)] if codes else []
    return [*found, bars("profiles", profiles), Block("facts", facts=facts)]


def _duplicates(figures: Mapping[str, Any]) -> list[Block]:
    counted = [(f"exact_{by}", each["rows"]) for by, each in figures["exact"].items()]
    counted += [("near", figures["near"]["rows"]), ("redundant", figures["redundant"]["rows"])]
    counted += [("conflicts", figures["conflicts"]["rows"])]
    facts = [("threshold", figures["settings"]["threshold"], "number"), ("rows", figures["rows"], "count")]
    sizes = figures["near"].get("sizes") or []
    near = [bars("sizes_of_groups", sizes)] if figures["near"]["rows"] else []
    return [bars("repeated_rows", counted), *near, Block("facts", facts=facts), *_groups(figures["examples"])]


def _groups(examples: Sequence[Mapping[str, Any]]) -> list[Block]:
    """A few groups of each kind, the conflicts first: these are what people must settle."""
    kinds = ("conflict", "near", "redundant", "exact")
    share = {kind: [each for each in examples if each["kind"] == kind] for kind in kinds}
    chosen = [each for kind in kinds for each in share[kind][: MOST_GROUPS // 3]]
    return [Block("groups", "examples", groups=chosen, more=max(0, len(examples) - len(chosen)))] if chosen else []


def _contamination(figures: Mapping[str, Any]) -> list[Block]:
    facts = [("preset", figures["preset"], "text"), ("rows", figures["rows"], "count")]
    if not figures["sets"]:
        return [Block("facts", facts=[("nothing_held_out", "", "text")])]
    named = [(each.get("name", ""), *(each.get(key) for key in _OF_SETS)) for each in figures["sets"]]
    hits = [(each["row"], each["set"], each["item"], each["share"], each["text"]) for each in figures["examples"][:12]]
    head = ("row", "set", "item", "share", "text")
    found = [Block("table", "hits", head=head, rows=hits, more=max(0, len(figures["examples"]) - 12))] if hits else []
    return [Block("table", "sets", head=("set", *_OF_SETS), rows=named), *found, Block("facts", facts=facts)]


_OF_SETS = ("items", "hits", "share", "contaminated")


def _diversity(figures: Mapping[str, Any]) -> list[Block]:
    blocks = []
    for name, each in figures["fields"].items():
        facts = [(f"distinct_{n}", value, "share") for n, value in enumerate(each["distinct"], 1)]
        facts += [(key, each[key], "number") for key in ("self_bleu", "vendi", "nearest") if each.get(key) is not None]
        blocks.append(Block("facts", name, facts=facts))
        shown = [(at / 10, value) for at, value in enumerate(each["nearest_bins"])]
        labels = [f"{at / 10:.1f}" for at in range(len(shown))]
        if any(value for _, value in shown):
            blocks.append(histogram(f"nearest_{name}", shown, labels=labels))
    verbs = figures["verb_nouns"]["verbs"]
    if verbs:
        rows = [
            (each["verb"], each["rows"], " · ".join(f"{noun} {count}" for noun, count in each["nouns"][:6]))
            for each in verbs[:15]
        ]
        blocks.append(Block("table", "verb_nouns", head=("verb", "rows", "nouns"), rows=rows))
    seeds = figures.get("seeds", {}).get("figures")
    return [*blocks, *(plain({"seeds": seeds}) if seeds else [])]


def _coverage(figures: Mapping[str, Any]) -> list[Block]:
    topics = [(each["name"], each["rows"]) for each in figures["topics"]]
    blocks = [bars("topics", topics)] if topics else []
    for each in figures["tables"]:
        title = f"{each['rows']} × {each['columns']}"
        blocks.append(grid(title, each["row_names"], each["column_names"], each["counts"]))
    facts = [("cells_expected", figures["cells_expected"], "count"), ("empty", figures["empty"], "count")]
    gold = figures.get("gold_positions") or {}
    rest = plain({"gold_positions": gold}) if gold.get("rows") else []
    return [*blocks, *rest, *([Block("facts", facts=facts)] if figures["cells_expected"] else [])]


DRAWN: dict[str, Callable[[Mapping[str, Any]], list[Block]]] = {
    "sizes": _sizes, "balance": _balance, "checks": _checks, "duplicates": _duplicates,
    "contamination": _contamination, "diversity": _diversity, "coverage": _coverage,
}  # fmt: skip
