"""Whether training rows repeat evaluation texts: runs of words in common, by the rules of published work."""

from generation.quality.contamination.finding import Contamination, Hit, Item
from generation.quality.contamination.presets import PRESETS, Preset

__all__ = ["PRESETS", "Contamination", "Hit", "Item", "Preset"]
