"""Rows of one kind <-> rows of another: see `conversions.convert`. Pure."""
