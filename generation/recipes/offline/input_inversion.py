"""Input inversion asks no model, so there is nothing to answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {}
