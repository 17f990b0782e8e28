"""What people train, and what that asks of a dataset: the rows, the target format, how many rows are enough.

The figures of the size guide are those of the tutorial that FDC follows ("Data size recommendations").
"""

from __future__ import annotations

from dataclasses import dataclass

from generation.types import N_
from review.models import Dataset

Kind = Dataset.Kind


@dataclass(frozen=True, slots=True)
class Guide:
    """Rows: fewer than `least` are too few, from `low` to `high` is the range advised. `high` None has no upper end."""

    least: int
    low: int
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One thing to train. `format` is the format that it is usually written in, `also` others that serve it."""

    name: str
    title: str
    about: str
    kind: str
    format: str
    also: tuple[str, ...] = ()
    guide: Guide | None = None
    turns: str = ""

    @property
    def apart(self) -> tuple[str, ...]:
        """What stands on one side of its split unless somebody says otherwise. Pairs and labels of one prompt, and of
        its family, teach the same thing: on both sides they would make a reward model look better than it is."""
        return ("prompt",) if self.kind in (Kind.SFT, Kind.TEXT) else ("prompt", "family")


USES = (
    Use(
        "sft",
        N_("Instruction tuning (SFT)"),
        N_("A base model learns to follow instructions: one instruction, perhaps an input, one answer."),
        Kind.SFT, "alpaca", ("openai_messages", "trl_prompt_completion"), Guide(100, 1_000, 10_000),
    ),
    Use(
        "domain_sft",
        N_("Domain SFT"),
        N_("A model learns a field of its own, such as medicine or law; quality counts for more than quantity."),
        Kind.SFT, "alpaca", ("openai_messages", "sharegpt"), Guide(500, 5_000, 50_000),
    ),
    Use(
        "multi_turn",
        N_("Multi-turn conversation (SFT)"),
        N_("A model learns to talk over several turns, with tools where the rows have them."),
        Kind.SFT, "sharegpt", ("openai_messages",), Guide(100, 1_000, 10_000),
    ),
    Use(
        "preference",
        N_("Preference tuning (DPO, SimPO, ORPO)"),
        N_("A tuned model learns which of two answers people prefer: a prompt, a chosen and a rejected answer."),
        Kind.PREFERENCE, "preference", ("llama_factory_preference", "trl_preference"), Guide(500, 5_000, 20_000),
    ),
    Use(
        "kto",
        N_("Feedback tuning (KTO)"),
        N_("A tuned model learns from single answers that were called good or bad, such as thumbs of real use."),
        Kind.FEEDBACK, "kto", ("llama_factory_kto", "trl_unpaired"), Guide(1_000, 10_000),
    ),
    Use(
        "reward",
        N_("Reward model"),
        N_("A model learns to score answers from pairs, for PPO or for ranking candidates."),
        Kind.PREFERENCE, "preference", ("trl_preference_implicit", "trl_preference"), Guide(500, 5_000, 20_000),
    ),
    Use(
        "ranking",
        N_("Ranked answers"),
        N_("Prompts with several answers in an order of quality, to make pairs from or to train on whole rankings."),
        Kind.RANKING, "ranked",
    ),
    Use(
        "pretraining",
        N_("Continued pretraining"),
        N_("A base model reads plain text of a field before anybody teaches it to answer."),
        Kind.TEXT, "text", ("bailian_cpt", "trl_language_modeling"),
    ),
)  # fmt: skip
_BY_NAME = {use.name: use for use in USES}


def use_named(name: str) -> Use | None:
    """The use of that name, None when there is none."""
    return _BY_NAME.get(name)


def usual(kind: str) -> Use:
    """The first use that a kind of dataset has."""
    return next(use for use in USES if use.kind == kind)
