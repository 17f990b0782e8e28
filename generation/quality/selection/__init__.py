"""Choosing rows: quality x complexity x novelty, tiers that stay views, epochs, and difficulty from losses."""

from generation.quality.selection.candidates import Candidate, Missing, NegativeScore, UnusableWeights, Weights
from generation.quality.selection.choosing import LIMIT, REASONS, Chosen, Selection, TooLike, select
from generation.quality.selection.curve import Point, TradeOff, trade_off
from generation.quality.selection.epochs import MOST_EPOCHS, SOURCES, Advice, TierEpochs, advise, epochs, samples_of
from generation.quality.selection.ifd import MISALIGNED_OVER, VARIANTS, IfdChoice, Losses, chosen_by_ifd, ifd
from generation.quality.selection.likeness import Likeness, TextLikeness, VectorLikeness
from generation.quality.selection.tiers import SHARES, Tier, UnusableShare, tiers

__all__ = [
    "LIMIT",
    "MISALIGNED_OVER",
    "MOST_EPOCHS",
    "REASONS",
    "SHARES",
    "SOURCES",
    "VARIANTS",
    "Advice",
    "Candidate",
    "Chosen",
    "IfdChoice",
    "Likeness",
    "Losses",
    "Missing",
    "NegativeScore",
    "Point",
    "Selection",
    "TextLikeness",
    "Tier",
    "TierEpochs",
    "TooLike",
    "TradeOff",
    "UnusableShare",
    "UnusableWeights",
    "VectorLikeness",
    "Weights",
    "advise",
    "chosen_by_ifd",
    "epochs",
    "ifd",
    "samples_of",
    "select",
    "tiers",
    "trade_off",
]
