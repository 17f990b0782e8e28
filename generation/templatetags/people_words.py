"""The words of the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from generation.words import word

register = template.Library()

DEEDS: Mapping[str, Any] = {
    "endpoint.created": _("made an endpoint"),
    "endpoint.changed": _("changed an endpoint"),
    "endpoint.key_dropped": _("took an endpoint's key away"),
    "endpoint.key_set": _("set an endpoint's key"),
    "endpoint.retired": _("retired an endpoint"),
    "export.start": _("started an export"),
    "export.push": _("pushed a bundle to the Hugging Face Hub"),
    "dataset.describe": _("filled in a dataset's card"),
    "dataset.freeze": _("froze a version of a dataset"),
    "dataset.note": _("changed the note of a version"),
    "document.removed": _("took a document away"),
    "evaluation_set.added": _("brought an evaluation set in"),
    "evaluation_set.removed": _("deleted an evaluation set"),
    "conflict.settled": _("settled a conflict of samples"),
    "conflict.no_conflict": _("said that samples are in no conflict"),
    "conflict.reopened": _("opened a settled conflict again"),
    "price.forgotten": _("forgot a price"),
    "workflow.saved": _("saved a workflow"),
    "workflow.retired": _("took a workflow away"),
    "import.approved": _("imported rows as approved"),
    "invitation.made": _("made an invitation"),
    "invitation.withdrawn": _("withdrew an invitation"),
    "media.removed": _("removed a medium"),
    "member.joined": _("joined"),
    "member.removed": _("removed a member"),
    "member.role": _("changed a role"),
    "person.first": _("was the first to come"),
    "person.password": _("changed the password"),
    "person.recovered": _("set a new password by link"),
    "person.saved": _("changed a person"),
    "project.made": _("made the project"),
    "project.settings": _("changed the settings"),
    "prompt.saved": _("saved a prompt"),
    "scenario.loaded": _("brought a scenario in"),
    "token.made": _("made an API token"),
    "token.revoked": _("revoked an API token"),
    "vocabulary.changed": _("changed a vocabulary"),
    "vocabulary.deleted": _("deleted a vocabulary"),
    "vocabulary.made": _("made a vocabulary"),
    "comparison.adjudicate": _("settled a disagreement"),
    "judgement.unblinded": _("judged answers after a look behind them"),
    "labels.draw": _("drew good and bad answers"),
    "pair.hold_back": _("held a pair back"),
    "pair.release": _("let a pair leave"),
    "pair.undo": _("took a word on a pair back"),
    "pairs.look": _("looked behind all answers"),
    "pairs.regate": _("gated pairs anew"),
    "pairs.undo_regate": _("took a gating back"),
    "pairs.remedy": _("used a remedy of a report on pairs"),
    "pairs.undo_remedy": _("took a remedy back"),
    "quality.remedy": _("used a remedy of a report on quality"),
    "quality.undo_remedy": _("took a remedy on quality back"),
    "round.again": _("asked people a second time"),
    "round.close": _("closed a round"),
    "round.deal_to_all": _("dealt a round to everybody"),
    "round.open": _("opened a round"),
    "round.reopen": _("opened a round again"),
    "selection.start": _("had the best rows selected"),
    "scores.read": _("read scores in from a file"),
    "round.withdraw": _("withdrew comparisons"),
}


@register.filter
def deed(code: str) -> Any:
    """What somebody did."""
    return word(DEEDS, code)
