"""What may be set of the filters that instructions of a model's own invention go through, in whatever recipe."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from generation.types import N_

NoveltyThreshold = Annotated[
    float,
    Field(ge=0.1, le=1.0, title=N_("Novelty threshold (ROUGE-L)"), description=N_("Drops what is more alike.")),
]
ApprovedNovelty = Annotated[
    Literal["drop", "note", "off"],
    Field(
        title=N_("Instructions like approved ones"),
        description=N_(
            "By ROUGE-L, with what people had approved when the run was made. drop, or note: kept with a note. off: "
            "not compared."
        ),
    ),
]
RougeCompat = Annotated[
    bool,
    Field(
        title=N_("Compare as rouge_score does"),
        description=N_("For comparison with published runs. Sees no Chinese."),
    ),
]
FewestWords = Annotated[int, Field(ge=1, le=150, title=N_("Fewest words of an instruction"))]
MostWords = Annotated[int, Field(ge=1, le=2000, title=N_("Most words of an instruction"))]
LanguageProfile = Annotated[
    Literal["auto", "en", "zh", "any"],
    Field(
        title=N_("Language of the instructions"),
        description=N_("auto: that of the examples in the prompt. any: no language rules."),
    ),
]


def check_words(fewest: int, most: int) -> None:
    """`ValueError` when no instruction could have so many words."""
    if fewest > most:
        raise ValueError("min_words_over_max_words")
