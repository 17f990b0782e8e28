"""Biases that ruin preference data, measured: what the report on a set of pairs is made of."""

from generation.preferences.bias.facts import CODES, PairFacts
from generation.preferences.bias.report import Report, report_of

__all__ = ["CODES", "PairFacts", "Report", "report_of"]
