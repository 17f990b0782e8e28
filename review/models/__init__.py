"""The rows of review, one file per noun."""

from review.models.comparisons import Assignment, Comparison, Round
from review.models.conflicts import ConflictGroup, ConflictSearch
from review.models.datasets import Dataset, DatasetRow, DatasetVersion
from review.models.decisions import Claim, Decision
from review.models.exports import Export
from review.models.judgements import Judgement
from review.models.pair_reports import PairReport
from review.models.quality_reports import FoundRows, QualityReport
from review.models.selections import RankedRow, RowSelection

__all__ = [
    "Assignment", "Claim", "Comparison", "ConflictGroup", "ConflictSearch", "Dataset", "DatasetRow", "DatasetVersion",
    "Decision", "Export", "FoundRows",
    "Judgement", "PairReport", "QualityReport", "RankedRow", "Round", "RowSelection",
]  # fmt: skip
