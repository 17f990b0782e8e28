"""Training rows that repeat evaluation items: which set, which item, which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from generation.quality.contamination.beside import parts_of_row
from generation.quality.contamination.grams import Grams
from generation.quality.contamination.judging import covered, joined, matched, stretches
from generation.quality.contamination.presets import THIRTEEN, Preset
from generation.quality.near_duplicates.words import WordHashes
from generation.quality.text import comparison_key, has_cjk, tokens

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST_SPANS = 20
_MOST_TEXT = 300
_NOTHING: Mapping[str, Sequence[Hashable]] = MappingProxyType({})
_BATCH_ROWS, _BATCH_LETTERS = 512, 1 << 18
_LEAST_WORDS, _LEAST_OUTPUT = 2, 5
"""What is compared as a whole has so many words at least; an output alone more, since "No, it is not." is nobody's."""


@dataclass(frozen=True, slots=True)
class Item:
    """One evaluation text: the name of its set, its number in it from 0, its words as hashes, the letters of each, and
    the key of the row that it was made of, which does not repeat it."""

    set: str
    number: int
    words: npt.NDArray[np.uint64] = field(repr=False)
    letters: Sequence[int] = field(repr=False)
    made_of: Hashable = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that repeats an item. `share` is how much of the item is repeated (0 to 1), `text` the longest stretch as
    the row has it, `spans` (field, start, end) in code points, at most 20; `exact` when the row's text is the item;
    `words` (first, behind the last) the runs of the item's own words that the row repeats, at most 20; `row` the
    fields that repeat it, in pieces as `beside.parts_of_row` gives them."""

    key: Hashable
    set: str
    item: int
    share: float
    text: str
    spans: tuple[tuple[str, int, int], ...]
    exact: bool = False
    words: tuple[tuple[int, int], ...] = ()
    row: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), repr=False)


@dataclass(slots=True)
class _Row:
    key: Hashable
    fields: Mapping[str, str]
    words: list[bytes]


class Contamination:
    """Evaluation texts, and the training rows that repeat them. Rows stream.

    Memory: 36 bytes for each word of the evaluation texts; of rows only a batch, and those that hit.
    """

    def __init__(
        self, sets: Iterable[tuple[str, Sequence[str]]], *, preset: Preset = THIRTEEN,
        made_of: Mapping[str, Sequence[Hashable]] = _NOTHING,
    ) -> None:  # fmt: skip
        """`made_of` names, for a set whose items were rows once, the key of each item's row (None: of none)."""
        self.preset = preset
        self.sizes: dict[str, int] = {}
        self.unjudged: dict[str, int] = {}
        """Set -> items of a single word or none, which nothing can be said of."""
        self._hashes = WordHashes()
        self._items: list[Item] = []
        self._whole: defaultdict[bytes, list[int]] = defaultdict(list)
        self._waiting: list[tuple[Hashable, Mapping[str, str]]] = []
        self._letters = 0
        self._hits: list[Hit] = []
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        for name, texts in sets:
            rows = made_of.get(name, ())
            for number, text in enumerate(texts):
                row = rows[number] if number < len(rows) else None
                by_length[self._length(text)].append(self._keep(name, number, text, row))
        self._grams = [self._indexed(length, items) for length, items in sorted(by_length.items())]

    def see(self, key: Hashable, fields: Mapping[str, str]) -> None:
        """Takes in a row's texts by field ("instruction", "output" ...), in the order in which they are read."""
        self._waiting.append((key, fields))
        self._letters += sum(map(len, fields.values()))
        if self._letters >= _BATCH_LETTERS or len(self._waiting) >= _BATCH_ROWS:
            self._settle()

    def hits(self) -> list[Hit]:
        """What was found in all rows so far, in the order of the rows, then of sets and items."""
        self._settle()
        return list(self._hits)

    def hits_of(self, fields: Mapping[str, str]) -> list[Hit]:
        """What is found in one row that is not taken in, as a draft is judged before it is a row."""
        return self._found([_Row(None, fields, [self._hashes.of(text) for text in fields.values()])])

    def told(self) -> dict[str, dict[str, Any]]:
        """Set -> items, those that are hit, rows that hit one, items that cannot be judged, whether too many are."""
        told, found = {}, self.hits()
        for name, size in self.sizes.items():
            hits = [hit for hit in found if hit.set == name]
            items = len({hit.item for hit in hits})
            told[name] = {
                "items": size, "hits": items, "rows": len({hit.key for hit in hits}), "unjudged": self.unjudged[name],
                "share": round(items / size, 6) if size else None,
                "contaminated": bool(size) and items > self.preset.items * size,
            }  # fmt: skip
        return told

    def _length(self, text: str) -> int:
        words = tokens(text) if has_cjk(text) else []
        mostly = 2 * sum(map(has_cjk, words)) > len(words)
        return self.preset.characters if mostly else self.preset.words

    def _keep(self, name: str, number: int, text: str, made_of: Hashable) -> int:
        import numpy as np

        words = tokens(text) or comparison_key(text).split()
        self.sizes[name] = self.sizes.get(name, 0) + 1
        self.unjudged[name] = self.unjudged.get(name, 0) + (len(words) < _LEAST_WORDS)
        hashes = np.frombuffer(self._hashes.of(text), dtype="<u8")
        self._items.append(Item(name, number, hashes, tuple(map(len, words)), made_of))
        return len(self._items) - 1

    def _indexed(self, length: int, items: Sequence[int]) -> Grams:
        """The items' runs; those that have none of their own are found when a row's text is all of them."""
        grams = Grams([(item, self._items[item].words) for item in items], length=length)
        for item in sorted(set(items) - grams.owners):
            if len(self._items[item].words) >= _LEAST_WORDS:
                self._whole[self._items[item].words.tobytes()].append(item)
        return grams

    def _settle(self) -> None:
        rows, self._waiting, self._letters = self._waiting, [], 0
        words = iter(self._hashes.of_each([text for _key, fields in rows for text in fields.values()]))
        self._hits += self._found([_Row(key, fields, [next(words) for _ in fields]) for key, fields in rows])

    def _found(self, rows: Sequence[_Row]) -> list[Hit]:
        import numpy as np

        hits: list[Hit] = []
        flat = np.frombuffer(b"".join(word for row in rows for word in row.words), dtype="<u8")
        ends = np.cumsum([sum(map(len, row.words)) // 8 for row in rows])
        met: defaultdict[int, dict[int, Grams]] = defaultdict(dict)
        for grams in self._grams:
            for place, item in grams.met(flat):
                number = int(np.searchsorted(ends, place, side="right"))
                if place + grams.length > ends[number]:  # across two rows
                    continue
                if not self._is_own(rows[number], item):
                    met[number][item] = grams
        for number, row in enumerate(rows):
            if self._whole:
                hits += self._exact(row)
            if number in met:
                judged = (
                    self._judged(row, self._items[item], grams)
                    for item, grams in sorted(met[number].items(), key=lambda each: each[0])
                )
                hits += [hit for hit in judged if hit]
        return hits

    def _exact(self, row: _Row) -> list[Hit]:
        """Items that are all of a field, of the prompt with or without its output, or of the whole row."""
        names = list(row.fields)
        prompt = tuple(name for name in names if name in ("instruction", "input"))
        answered = tuple(name for name in names if name in ("instruction", "input", "output"))
        found: dict[int, tuple[str, ...]] = {}
        for stretch in [*((name,) for name in names), prompt, answered, tuple(names)]:
            words = b"".join(row.words[names.index(name)] for name in stretch)
            if stretch == ("output",) and len(words) < 8 * _LEAST_OUTPUT:
                continue
            for item in self._whole.get(words, ()):
                if not self._is_own(row, item):
                    found.setdefault(item, tuple(name for name in stretch if row.fields[name]))
        return [self._whole_hit(row, self._items[item], stretch) for item, stretch in sorted(found.items())]

    def _whole_hit(self, row: _Row, item: Item, stretch: Sequence[str]) -> Hit:
        spans = tuple((name, 0, len(row.fields[name])) for name in stretch)
        return Hit(
            row.key, item.set, item.number, 1.0, "\n".join(row.fields[name] for name in stretch)[:_MOST_TEXT], spans,
            exact=True, words=((0, len(item.words)),), row=parts_of_row(row.fields, spans),
        )  # fmt: skip

    def _judged(self, row: _Row, item: Item, grams: Grams) -> Hit | None:
        import numpy as np

        words = np.frombuffer(b"".join(row.words), dtype="<u8")
        here, there = grams.shared(words, item.words)
        if self.preset.rule == "matched":
            share = matched(words, item.words, letters=item.letters, around=(here, there))
        else:
            share = covered(len(item.words), there, length=grams.length)
        if self.preset.rule != "any" and share <= self.preset.share:
            return None
        spans = stretches(row.fields, row.words, here, length=grams.length)
        name, begin, end = max(spans, key=lambda span: span[2] - span[1])
        text = row.fields[name][begin:end][:_MOST_TEXT]
        return Hit(
            row.key, item.set, item.number, round(share, 4), text, tuple(spans[:MOST_SPANS]),
            words=tuple(joined(there, length=grams.length)[:MOST_SPANS]), row=parts_of_row(row.fields, spans),
        )  # fmt: skip

    def _is_own(self, row: _Row, item: int) -> bool:
        made_of = self._items[item].made_of
        return made_of is not None and made_of == row.key
