"""What says the same as something else: exact duplicates, near-duplicates, conflicts and redundancy, meaning."""

from generation.quality.near_duplicates.clusters import Cluster
from generation.quality.near_duplicates.conflicts import Answered, Meeting
from generation.quality.near_duplicates.exact import ExactDuplicates, digest, digests
from generation.quality.near_duplicates.index import Match, NearDuplicates
from generation.quality.near_duplicates.questions import Question, Questions
from generation.quality.near_duplicates.shingles import jaccard
from generation.quality.near_duplicates.words import WordHashes

__all__ = [
    "Answered", "Cluster", "ExactDuplicates", "Match", "Meeting", "NearDuplicates", "Question", "Questions",
    "WordHashes", "digest", "digests", "jaccard",
]  # fmt: skip
