"""What the API takes and gives. Fields that are not named here can be neither written nor read."""

from generation.schemas.base import Fault, Id, Input, Language, Limit, Listed, Name, Number, Paging, Text, Word
from generation.schemas.endpoints import (
    AbilityOut,
    EndpointChangesIn,
    EndpointIn,
    EndpointOut,
    KeyIn,
    PresetOut,
    TestIn,
    TestOut,
)
from generation.schemas.imports import JobFaultOut, RowImportIn
from generation.schemas.jobs import JobOut
from generation.schemas.projects import ProjectFiguresOut, ProjectIn, ProjectOut, ProjectSettingsIn
from generation.schemas.prompts import PromptIn, PromptOut, PromptSlotOut, PromptVersionOut
from generation.schemas.runs import (
    BudgetIn,
    ClearedOut,
    EstimateOut,
    PreviewOut,
    RetriedOut,
    RunIn,
    RunOut,
    RunWithFiguresOut,
    SeedChoiceIn,
)
from generation.schemas.seeds import InstanceIO, SeedFilters, SeedImportIn, SeedIn, SeedOut

__all__ = [
    "AbilityOut",
    "BudgetIn",
    "ClearedOut",
    "EndpointChangesIn",
    "EndpointIn",
    "EndpointOut",
    "EstimateOut",
    "Fault",
    "Id",
    "Input",
    "InstanceIO",
    "JobFaultOut",
    "JobOut",
    "KeyIn",
    "Language",
    "Limit",
    "Listed",
    "Name",
    "Number",
    "Paging",
    "PresetOut",
    "PreviewOut",
    "ProjectFiguresOut",
    "ProjectIn",
    "ProjectOut",
    "ProjectSettingsIn",
    "PromptIn",
    "PromptOut",
    "PromptSlotOut",
    "PromptVersionOut",
    "RetriedOut",
    "RowImportIn",
    "RunIn",
    "RunOut",
    "RunWithFiguresOut",
    "SeedChoiceIn",
    "SeedFilters",
    "SeedImportIn",
    "SeedIn",
    "SeedOut",
    "TestIn",
    "TestOut",
    "Text",
    "Word",
]
