"""How each section of a report on quality is drawn, from the stored numbers; one that is not named here shows plain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generation.quality.profiles import GENERAL, PROFILES, bounds_of
from review.reports.quality_charts import Block, bars, grid, histogram, plain
from review.reports.quality_curves import seed_curves
from review.reports.quality_rings import rings

Figures = Mapping[str, Any]
Found = Mapping[str, Mapping[str, Any]]
"""Code -> finding."""

MOST_GROUPS = 9
MOST_TERMS = 24
MOST_BESIDE = 6


@dataclass(frozen=True, slots=True)
class SectionSeen:
    """A pane and its pieces, in order. `span` says how much of a line it takes: "" a third, "two" two of them, "all".
    `drawn` is (rows, of how many) where its figures come from a drawn sample."""

    name: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    span: str = ""
    drawn: tuple[int, int] | None = None


def sections_of(told: Mapping[str, Any]) -> list[SectionSeen]:
    """Every section of a report, drawn where somebody knows how and plain otherwise."""
    found = {each["code"]: each for each in told.get("findings", ())}
    panes = [pane for name, figures in told.get("sections", {}).items() for pane in _panes(name, figures, found, told)]
    return [pane for pane in panes if pane.blocks]


def _panes(name: str, figures: Figures, found: Found, told: Mapping[str, Any]) -> list[SectionSeen]:
    if name == "sizes":
        others = told["sections"]
        languages = others.get("balance", {}).get("language") or [["", 0]]
        return _sizes(figures, others.get("checks", {}).get("profiles", {}), language=languages[0][0])
    return DRAWN[name](figures, found) if name in DRAWN else [SectionSeen(name, plain(figures), "all")]


def _sizes(figures: Figures, profiles: Mapping[str, int], *, language: str) -> list[SectionSeen]:
    """Lengths beside the guide of the profile that most rows were judged by, in the language of most."""
    most = max(profiles, key=lambda name: profiles[name], default=GENERAL.name)
    profile = next((each for each in PROFILES if each.name == most), GENERAL)
    bounds = bounds_of(profile, language)
    guides = {name: (bounds[f"{name}_least"], bounds[f"{name}_most"]) for name in ("instruction", "output")}
    blocks = [
        histogram(name, each["bins"], guide=guides.get(name), mean=each["mean"])
        for name, each in figures.items()
        if any(count for start, count in each["bins"] if start) or name in guides
    ]
    return [SectionSeen("sizes", blocks[:1] + blocks[-1:]), SectionSeen("inputs", blocks[1:-1])]


def _balance(figures: Figures, found: Found) -> list[SectionSeen]:
    rows = figures["rows"] or 1
    facts = [
        (name, figures[name] / rows, "share") for name in ("reviewed", "without_model", "several_turns")
    ]  # fmt: skip
    leads = {
        "language": {name: {"find": ("language", name)} for name in ("en", "zh")},
        "made_by": {name: {"find": ("origin", origin)} for name, origin in _ORIGINS.items()},
    }
    counted = [
        bars(name, figures[name], most=8, leads=leads.get(name))
        for name in ("task_type", "language", "made_by")
        if any(n for n, _ in figures[name])
    ]
    return [SectionSeen("balance", [*counted, Block("facts", facts=facts)])]


_ORIGINS = {"model": "model", "rules": "rules", "template": "template", "imported": "import", "human": "person"}


def _checks(figures: Figures, found: Found) -> list[SectionSeen]:
    """What the first pane is made of: rows without any finding, and the codes with the way to their rows."""
    leads = {}
    for each in figures["codes"]:
        code = f"check.{each['code']}"
        kind = "warn" if found.get(code, {}).get("level") == "warn" else "acc"
        leads[each["code"]] = {"finding": code, "kind": kind} if code in found else {}
    codes = [(each["code"], each["rows"]) for each in figures["codes"]]
    share = figures["clean"] / (figures["rows"] or 1)
    counts = [("clean", share, "share"), ("clean", figures["clean"], "count"), ("rows", figures["rows"], "count")]
    clean = Block("share", "clean", facts=counts)
    profiles = [(f"profile_{name}", count) for name, count in figures["profiles"].items()]
    return [
        SectionSeen("checks", [clean, *([bars("codes", codes, most=6, leads=leads)] if codes else [])]),
        SectionSeen("profiles", [bars("profiles", profiles)] if len(profiles) > 1 else []),
    ]


def _duplicates(figures: Figures, found: Found) -> list[SectionSeen]:
    codes = {
        "exact_row": "exact_duplicates", "near": "near_duplicates", "redundant": "redundant_answers",
        "conflicts": "conflicts",
    }  # fmt: skip
    leads = {}
    for name, code in codes.items():
        if found.get(code, {}).get("rows"):
            leads[name] = {"finding": code, "kind": "warn" if found[code]["level"] == "warn" else "acc"}
    counted = [(f"exact_{by}", each["rows"]) for by, each in figures["exact"].items()]
    counted += [("near", figures["near"]["rows"]), ("redundant", figures["redundant"]["rows"])]
    counted += [("conflicts", figures["conflicts"]["rows"])]
    facts = [("threshold", figures["settings"]["threshold"], "number")]
    sizes = figures["near"].get("sizes") or []
    sizes = [(name, count) for name, count in sizes if count]
    near = [bars("sizes_of_groups", sizes)] if figures["near"]["rows"] else []
    pane = SectionSeen("duplicates", [bars("repeated_rows", counted, leads=leads), *near, Block("facts", facts=facts)])
    return [pane, SectionSeen("examples", _groups(figures["examples"]), "all")]


def _semantic(figures: Figures, found: Found) -> list[SectionSeen]:
    """Nothing where no vectors were made."""
    if not figures:
        return []
    facts = [("epsilon", figures["epsilon"], "number"), ("rows", figures["found"], "count")]
    shown = figures["examples"][:MOST_GROUPS]
    more = max(0, figures["found"] - len(shown))
    groups = [Block("groups", groups=shown, more=more)] if shown else []
    drawn = (figures["sampled"], figures["rows"])
    return [SectionSeen("semantic", [Block("facts", facts=facts), *groups], "all", drawn)]


def _groups(examples: Sequence[Mapping[str, Any]]) -> list[Block]:
    """A few groups of each kind, the conflicts first: these are what people must settle."""
    kinds = ("conflict", "near", "redundant", "exact")
    share = {kind: [each for each in examples if each["kind"] == kind] for kind in kinds}
    chosen = [each for kind in kinds for each in share[kind][: MOST_GROUPS // 3]]
    return [Block("groups", groups=chosen, more=max(0, len(examples) - len(chosen)))] if chosen else []


def _contamination(figures: Figures, found: Found) -> list[SectionSeen]:
    if not figures["sets"]:
        return [SectionSeen("contamination", [Block("words", "nothing_held_out")])]
    facts = [("preset", figures["preset"], "text"), ("rows", figures["rows"], "count")]
    named = [(each.get("name", ""), *(each.get(key) for key in _OF_SETS)) for each in figures["sets"]]
    hits = figures["examples"]
    beside = [each for each in hits if each.get("beside")][:MOST_BESIDE]
    shown = [Block("beside", "hits", groups=beside, more=len(hits) - len(beside))] if beside else []
    sets = Block("table", "sets", head=("set", *_OF_SETS), rows=named)
    return [SectionSeen("contamination", [sets, *shown, Block("facts", facts=facts)], "two" if hits else "")]


_OF_SETS = ("items", "hits", "share", "contaminated")


def _diversity(figures: Figures, found: Found) -> list[SectionSeen]:
    asked, said = (figures["fields"].get(name) or {} for name in ("instruction", "output"))
    bins = [(at / 10, value) for at, value in enumerate(asked.get("nearest_bins", ()))]
    labels = [f"{at:g}" for at, _ in bins]
    near = [histogram("nearest_instruction", bins, labels=labels)] if any(value for _, value in bins) else []
    pane = SectionSeen("diversity", [_gauges(asked, said, found), *near], drawn=_drawn(figures))
    verbs = figures["verb_nouns"]
    rows = [(each["verb"], each["rows"], each["nouns"]) for each in verbs["verbs"]]
    wishes = [
        Block("rings", "verb_nouns", drawn=rings(verbs["verbs"]), facts=[("found", verbs["found"], "count")]),
        Block("verbs", "verb_nouns", rows=rows[:16], more=max(0, len(rows) - 16)),
    ]
    seen = SectionSeen("verb_nouns", wishes if rows else [], "two", drawn=(verbs["found"], verbs["rows"]))
    return [pane, seen, _seeds(figures.get("seeds") or {})]


def _gauges(asked: Figures, said: Figures, found: Found) -> Block:
    """Each figure of the instructions beside its guide, and the same of the outputs."""
    rows = []
    for name in ("distinct_2", "self_bleu", "vendi", "nearest"):
        value, other = _figure(asked, name), _figure(said, name)
        each = found.get(name, {})
        low, high = each.get("guide") or (None, None)
        band = (100 * (low or 0.0), 100 * ((1.0 if high is None else high) - (low or 0.0))) if each else None
        if value is not None:
            unit, level = each.get("unit", "share"), each.get("level", "")
            rows.append((name, f"short_{name}", value, other, unit, band, level, bool(each)))
    return Block("gauges", "figures", rows=rows)


def _figure(each: Figures, name: str) -> float | None:
    """A figure of one field from 0 to 1; None where there is none."""
    if name == "distinct_2":
        shares: Sequence[float] = each.get("distinct") or ()
        return shares[1] if len(shares) > 1 else None
    value = each.get(name)
    if name == "vendi" and value is not None:
        return min(1.0, value / (each.get("vendi_rows") or 1))
    return value  # type: ignore[no-any-return]


def _seeds(seeds: Figures) -> SectionSeen:
    """How evenly seeds were used, which were used most, and what more of them bring."""
    figures = seeds.get("figures")
    if not figures:
        return SectionSeen("seeds")
    curves = seed_curves(seeds.get("curve") or ())
    drawn = [Block("curves", "by_seeds", drawn=curves)] if curves else []
    facts = [("seeds_used", figures["names"], "count"), ("seeds_effective", figures["effective"], "number")]
    facts += [("seeds_without", seeds["without"], "count")] if seeds.get("without") else []
    most = [(seed, count) for seed, count in seeds.get("most", ())]
    leads = {seed: {"seed": seed, "label": f"#{seed}"} for seed, _ in most}
    return SectionSeen("seeds", [Block("facts", facts=facts), *drawn, bars("seeds_most", most, most=8, leads=leads)])


def _coverage(figures: Figures, found: Found) -> list[SectionSeen]:
    topics = [(each["name"], each["rows"]) for each in figures["topics"]]
    drawn = _drawn(figures) if figures.get("topics_from") == "sample" else None
    facts = [("cells_expected", figures["cells_expected"], "count"), ("empty", figures["empty"], "count")]
    counted = [Block("facts", facts=facts)] if figures["cells_expected"] else []
    panes = [SectionSeen("topics", [*([bars("topics", topics)] if topics else []), *counted], drawn=drawn)]
    panes.append(SectionSeen("terms", _terms(figures.get("terms") or {})))
    gold = figures.get("gold_positions") or {}
    if gold.get("rows"):
        counts = list(enumerate(gold["bins"], 1))
        labels = [str(at) for at, _ in counts]
        panes.append(SectionSeen("gold_positions", [histogram("gold_positions", counts, labels=labels)]))
    tables = [
        grid(f"{each['rows']} × {each['columns']}", each["row_names"], each["column_names"], each["counts"])
        for each in figures["tables"]
        if len(each["row_names"]) > 1 and len(each["column_names"]) > 1
    ]
    return [*panes, SectionSeen("coverage", tables, "two")]


def _terms(terms: Mapping[str, Figures]) -> list[Block]:
    """Of each category how many of its terms occur, and those that never do."""
    named = [(name, each["hit"] / each["terms"]) for name, each in terms.items() if each["terms"]]
    missing = [term for each in terms.values() for term in each["missing"]]
    lacking = sum(each["terms"] - each["hit"] for each in terms.values())
    shown = [Block("names", "terms_missing", head=missing[:MOST_TERMS], more=max(0, lacking - MOST_TERMS))]
    return [bars("terms_hit", named, unit="share"), *(shown if missing else [])] if named else []


def _drawn(figures: Figures) -> tuple[int, int] | None:
    sampled, rows = figures.get("sampled"), figures.get("rows")
    return (sampled, rows) if sampled and rows else None


DRAWN: dict[str, Callable[[Figures, Found], list[SectionSeen]]] = {
    "balance": _balance, "checks": _checks, "duplicates": _duplicates,
    "semantic": _semantic,
    "contamination": _contamination, "diversity": _diversity, "coverage": _coverage,
}  # fmt: skip
