"""Bytes <-> records: JSON, JSON lines, CSV, TSV and Parquet, each also gzipped, untrusted until proven otherwise. Pure.

`files.tabular` reads any of them, `files.layouts` writes them. What records mean is not known here: see `formats`.
"""
