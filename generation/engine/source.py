"""Where a run's answers come from: the source in force, those that stand by for when it is lost, and those of parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from generation.engine.abilities import Abilities
from generation.engine.pacing import Pacer
from generation.engine.price import NO_PRICE, Price
from generation.engine.slots import Slots
from generation.providers.base import Ability, Provider, ProviderError

_LOST = frozenset({"unauthorized", "no_credit", "not_found"})
"""Failures that every other call to the source would meet too."""
_AILING = frozenset({"connection", "timeout", "server_error", "rate_limited"})
"""Failures that mean the same once a request has used up its tries and nothing else was answered meanwhile."""

PATIENCE = 1
"""Tries after the first that a request is given at a source that answers nobody, while another stands by."""

_UNBOUND = 1_000_000

Switch = Callable[[int, str, str], Awaitable[int]]
Learn = Callable[[int, str, Ability, dict[str, int]], Awaitable[None]]


@dataclass(eq=False)
class Source:
    """A model at an endpoint, opened for one drain. `allowance` are tokens that it may think besides its answer,
    `manner` is how the run asks that its answers depend on ("thinking"). `last_answer` is when bytes last came, and
    `last_reply` when there was a reply in them.
    """

    model: str
    provider: Provider
    open_pacer: Callable[[], Pacer]
    price: Price = NO_PRICE
    deadline: float = 120.0
    endpoint: int | None = None
    abilities: Abilities = field(default_factory=Abilities)
    allowance: int = 0
    manner: str = ""
    last_answer: float = float("-inf")
    last_reply: float = float("-inf")
    _pacer: Pacer | None = None

    @property
    def name(self) -> str:
        """What its requests are named by: nothing that may change while a run is at work."""
        return f"{self.provider.kind}\n{self.model}\n{self.manner}"

    @property
    def pacer(self) -> Pacer:
        """Its account's pacer, asked for with the first call: who only stands by takes no share."""
        if self._pacer is None:
            self._pacer = self.open_pacer()
        return self._pacer

    def lost(self, error: ProviderError, *, exhausted: bool, since: float) -> bool:
        """Whether the source is to be given up: `exhausted` says that a request first sent at `since` ended here."""
        return error.kind in _LOST or (exhausted and error.kind in _AILING and self.last_answer < since)

    async def close(self) -> None:
        """Gives back what it holds."""
        if self._pacer is not None:
            await self._pacer.close()
        await self.provider.close()


class Sources:
    """A run's sources in order. `at` is the one in force; it only ever grows.

    `parts` are the sources of the further models that the run asks, by the name of the part. None of them has another
    that stands by. `room` bounds the calls under way to the source in force, where there are parts beside it.
    """

    def __init__(self, sources: Sequence[Source], *, at: int = 0, parts: Mapping[str, Source] | None = None) -> None:
        self._sources = list(sources)
        self.at = min(at, len(self._sources) - 1)
        self.room = Slots(_UNBOUND)
        self._parts = {name: Sources([source]) for name, source in (parts or {}).items()}

    @property
    def all(self) -> list[Sources]:
        """The run's own line of sources first, then one for each part."""
        return [self, *self._parts.values()]

    def of(self, part: str) -> Sources:
        """The line of sources that a prompt of `part` is asked of: the run's own where the part has none."""
        return self._parts.get(part, self)

    @property
    def now(self) -> Source:
        """The source in force."""
        return self._sources[self.at]

    @property
    def first(self) -> Source:
        """The line's first source, by which its requests are named."""
        return self._sources[0]

    @property
    def more(self) -> bool:
        """Whether another one stands by."""
        return self.at + 1 < len(self._sources)

    def by(self, endpoint: int | None, model: str) -> Source:
        """The source that a stored call was sent to."""
        found = [each for each in self._sources if each.endpoint == endpoint and each.model == model]
        return found[0] if found else self.first

    def follow(self, at: int) -> None:
        """Another worker has moved on."""
        self.at = min(max(self.at, at), len(self._sources) - 1)

    async def move_on(self, lost: Source, error: ProviderError, *, switch: Switch) -> bool:
        """Whether another source than `lost` is in force now; `switch(at, kind, detail)` moves the run and says where
        it is."""
        if self.now is lost and self.more:
            self.follow(await switch(self.at, error.kind, str(error)[:500]))
        return self.now is not lost

    async def share(self, most: int) -> int:
        """Calls that may be on the wire to all of them together, at most `most`; sets the room of each line."""
        if not self._parts:
            return min(most, await self.now.pacer.share())
        for line in self.all:
            line.room.resize(min(most, await line.now.pacer.share()))
        return min(most, sum(line.room.size for line in self.all))

    async def tell(self, learn: Learn) -> None:
        """Has what was found out about them written down."""
        for source in (each for line in self.all for each in line._sources):
            if source.abilities.news and source.endpoint is not None:
                source.abilities.news = False
                await learn(source.endpoint, source.model, source.abilities.now, source.abilities.limits)

    async def close(self) -> None:
        """Closes all that were opened."""
        for source in (each for line in self.all for each in line._sources):
            await source.close()


def one_source(
    model: str, provider: Provider, pacer: Pacer, *, price: Price = NO_PRICE, deadline: float = 120.0
) -> Sources:
    """The sources of a run that has no other."""
    return Sources([Source(model, provider, lambda: pacer, price, deadline)])
