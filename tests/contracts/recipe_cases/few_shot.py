"""Few-shot construction on the rows of a table."""

from generation.types import Sources
from tests.contracts.recipe_cases.base import Case, demo_seeds

CASE = Case(sources=lambda language: Sources(demo_seeds("sentiment_demo.json")))
