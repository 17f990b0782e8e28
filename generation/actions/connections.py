"""Asking endpoints whether they are there, with answers from a closed set."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from generation.actions.address_policy import address_policy
from generation.actions.endpoint_views import endpoint_view
from generation.models import Endpoint
from generation.providers.model_list import ModelListError, list_models
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
        key = endpoint_view(endpoint).key
        return Connection("ok", list_models(endpoint.base_url, policy=address_policy(), key=key))
    except SealError:
        return Connection("damaged_key", [])
    except ModelListError as error:
        return Connection(error.code, [])


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
