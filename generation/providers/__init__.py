"""Where answers come from. One provider is one file; `PROVIDERS` is the list that everything else walks.

A provider's client library is large, so its file is loaded with the first endpoint of its kind.
"""

from __future__ import annotations

import pkgutil

from generation.providers.addresses import Policy
from generation.providers.base import EndpointView, Provider

PROVIDERS = {
    "offline": "generation.providers.offline:Offline",
    "openai_compatible": "generation.providers.openai_compatible:OpenAICompatible",
    "dashscope": "generation.providers.dashscope:DashScope",
}


class UnknownProviderError(LookupError):
    """No provider is of that kind."""


def open_provider(endpoint: EndpointView, policy: Policy) -> Provider:
    """A provider for the endpoint, to be used and closed in one event loop; `UnknownProviderError` for its kind."""
    try:
        place = PROVIDERS[endpoint.kind]
    except KeyError:
        raise UnknownProviderError(endpoint.kind) from None
    provider: Provider = pkgutil.resolve_name(place)(endpoint, policy)
    return provider
