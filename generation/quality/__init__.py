"""Whether rows are good: checks, novelty, duplicates, contamination, diversity, and reports on all of it. Pure."""
