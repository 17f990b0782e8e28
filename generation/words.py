"""Codes in words. Pure code returns codes; doors turn them into sentences here, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from generation.drop_words import DROP_REASONS as DROP_REASONS
from generation.param_words import PARAM_CHOICES as PARAM_CHOICES
from generation.param_words import PARAM_FAULTS as PARAM_FAULTS
from generation.param_words import TYPE_FAULTS as TYPE_FAULTS

TEMPLATE_FAULTS: Mapping[str, Any] = {
    "empty": _("The text is empty."),
    "too_long": _("The text is longer than %(name)s characters."),
    "malformed_variable": _("This looks like a variable but is none: %(name)s"),
    "unknown_variable": _("There is no variable of this name: %(name)s"),
    "missing_variable": _("This variable must be used somewhere: %(name)s"),
    "unknown_section": _("There is no section of this name: %(name)s"),
    "no_user_turn": _("No user turn has any text."),
    "nul_character": _("The text holds a NUL character."),
    "lone_surrogate": _("The text holds half of a character (a lone surrogate)."),
    "unreplaced_placeholder": _("Nothing is known that could stand for this placeholder: %(name)s"),
}
FAILURES: Mapping[str, Any] = {
    "rate_limited": _("turned away for too many requests"),
    "server_error": _("the server failed"),
    "timeout": _("no answer in time"),
    "connection": _("no connection"),
    "malformed_reply": _("the reply is not what the protocol says"),
    "empty_reply": _("an empty reply"),
    "content_filter": _("held back by the provider's filter"),
    "refused": _("refused by the provider"),
    "bad_request": _("the provider calls the request wrong"),
    "context_length": _("the prompt is too long for the model"),
    "unauthorized": _("the key was refused"),
    "no_credit": _("no credit left at the provider"),
    "not_found": _("the provider does not know the model or address"),
    "budget_reached": _("the budget was reached"),
    "recipe_error": _("the recipe broke off"),
    "recipe_changed": _("the recipe's code changed since the run began"),
    "unknown_outcome": _("sent, but nobody knows the outcome; it may have been billed"),
}
FAILURE_ADVICE: Mapping[str, Any] = {
    "rate_limited": _("Lower the endpoint's limits, then retry."),
    "server_error": _("Retry later; it was tried several times."),
    "timeout": _("Raise the endpoint's timeout, or ask for shorter answers, then retry."),
    "connection": _("Check that the address is up, then retry."),
    "malformed_reply": _("Read the raw reply; often the address is not OpenAI-compatible."),
    "content_filter": _("Retrying brings the same answer. Leave these seeds out."),
    "refused": _("Retrying rarely helps. Change the prompt or leave these seeds out."),
    "bad_request": _("Read the raw reply: it says what the provider did not accept."),
    "context_length": _("Show fewer examples in a prompt, or choose a model with a longer context."),
    "unauthorized": _("Set the endpoint's key again, then resume."),
    "no_credit": _("Top up the account at the provider, then resume."),
    "not_found": _("Check the model's name and the address of the endpoint."),
    "budget_reached": _("Raise the budget to go on."),
    "unknown_outcome": _("The worker ended while the call was on the wire. Retrying may be billed twice."),
}
SOURCES: Mapping[str, Any] = {
    "seeds": _("seeds"),
    "samples": _("samples"),
    "documents": _("documents"),
    "answers": _("answers"),
    "vocabulary": _("a vocabulary"),
}
WORKFLOW_FAULTS: Mapping[str, Any] = {
    "reads_no_samples": _("This recipe draws from no samples, so it can only be the first step."),
    "unknown_draws": _("A step draws from what passed or from what was approved."),
    "run_failed": _("The run of a step failed."),
    "run_cancelled": _("The run of a step was cancelled."),
    "no_seeds": _("There was nothing new to draw from."),
    "no_samples": _("There was nothing to draw from."),
    "no_documents": _("There was no document to draw from."),
    "no_answers": _("There was no prompt with two answers or more to draw from."),
}
START_FAULTS: Mapping[str, Any] = {
    "no_seeds": _("No seed passes this selection. A run needs at least one."),
    "no_samples": _("No sample passes this selection. A run of this recipe needs at least one."),
    "no_documents": _("There is no document to draw from. A run of this recipe needs at least one."),
    "no_answers": _("No prompt with two answers or more passes this selection. A run of this recipe needs one."),
    "no_vocabulary": _("There is no vocabulary to draw from. A run of this recipe needs one."),
    "nothing_new": _("Runs like this one have had every row of this selection. Add new ones, or take all again."),
    "needs_confirmation": _("This may cost more than runs of this project do without a question. Confirm the cost."),
    "no_endpoint": _("Choose an endpoint."),
    "unusable_endpoint": _("This endpoint cannot be used in this project."),
    "no_key": _("This endpoint has no key. Set one, or name another source."),
    "no_source": _("None of these sources can be asked: each lacks its key, its model, or is not this project's."),
    "offline_fallback": _("Rules cannot stand by for a language model: their rows would pass for its own."),
    "bad_repeats": _("What becomes of rows that repeat others is off, note or drop, from a likeness of 0.5 to 1."),
    "unknown_batch": _("There is no such way of asking in batches."),
    "batch_not_offered": _("This endpoint does not take batches of this kind."),
    "no_model": _("Name the model."),
    "part_missing": _("This recipe asks a further model. Name it."),
    "unknown_part": _("This recipe asks no model of this name."),
    "same_model": _("This must be another model than the run's own: the same one twice shows no difference."),
    "offline_part": _("Rules and language models do not work in one run: let rules answer all of it, or nothing."),
    "unknown_price": _(
        "The price of this model is not known, so no cap can be kept. Set its price, or leave the cap empty."
    ),
    "bad_params": _("Some settings of the recipe do not fit."),
    "unknown_recipe": _("There is no recipe of this name."),
    "faulty_prompt": _("A prompt of this recipe cannot be sent as it is. Open it and mend its faults."),
}
PAUSE_REASONS: Mapping[str, Any] = {
    "user": _("Paused by a person. What was on the wire was finished."),
    "budget": _("The budget is reached: the next call might have gone beyond it."),
    "auth": _("The provider refused the key."),
    "credit": _("The provider says that no credit is left."),
    "broken": _("Most of the last calls failed in a way that retrying does not mend."),
}
TURN_ROLES: Mapping[str, Any] = {
    "system": _("system"),
    "user": _("user"),
    "assistant": _("assistant"),
    "tool": _("tool"),
}
PROMPT_ADVICE: Mapping[str, Any] = {
    "missing_module": _("This LangGPT prompt has no module %(name)s."),
    "empty_module": _("The module %(name)s says nothing."),
    "repeated_module": _("The module %(name)s stands here a second time."),
    "unknown_reference": _("%(name)s points to no module and to no line of the profile."),
    "no_samples": _("The template shows no samples: put {{ samples }} or <sample_list> where they belong."),
    "no_entities": _("The template shows no entities: put {{ entities }} or <disease_list> where they belong."),
    "states_other_number": _("Its words ask for another number of records than the run counts on: %(name)s"),
}
ADDRESS_FAULTS: Mapping[str, Any] = {
    "unreadable": _("This is not an address of the form https://host/path."),
    "scheme": _("An address begins with https:// or http://."),
    "credentials": _("Names and passwords do not belong in an address. Set a key instead."),
    "odd_host": _("Write the host as a name or as a full IP address."),
    "unknown_host": _("No host of this name is known here."),
    "forbidden": _("FDC never connects to this address."),
    "own_port": _("FDC itself, its database or its broker listens there."),
    "private": _("FDC connects to private addresses only where its administrator allows it (FDC_PROVIDER_ALLOW)."),
    "not_https": _("Public addresses need https://."),
}
CONNECTION: Mapping[str, Any] = {
    "ok": _("The address answers and knows the key."),
    "damaged_key": _("The stored key cannot be opened any more. Set it again."),
    "unauthorized": _("The address answers, but refuses the key."),
    "not_found": _("The address answers, but there is no model list there. Does it end in /v1?"),
    "not_allowed": _("FDC may not connect to this address."),
    "unreachable": _("Nobody answers at this address."),
    "timeout": _("No answer came in time."),
    "unexpected": _("Something answers, but not as an OpenAI-compatible server would."),
}
JSON_RUNGS: Mapping[str, Any] = {
    "schema": _("strict schema"),
    "object": _("JSON object"),
    "tool": _("tool call"),
    "plain": _("in words"),
}
RUN_EVENTS: Mapping[str, Any] = {
    "source.switched": _("The source was lost; the next one answers."),
    "source.skipped": _("A source was passed over."),
    "judge.fooled": _("A planted text fooled the judge; what it let pass is held back."),
    "judge.cleared": _("Somebody looked at it; the pairs may leave again."),
    "batch.created": _("A batch was handed in."),
    "batch.ended": _("A batch came home."),
    "batch.failed": _("A batch failed; its requests go into the next one."),
}
JOB_FAULTS: Mapping[str, Any] = {
    "batch_refused": _("The provider refused the batch. The run is paused and says why."),
    "file_missing": _("The uploaded file is gone. Upload it again; rows that were read are kept."),
    "mix_too_large": _(
        "The mix would repeat rows up to more than 5,000,000 in all. Ask for fewer rows, or a smaller general share."
    ),
    "crashed_too_often": _("The work broke off five times at the same place."),
    "unexpected": _("Something unforeseen happened; the server's log has it."),
}
MEDIA_FAULTS: Mapping[str, Any] = {
    "bad_zip": _("The archive is damaged."),
    "child_died": _("The archive could not be read."),
    "duplicate_name": _("Two files of the archive have this name."),
    "encrypted": _("The file is encrypted."),
    "media_type": _("This is no picture, film or sound of an allowed kind. SVG and HTML are never taken."),
    "name_taken": _("Another file has this name. Rows show that one; choose another name or folder."),
    "too_large": _("The file is too large."),
    "too_long": _("The name is longer than 200 characters."),
    "too_many_files": _("The archive has too many files; the rest was not read."),
    "took_too_long": _("The archive took too long to read."),
    "unsafe_path": _("The name leads out of its folder, or holds characters that no file name should."),
}
RUN_STATES: Mapping[str, Any] = {
    "created": _("created"),
    "running": _("running"),
    "paused": _("paused"),
    "stopping": _("stopping"),
    "completed": _("completed"),
    "completed_with_errors": _("completed with failures"),
    "cancelled": _("cancelled"),
    "failed": _("failed"),
}
SAMPLE_STATES: Mapping[str, Any] = {
    "generated": _("generated"),
    "filtered": _("filtered"),
    "needs_review": _("to review"),
    "approved": _("approved"),
    "rejected": _("rejected"),
}
CALL_STATES: Mapping[str, Any] = {
    "planned": _("planned"),
    "sent": _("on the wire"),
    "answered": _("answered"),
    "parsed": _("answered"),
    "failed": _("failed"),
    "unknown": _("outcome unknown"),
    "skipped": _("skipped"),
}
JOB_STATES: Mapping[str, Any] = {
    "waiting": _("waiting"),
    "running": _("running"),
    "done": _("done"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
}


def word(table: Mapping[str, Any], code: str) -> Any:
    """The words for a code; a code that has none is shown as it is, never hidden."""
    return table.get(code, code.replace("_", " "))


def template_fault(code: str, name: str) -> str:
    """What is wrong with a prompt's text, with the name that it is about."""
    return str(word(TEMPLATE_FAULTS, code)) % {"name": name}
