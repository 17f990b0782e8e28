"""What a bundle says of itself: a dataset card for people and the Hugging Face Hub, Croissant metadata for machines.

Pure: facts in, texts out. `review.reports.lineage` gathers the facts.
"""
