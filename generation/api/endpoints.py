"""Endpoints: where answers come from. Keys go in and never come out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Router, Status

from generation.access import Seat
from generation.actions.address_policy import check_address
from generation.actions.connections import examine
from generation.actions.endpoints import (
    create_endpoint,
    drop_key,
    edit_endpoint,
    retire_endpoint,
    set_key,
)
from generation.api.door import RefusedError, api_seat
from generation.models import Endpoint, Role
from generation.providers.addresses import AddressRefusedError
from generation.providers.presets import PRESETS, Preset, preset
from generation.schemas import (
    AbilityOut,
    EndpointChangesIn,
    EndpointIn,
    EndpointOut,
    KeyIn,
    PresetOut,
    TestIn,
    TestOut,
)

router = Router(tags=["endpoints"])

KIND = "openai_compatible"


@router.get("/projects/{slug:slug}/endpoints", response=list[EndpointOut])
def list_endpoints(request: HttpRequest, slug: str) -> Any:
    """The endpoints that the project may use: its own and those of the installation."""
    return Endpoint.objects.usable_in(api_seat(request, slug).project)


@router.post("/projects/{slug:slug}/endpoints", response={201: EndpointOut})
def make_endpoint(request: HttpRequest, slug: str, body: EndpointIn) -> Status[Endpoint]:
    """A new endpoint, of the preset's kind where one is named. Owners only. 422 for an address that FDC may not connect
    to."""
    seat = api_seat(request, slug, Role.OWNER)
    values: Any = body.model_dump(exclude_none=True, exclude={"key", "secret"})
    values = {"max_in_flight": _preset(body.preset or "").max_in_flight} | values
    values |= {"base_url": _address(body.base_url)}
    made = create_endpoint(
        seat.project, kind=KIND, by=seat.person, now=timezone.now(), key=body.key.get_secret_value(),
        secret=body.secret.get_secret_value(), **values,
    )  # fmt: skip
    return Status(201, made)


@router.get("/projects/{slug:slug}/endpoint-presets", response=list[PresetOut])
def list_presets(request: HttpRequest, slug: str) -> Any:
    """The kinds of servers that an endpoint can be made from, with what each fills in."""
    api_seat(request, slug)
    names = ("name", "kind", "base_url", "needs_key", "local", "secret", "appid", "models", "max_in_flight")
    return [
        {name: getattr(each, name) for name in names}
        | {"title": gettext(each.title), "note": gettext(each.note) if each.note else ""}
        for each in PRESETS
    ]


@router.get("/projects/{slug:slug}/endpoints/{int:endpoint_id}/abilities", response=list[AbilityOut])
def list_abilities(request: HttpRequest, slug: str, endpoint_id: int) -> Any:
    """What is known of the endpoint's models: found by tests, learnt from answers."""
    usable = Endpoint.objects.usable_in(api_seat(request, slug).project)
    return get_object_or_404(usable, pk=endpoint_id).abilities.order_by("model")


@router.post("/projects/{slug:slug}/endpoints/{int:endpoint_id}/test", response=TestOut)
def test_endpoint(request: HttpRequest, slug: str, endpoint_id: int, body: TestIn) -> dict[str, Any]:
    """Asks the endpoint for its models and one of them for a few tokens; keeps what it can do. At most 25 seconds."""
    seat = api_seat(request, slug, Role.OWNER)
    endpoint = get_object_or_404(Endpoint, project=seat.project, retired_at=None, pk=endpoint_id)
    tested = examine(endpoint, now=timezone.now(), model=body.model)
    return {
        "code": tested.code, "words": tested.found.words if tested.found else "", "model": tested.model,
        "models": tested.connection.models, "abilities": list(endpoint.abilities.order_by("model")),
    }  # fmt: skip


@router.patch("/projects/{slug:slug}/endpoints/{int:endpoint_id}", response=EndpointOut)
def change_endpoint(request: HttpRequest, slug: str, endpoint_id: int, body: EndpointChangesIn) -> Endpoint:
    """Changes what is named. Another scheme, host or port drops the stored key."""
    seat = api_seat(request, slug, Role.OWNER)
    endpoint = _own(seat, endpoint_id)
    values: Any = body.model_dump(exclude_unset=True)
    if "options" in values:
        kept = endpoint.options | (values["options"] or {})
        values["options"] = {name: value for name, value in kept.items() if value not in ("", None)}
    if "preset" in values:
        _preset(values["preset"] or "")
    refuse_emptied(values, may_be_empty=("requests_per_minute", "tokens_per_minute"))
    if "base_url" in values:
        values["base_url"] = _address(values["base_url"])
    edit_endpoint(endpoint, by=seat.person, now=timezone.now(), **values)
    return endpoint


@router.put("/projects/{slug:slug}/endpoints/{int:endpoint_id}/key", response=EndpointOut)
def store_key(request: HttpRequest, slug: str, endpoint_id: int, body: KeyIn) -> Endpoint:
    """Stores a key, encrypted. It cannot be read back."""
    seat = api_seat(request, slug, Role.OWNER)
    endpoint = _own(seat, endpoint_id)
    set_key(
        endpoint, key=body.key.get_secret_value(), secret=body.secret.get_secret_value(), by=seat.person,
        now=timezone.now(),
    )  # fmt: skip
    return endpoint


@router.delete("/projects/{slug:slug}/endpoints/{int:endpoint_id}/key", response=EndpointOut)
def forget_key(request: HttpRequest, slug: str, endpoint_id: int) -> Endpoint:
    """Forgets the stored key."""
    seat = api_seat(request, slug, Role.OWNER)
    endpoint = _own(seat, endpoint_id)
    drop_key(endpoint, by=seat.person, now=timezone.now())
    return endpoint


@router.delete("/projects/{slug:slug}/endpoints/{int:endpoint_id}", response={204: None})
def delete_endpoint(request: HttpRequest, slug: str, endpoint_id: int) -> Status[None]:
    """Takes an endpoint out of use and forgets its key."""
    seat = api_seat(request, slug, Role.OWNER)
    retire_endpoint(_own(seat, endpoint_id), by=seat.person, now=timezone.now())
    return Status(204, None)


def _preset(name: str) -> Preset:
    """The preset of that name; 422 for one that there is not."""
    found = preset(name)
    if name and found.name != name:
        raise RefusedError(422, "unknown_preset", "There is no such kind of server.", path="body.preset")
    return found


def refuse_emptied(values: dict[str, Any], *, may_be_empty: tuple[str, ...]) -> None:
    """`RefusedError` for a null where the row needs a value."""
    for name, value in values.items():
        if value is None and name not in may_be_empty:
            raise RefusedError(422, "missing", "This field cannot be empty.", path=f"body.{name}")


def _address(base_url: str) -> str:
    """The address as it is stored; 422 for one that FDC may not call."""
    try:
        return check_address(base_url)
    except AddressRefusedError as refused:
        raise RefusedError(422, refused.code, "FDC may not call this address.", path="body.base_url") from None


def _own(seat: Seat, endpoint_id: int) -> Endpoint:
    """One of the project's own endpoints; those of the installation are read here and changed nowhere."""
    found = get_object_or_404(Endpoint.objects.usable_in(seat.project), pk=endpoint_id)
    if found.project_id is None:
        raise RefusedError(409, "shared_endpoint", "This endpoint belongs to the whole installation.")
    return found
