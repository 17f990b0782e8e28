"""The rows of generation, one file per noun."""

from generation.models.calls import Call
from generation.models.endpoints import Endpoint, ModelPrice
from generation.models.jobs import Job, JobFault
from generation.models.pairs import Answer, Feedback, Media, MediaUse, PreferencePair, Text
from generation.models.people import ApiToken, AuditEntry, OneTimeLink, Person
from generation.models.projects import Membership, Project, Role, Tally
from generation.models.prompts import PromptTemplate, PromptVersion
from generation.models.runs import Item, Pool, Run, RunTally
from generation.models.samples import Draft, Revision, Sample
from generation.models.seeds import Document, Seed, Vocabulary

__all__ = [
    "Answer", "ApiToken", "AuditEntry", "Call", "Document", "Draft", "Endpoint", "Feedback", "Item", "Job", "JobFault",
    "Media", "MediaUse", "Membership", "ModelPrice", "OneTimeLink", "Person", "Pool", "PreferencePair", "Project",
    "PromptTemplate", "PromptVersion", "Revision", "Role", "Run", "RunTally", "Sample", "Seed", "Tally", "Text",
    "Vocabulary",
]  # fmt: skip
