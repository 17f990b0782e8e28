"""Chat templates, and what a trainer sees of a row: rendered text, the ranges it trains, special tokens. Pure."""
