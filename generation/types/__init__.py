"""The values that travel between recipes, providers, checks, formats and the engine.

Everything here is a frozen dataclass of plain data: no database row, no socket and no clock is reachable from it.
"""

from __future__ import annotations

from generation.types.reports import LEVELS, Level, Remedy, ReportFinding, level_of
from generation.types.rows import (
    Candidate,
    Example,
    Feedback,
    Kind,
    Pair,
    Ranking,
    Row,
    RowError,
    Stepwise,
    Text,
    ToolCall,
    Turn,
    TurnRole,
)
from generation.types.sources import (
    AnswerView,
    DocumentView,
    Instance,
    PromptView,
    SampleView,
    SeedView,
    Sources,
    Span,
    Stock,
)
from generation.types.work import (
    FAILURES,
    MOST_SPANS,
    AdmittedView,
    Draft,
    DraftKind,
    Finding,
    Message,
    PoolView,
    Prompt,
    Reply,
    Role,
    Sampling,
    Score,
    Task,
    Usage,
)

__all__ = [
    "FAILURES",
    "LEVELS",
    "MOST_SPANS",
    "N_",
    "AdmittedView",
    "AnswerView",
    "Candidate",
    "DocumentView",
    "Draft",
    "DraftKind",
    "Example",
    "Feedback",
    "Finding",
    "Instance",
    "Kind",
    "Level",
    "Message",
    "Pair",
    "PoolView",
    "Prompt",
    "PromptView",
    "Ranking",
    "Remedy",
    "Reply",
    "ReportFinding",
    "Role",
    "Row",
    "RowError",
    "SampleView",
    "Sampling",
    "Score",
    "SeedView",
    "Sources",
    "Span",
    "Stepwise",
    "Stock",
    "Task",
    "Text",
    "ToolCall",
    "Turn",
    "TurnRole",
    "Usage",
    "level_of",
]


def N_(text: str) -> str:  # noqa: N802 - the name that Babel extracts by default
    """The same text, marked for the translators: pure code names things in English, doors translate them."""
    return text
