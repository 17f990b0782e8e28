"""A matrix of no negative numbers as the product of two small ones, found without any chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ROUNDS = 80
_SETTLED = 1e-4
"""Change of the error in a round, as a share of it, from which nothing more is gained."""
_SPARE, _POWERS = 10, 6
"""Directions beyond those wanted and rounds of the subspace iteration of Halko et al. 2011 (arXiv 0909.4061)."""
_LEAST = 1e-10


def factors(full: NDArray[np.float32], wanted: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(W, H) with full ≈ W H: rows x wanted and wanted x columns, none below zero. HALS from the start of NNDSVD."""
    import numpy as np

    left, right = _start(full, wanted)
    whole, before = float((full * full).sum()), np.inf
    for _ in range(_ROUNDS):
        _improve(left, full @ right.T, right @ right.T)
        across, inner = left.T @ full, left.T @ left
        turned = right.T.copy()
        _improve(turned, across.T, inner)
        right = np.ascontiguousarray(turned.T)
        error = whole - 2 * float((right * across).sum()) + float((inner * (right @ right.T)).sum())
        if before - error <= _SETTLED * max(error, _LEAST):
            break
        before = error
    return left, right


def _improve(part: NDArray[np.float32], target: NDArray[np.float32], inner: NDArray[np.float32]) -> None:
    """One round over the columns of a factor, in place."""
    import numpy as np

    for at in range(part.shape[1]):
        if inner[at, at] > _LEAST:
            step = (target[:, at] - part @ inner[:, at]) / inner[at, at]
            np.maximum(part[:, at] + step, 0, out=part[:, at])


def _start(full: NDArray[np.float32], wanted: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """NNDSVD: of each pair of singular vectors the half that weighs more."""
    import numpy as np

    u, s, v = _singular(full, wanted)
    left = np.zeros((full.shape[0], wanted), dtype=np.float32)
    right = np.zeros((wanted, full.shape[1]), dtype=np.float32)
    for at in range(min(wanted, len(s))):
        halves = [(np.maximum(sign * u[:, at], 0), np.maximum(sign * v[at], 0)) for sign in (1, -1)]
        one, other = max(halves, key=lambda each: float(np.linalg.norm(each[0]) * np.linalg.norm(each[1])))
        sizes = float(np.linalg.norm(one)), float(np.linalg.norm(other))
        if min(sizes) > _LEAST:
            scale = np.sqrt(s[at] * sizes[0] * sizes[1])
            left[:, at], right[at] = scale * one / sizes[0], scale * other / sizes[1]
    return left, right


def _singular(
    full: NDArray[np.float32], wanted: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The largest singular values with their vectors; the directions of the start are always the same."""
    import numpy as np

    size = min(wanted + _SPARE, *full.shape)
    basis = np.random.default_rng(0).standard_normal((full.shape[1], size)).astype(np.float32)
    for _ in range(_POWERS):
        basis, _ = np.linalg.qr(full.T @ np.linalg.qr(full @ basis)[0])
    u, s, v = np.linalg.svd(full @ basis, full_matrices=False)
    return u[:, :wanted], s[:wanted], (v @ basis.T)[:wanted]
