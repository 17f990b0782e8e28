"""The rows of generation, one file per noun."""

from generation.models.batches import Batch
from generation.models.calls import Call, Spend
from generation.models.documents import Document, Grounding
from generation.models.endpoints import Endpoint, ModelAbility, ModelPrice
from generation.models.evaluations import EvaluationItem, EvaluationSet
from generation.models.jobs import Job, JobFault
from generation.models.pairs import Answer, Feedback, Look, Media, MediaUse, PreferencePair, Text
from generation.models.people import ApiToken, AuditEntry, OneTimeLink, Person
from generation.models.projects import Membership, Project, Role, Tally
from generation.models.prompts import PromptTemplate, PromptVersion
from generation.models.runs import Item, Pool, Run, RunEvent, RunTally
from generation.models.samples import Draft, Revision, Sample
from generation.models.seeds import Seed, Vocabulary
from generation.models.workflows import Workflow, WorkflowTurn

__all__ = [
    "Answer", "ApiToken", "AuditEntry", "Batch", "Call", "Document", "Draft", "Endpoint", "EvaluationItem",
    "EvaluationSet", "Feedback", "Grounding",
    "Item", "Job", "JobFault", "Look", "Media", "MediaUse", "Membership", "ModelAbility", "ModelPrice", "OneTimeLink",
    "Person", "Pool", "PreferencePair", "Project", "PromptTemplate", "PromptVersion", "Revision", "Role", "Run",
    "RunEvent", "RunTally", "Sample", "Seed", "Spend", "Tally", "Text", "Vocabulary", "Workflow",
    "WorkflowTurn",
]  # fmt: skip
