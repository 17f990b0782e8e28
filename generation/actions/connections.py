"""Asking endpoints whether they are there and what they can do, with answers from a closed set."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from generation.actions.address_policy import address_policy
from generation.actions.endpoint_views import endpoint_view
from generation.models import Endpoint, ModelAbility
from generation.providers.keys import bearer, headers_for
from generation.providers.model_list import ModelListError, list_models
from generation.providers.probes import Found, probe
from generation.secrets import SealError

LOCAL = (
    ("Ollama", 11434),
    ("LM Studio", 1234),
    ("llama.cpp", 8080),
    ("vLLM", 8000),
    ("vLLM", 8001),
    ("text-generation-webui", 5000),
)
"""Where model servers on one's own machine listen by custom."""

LOCAL_SECONDS = 0.3
MODEL_SECONDS = 5.0
PROBE_SECONDS = 20.0
"""For the list of models, and for all that a model is asked."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How an endpoint answered: `code` as in `model_list`, or "ok", and the models that it offers."""

    code: str
    models: list[str]


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A model server that was found on this machine. It is offered; nothing is switched to it."""

    name: str
    base_url: str
    models: list[str]


def try_connection(endpoint: Endpoint) -> Connection:
    """Asks the endpoint for its models, with its key, and writes nothing down."""
    if endpoint.offline:
        return Connection("ok", [])
    try:
        view = endpoint_view(endpoint)
        more = headers_for(view)
        names = list_models(
            endpoint.base_url, policy=address_policy(), key=bearer(view), seconds=MODEL_SECONDS, headers=more
        )
        return Connection("ok", names)
    except SealError:
        return Connection("damaged_key", [])
    except ModelListError as error:
        return Connection(error.code, [])


@dataclass(frozen=True, slots=True)
class Tested:
    """A connection with what its model can do: `found` is None where no model could be asked."""

    connection: Connection
    model: str = ""
    found: Found | None = None

    @property
    def code(self) -> str:
        """What a person should know first: how the model answered, else how the address did."""
        return self.found.code if self.found else self.connection.code


def examine(endpoint: Endpoint, *, now: datetime, model: str = "") -> Tested:
    """Asks the endpoint for its models and one of them for a few tokens; what it can do is kept for runs to begin with.

    Without a `model` the first that the endpoint lists, else the first that its server offers.
    """
    connection = try_connection(endpoint)
    if endpoint.offline or connection.code in ("damaged_key", "not_allowed", "unreachable", "timeout"):
        return Tested(connection)
    model = model or next(iter(endpoint.models_listed), "") or next(iter(connection.models), "")
    if not model:
        return Tested(connection)
    found = probe(endpoint_view(endpoint), model=model, policy=address_policy(), seconds=PROBE_SECONDS)
    if found.code == "ok":
        keep_found(endpoint, model=model, found=found, now=now)
    return Tested(connection, model, found)


@transaction.atomic
def keep_found(endpoint: Endpoint, *, model: str, found: Found, now: datetime) -> ModelAbility:
    """Writes down what a test found. It is fresher than anything that was learnt before, so it replaces that."""
    facts = {name: value for name, value in asdict(found).items() if name not in ("code", "words", "limits", "omits")}
    row, _ = ModelAbility.objects.select_for_update().get_or_create(endpoint=endpoint, model=model)
    row.facts, row.tested_at, row.omits = facts | {"json_modes": list(found.json_modes)}, now, list(found.omits)
    row.json_mode = found.json_mode if endpoint.kind == "openai_compatible" else row.json_mode
    row.detected = row.detected | dict(found.limits)
    row.save()
    return row


def find_local() -> list[LocalServer]:
    """The model servers on this machine, all ports asked side by side within a third of a second."""
    policy = address_policy()

    def ask(place: tuple[str, int]) -> LocalServer | None:
        name, port = place
        base_url = f"http://127.0.0.1:{port}/v1"
        try:
            return LocalServer(name, base_url, list_models(base_url, policy=policy, seconds=LOCAL_SECONDS))
        except ModelListError:
            return None

    with ThreadPoolExecutor(len(LOCAL)) as threads:
        return [found for found in threads.map(ask, LOCAL) if found is not None]
