"""Endpoints: where answers come from. Keys go in and never come out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from generation.access import Seat
from generation.actions.address_policy import check_address
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
from generation.schemas import EndpointChangesIn, EndpointIn, EndpointOut, KeyIn

router = Router(tags=["endpoints"])

KIND = "openai_compatible"


@router.get("/projects/{slug:slug}/endpoints", response=list[EndpointOut])
def list_endpoints(request: HttpRequest, slug: str) -> Any:
    """The endpoints that the project may use: its own and those of the installation."""
    return Endpoint.objects.usable_in(api_seat(request, slug).project)


@router.post("/projects/{slug:slug}/endpoints", response={201: EndpointOut})
def make_endpoint(request: HttpRequest, slug: str, body: EndpointIn) -> Status[Endpoint]:
    """A new OpenAI-compatible endpoint. Owners only. 422 for an address that FDC may not connect to."""
    seat = api_seat(request, slug, Role.OWNER)
    values: Any = body.model_dump(exclude_none=True, exclude={"key"}) | {"base_url": _address(body.base_url)}
    key = body.key.get_secret_value()
    return Status(201, create_endpoint(seat.project, kind=KIND, by=seat.person, now=timezone.now(), key=key, **values))


@router.patch("/projects/{slug:slug}/endpoints/{int:endpoint_id}", response=EndpointOut)
def change_endpoint(request: HttpRequest, slug: str, endpoint_id: int, body: EndpointChangesIn) -> Endpoint:
    """Changes what is named. Another scheme, host or port drops the stored key."""
    seat = api_seat(request, slug, Role.OWNER)
    endpoint = _own(seat, endpoint_id)
    values: Any = body.model_dump(exclude_unset=True)
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
    set_key(endpoint, key=body.key.get_secret_value(), by=seat.person, now=timezone.now())
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
