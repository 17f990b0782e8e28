"""The rows of review, one file per noun."""

from review.models.comparisons import Assignment, Comparison, Round
from review.models.datasets import Dataset, DatasetRow, DatasetVersion
from review.models.decisions import Claim, Decision
from review.models.exports import Export
from review.models.judgements import Judgement
from review.models.pair_reports import PairReport
from review.models.quality_reports import FoundRows, QualityReport

__all__ = [
    "Assignment", "Claim", "Comparison", "Dataset", "DatasetRow", "DatasetVersion", "Decision", "Export", "FoundRows",
    "Judgement", "PairReport", "QualityReport", "Round",
]  # fmt: skip
