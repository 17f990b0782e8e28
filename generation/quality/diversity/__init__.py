"""How different rows are from each other, measured without a model, in English and Chinese alike."""

from generation.quality.diversity.concentration import Concentration, concentration
from generation.quality.diversity.distinct import Distinct, distinct, repeated_shares
from generation.quality.diversity.grid import NONE, OTHERS, Grid
from generation.quality.diversity.nearest import nearest_scores
from generation.quality.diversity.positions import bin_of, position_of, uneven
from generation.quality.diversity.sampling import Reservoir
from generation.quality.diversity.seeds import SeedsPoint, by_seeds
from generation.quality.diversity.self_bleu import self_bleu
from generation.quality.diversity.topics import Topic, topics
from generation.quality.diversity.vectors import Vectors, vectors_of
from generation.quality.diversity.vendi import vendi, vendi_of
from generation.quality.diversity.verbs import verb_noun
from generation.quality.diversity.vocabulary import Terms

__all__ = [
    "NONE",
    "OTHERS",
    "Concentration",
    "Distinct",
    "Grid",
    "Reservoir",
    "SeedsPoint",
    "Terms",
    "Topic",
    "Vectors",
    "bin_of",
    "by_seeds",
    "concentration",
    "distinct",
    "nearest_scores",
    "position_of",
    "repeated_shares",
    "self_bleu",
    "topics",
    "uneven",
    "vectors_of",
    "vendi",
    "vendi_of",
    "verb_noun",
]
