"""Which endpoint a model is asked at, by the name of the model: one that was named and has it, else any that has."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from generation.actions.address_policy import address_policy
from generation.actions.chosen_sources import consider
from generation.actions.endpoint_views import endpoint_view
from generation.models import Endpoint, Project
from generation.providers.families import family_of, maker_at, may_serve
from generation.providers.model_list import ModelListError, list_models
from generation.secrets import SealError


def home_of(project: Project, *, model: str) -> Endpoint | None:
    """The endpoint with a key that serves the model: one that lists it, else its maker's own, else any that may.

    None where no endpoint of the project has a key at all; `CommandError` where none that has one serves it.
    """
    able = _with_keys(project)
    if not able:
        return None
    serving = [each for each in able if serves(each, model=model)]
    if not serving:
        names = ", ".join(each.name for each in able)
        told = {"model": model, "names": names}
        raise CommandError(_("No endpoint with a key serves %(model)s; there are: %(names)s") % told)
    return min(serving, key=lambda each: _distance(each, model))


def check_serves(endpoint: Endpoint, *, models: Iterable[str]) -> None:
    """`CommandError` for a model that the endpoint does not have, unless rules answer."""
    if endpoint.offline:
        return
    for model in models:
        if not serves(endpoint, model=model):
            told = {"name": endpoint.name, "address": endpoint.base_url, "model": model}
            said = _("%(name)s (%(address)s) does not serve %(model)s. Name another provider or endpoint.")
            raise CommandError(said % told)


def serves(endpoint: Endpoint, *, model: str) -> bool:
    """Whether the endpoint has the model, as far as can be told: by its own list, by its maker, or by asking it."""
    if model in endpoint.models_listed:
        return True
    if maker := maker_at(endpoint.base_url, kind=endpoint.kind):
        return may_serve(maker, model=model)
    try:
        view = endpoint_view(endpoint)
        return model in list_models(view.base_url, policy=address_policy(), key=view.key)
    except (ModelListError, SealError):
        return True  # it says nothing of its models: the first call will tell


def _with_keys(project: Project) -> list[Endpoint]:
    real = [each for each in Endpoint.objects.usable_in(project) if not each.offline]
    return [each.endpoint for each in consider(project, asked=[(each, "any") for each in real]) if not each.fault]


def _distance(endpoint: Endpoint, model: str) -> tuple[bool, bool]:
    own = maker_at(endpoint.base_url, kind=endpoint.kind) == family_of(model) != ""
    return model not in endpoint.models_listed, not own
