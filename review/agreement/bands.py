"""What a coefficient is usually called, as codes; the words are in `review/templatetags/agreement_words.py`."""

from __future__ import annotations

from typing import Literal

Band = Literal["poor", "slight", "fair", "moderate", "substantial", "almost_perfect"]
Reliability = Literal["unreliable", "tentative", "reliable"]
TENTATIVE, RELIABLE = 0.667, 0.8
_UP_TO: tuple[tuple[float, Band], ...] = ((0.2, "slight"), (0.4, "fair"), (0.6, "moderate"), (0.8, "substantial"))


def landis_koch(kappa: float | None) -> Band | None:
    """The band of a kappa (Landis and Koch 1977): below 0 poor, then by fifths; None for one that is not defined."""
    if kappa is None:
        return None
    if kappa < 0:
        return "poor"
    return next((band for most, band in _UP_TO if kappa <= most + 1e-12), "almost_perfect")


def krippendorff(alpha: float | None) -> Reliability | None:
    """Whether data of this alpha can be relied on (Krippendorff 2004): from 0.8, tentatively from 0.667."""
    if alpha is None:
        return None
    return "reliable" if alpha >= RELIABLE else "tentative" if alpha >= TENTATIVE else "unreliable"
