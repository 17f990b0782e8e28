"""What a trainer wants of preferences, as choices that the page of a new export offers: the format, the split, why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from generation.formats import format_named
from generation.models import Answer
from generation.types import N_
from review.exporting.options import can_become
from review.labels import good_from
from review.models import Dataset, DatasetVersion

Kind = Dataset.Kind
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Preset:
    """One use of a version: which kinds of rows serve it, in which format, from which side of the split."""

    name: str
    title: str
    about: str
    kinds: tuple[str, ...]
    format: str
    split: str = "train"


@dataclass(frozen=True, slots=True)
class PresetSeen:
    """A preset for one version: the names and values of its link, and whether the page shows just that."""

    preset: Preset
    query: Mapping[str, Any] = field(default_factory=dict)
    current: bool = False

    @property
    def address(self) -> str:
        """The link's query string."""
        return "?" + urlencode(self.query)


_ANY = (Kind.PREFERENCE, Kind.RANKING, Kind.FEEDBACK)
PRESETS = (
    Preset(
        "preference", N_("DPO, SimPO, ORPO"),
        N_("A prompt with a chosen and a rejected answer in each row. DPO compares both with a frozen copy of the "
           "model, SimPO and ORPO need none. Both answers should be about as long."),
        (Kind.PREFERENCE, Kind.RANKING), "trl_preference_chat",
    ),
    Preset(
        "reward", N_("Reward model"),
        N_("Two whole conversations in each row, the chosen and the rejected one, the prompt inside both: a reward "
           "model scores conversations. All pairs of a prompt stay on one side of the split; else it looks too good."),
        (Kind.PREFERENCE, Kind.RANKING), "trl_preference_implicit_chat",
    ),
    Preset(
        "prompts", N_("Prompts only (GRPO, PPO)"),
        N_("Each prompt once and no answer: the model in training answers itself, and a reward says how well. PPO "
           "needs a reward model beside it, so export that set too."),
        _ANY, "trl_prompt_only_chat",
    ),
    Preset(
        "kto", N_("KTO"),
        N_("One answer a row with true or false. Good and bad need not come in pairs, but their weights must balance. "
           "Pairs are taken apart by a score from which an answer is good: the better of two bad ones is not."),
        (Kind.FEEDBACK, Kind.PREFERENCE, Kind.RANKING), "trl_unpaired_chat",
    ),
    Preset(
        "evaluation", N_("Held-out evaluation"),
        N_("The test side of the split, which no training file holds: neither these prompts nor others of their "
           "family. Measure by it how often a trained model or a reward model agrees with the preference."),
        (Kind.PREFERENCE, Kind.RANKING), "trl_preference_chat", split="test",
    ),
)  # fmt: skip


def presets_for(version: DatasetVersion | None, *, format_name: str, split: str) -> list[PresetSeen]:
    """The presets that a version's rows can serve; none for what is not about preferences."""
    if version is None or version.dataset.kind not in _ANY:
        return []
    found = []
    for preset in PRESETS:
        if version.dataset.kind not in preset.kinds or not can_become(
            version.dataset.kind, format_named(preset.format)
        ):
            continue
        side = preset.split if version.splits.get(preset.split) else ""
        if preset.split != "train" and not side:
            continue
        query: dict[str, Any] = {"asked": 1, "version": version.pk, "format": preset.format}
        if side:
            query["split"] = side
        if preset.name == "kto" and (least := usual_threshold(version)) is not None:
            query["good_from"] = f"{least:g}"
        found.append(PresetSeen(preset, query, (preset.format, side) == (format_name, split)))
    return found


def usual_threshold(version: DatasetVersion) -> float | None:
    """The score from which an answer counts as good on the scale of the version's answers: None where they have several
    scales, or none that is known."""
    if version.dataset.kind != Kind.PREFERENCE:
        return None
    some = version.pins.order_by("position").values_list("pair__chosen", flat=True)[:_LOOKED_AT]
    scales = {
        (score.get("low"), score.get("high"))
        for scores in Answer.objects.filter(pk__in=list(some)).values_list("scores", flat=True)
        for score in scores.values()
        if isinstance(score, Mapping)
    }
    if len(scales) != 1:
        return None
    [(low, high)] = scales
    return good_from(low, high) if low is not None and high is not None and high > low else None
