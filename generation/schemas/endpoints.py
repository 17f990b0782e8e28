"""Endpoints as the API takes and gives them: keys go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, SecretStr, StringConstraints

from generation.schemas.base import Input, Limit, Name


class EndpointOut(Schema):
    """An endpoint. No field of it ever holds a key; `key_hint` is its last four characters."""

    id: int
    name: str
    kind: str
    preset: str
    base_url: str
    environment: str
    shared: bool
    offline: bool
    has_key: bool
    key_hint: str
    key_set_at: datetime | None
    models_listed: list[str]
    requests_per_minute: int | None
    tokens_per_minute: int | None
    max_in_flight: int
    timeout_seconds: int

    @staticmethod
    def resolve_shared(row: Any) -> bool:
        """Whether it belongs to the whole installation."""
        return row.project_id is None


PresetName = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_]*$")]


class EndpointOptionsIn(Input):
    """What only some servers want: an application id (Qianfan), a workspace (DashScope), thinking on or off, and how
    many tokens may be thought."""

    appid: Annotated[str, StringConstraints(max_length=120)] | None = None
    workspace: Annotated[str, StringConstraints(max_length=120)] | None = None
    thinking: bool | None = None
    thinking_budget: int | None = Field(None, ge=1, le=200_000)


class EndpointChangesIn(Input):
    """What may be changed of an endpoint; fields that are left out stay as they are."""

    name: Name | None = None
    preset: PresetName | None = None
    options: EndpointOptionsIn | None = None
    base_url: Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)] | None = None
    models_listed: list[Name] | None = Field(None, max_length=200)
    requests_per_minute: Limit | None = None
    tokens_per_minute: Limit | None = None
    max_in_flight: int | None = Field(None, ge=1, le=1000)
    timeout_seconds: int | None = Field(None, ge=1, le=3600)


class EndpointIn(EndpointChangesIn):
    """A new endpoint; its key is written and never read back."""

    name: Name
    base_url: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
    key: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")


class KeyIn(Input):
    """A key to store, and its second half where the provider gives two."""

    key: SecretStr = Field(min_length=1, max_length=2000)
    secret: SecretStr = SecretStr("")


class PresetOut(Schema):
    """A kind of server that an endpoint can be made from."""

    name: str
    title: str
    kind: str
    base_url: str
    needs_key: bool
    local: bool
    secret: bool
    appid: bool
    models: list[str]
    max_in_flight: int
    note: str


class AbilityOut(Schema):
    """What a model at an endpoint can do: `json_mode` is the rung of the JSON ladder that works."""

    model: str
    json_mode: str
    omits: list[str]
    facts: dict[str, Any]
    detected: dict[str, int]
    learnt_at: datetime | None
    tested_at: datetime | None


class TestIn(Input):
    """The model to ask; empty: the first that the endpoint lists."""

    model: Annotated[str, StringConstraints(max_length=120)] = ""


class TestOut(Schema):
    """How a test of the connection went: `code` is "ok" or why not; `models` are those that the server offers."""

    code: str
    words: str
    model: str
    models: list[str]
    abilities: list[AbilityOut]
