"""Public data sets in their own shapes, each read by a file of its own and never written. `catalogue` tells of them."""

from __future__ import annotations

from generation.formats.base import Format
from generation.formats.public import (
    alpaca_twins,
    dolly,
    helpsteer,
    hh_rlhf,
    legalbench,
    nectar,
    oasst1,
    shp,
    ultrafeedback,
)

READERS: tuple[Format, ...] = (
    dolly.FORMAT,
    oasst1.FORMAT,
    oasst1.PAIRS,
    hh_rlhf.FORMAT,
    ultrafeedback.FORMAT,
    ultrafeedback.BINARIZED,
    helpsteer.FORMAT,
    nectar.FORMAT,
    shp.FORMAT,
    alpaca_twins.CODE_ALPACA,
    alpaca_twins.MEDINSTRUCT,
    legalbench.FORMAT,
)
