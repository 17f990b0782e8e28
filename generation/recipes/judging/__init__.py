"""Judges, and what is made of their verdicts: strategies, margins, ratings, canaries."""
