"""Novelty by ROUGE-L against everything kept so far."""

from generation.quality.novelty.pool import TOO_SIMILAR, Nearest, Pool

__all__ = ["TOO_SIMILAR", "Nearest", "Pool"]
