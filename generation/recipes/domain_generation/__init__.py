"""Entity-conditioned generation: a few samples and a few terms of a vocabulary in each prompt, records of a field out.

After ChristopheZhao/SFT_data_generation, itself after Self-Instruct (arXiv 2212.10560); its online medical service is
the scenario that ships.
"""

from __future__ import annotations

from typing import Any

from generation.formats.vocabularies import flattened
from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.domain_generation import params
from generation.recipes.domain_generation.draws import drawn_from, usable
from generation.recipes.domain_generation.generate import Generate
from generation.types import N_, PoolView, Stock


class DomainGeneration:
    """One stage: rounds × calls in a round, each with its own seeds and entities."""

    name = "domain_generation"
    title = N_("Domain generation")
    summary = N_("Samples of your field and terms of a vocabulary go into each prompt; records like them come out.")
    paper = "https://arxiv.org/abs/2212.10560"
    needs_model = True
    makes = "instructions"
    reads: tuple[tuple[Source, ...], ...] = (("seeds",), ("vocabulary",))
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (Generate(),)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """Any: there is one slot."""
        return {}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """`generate_times` × `random_seed_num`, exactly."""
        calls = params.calls if stock.seeds and stock.terms else 0
        return calls, calls

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Once all calls are planned, or where there is nothing to draw from."""
        nothing = not usable(pool.seeds) or not flattened(drawn_from(pool.vocabulary, params.only_terms))
        return nothing or pool.planned.get(Generate.name, 0) >= params.calls

    def goal(self, params: Any) -> None:
        """None: the calls are counted, and how many records they bring is nobody's to promise."""
        return None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """All that passes the checks."""
        return True


RECIPE = DomainGeneration()
