"""Which terms of a vocabulary texts speak of: whole words in English, runs of characters in Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generation.quality.text import tokens

Key = tuple[str, ...]


class Terms:
    """A vocabulary (category -> terms), ready to be looked for. A term of many categories counts in each.

    Costs one look a token, however many terms there are: a term is looked for where its first word stands.
    """

    def __init__(self, categories: Mapping[str, Iterable[str]]) -> None:
        self._of: dict[Key, list[tuple[str, str]]] = {}
        self._starts: dict[str, list[int]] = {}
        self.names: dict[str, tuple[str, ...]] = {}
        for category, listed in categories.items():
            self.names[category] = tuple(dict.fromkeys(listed))
            for term in self.names[category]:
                key = tuple(tokens(term))
                if not key:
                    continue
                self._of.setdefault(key, []).append((category, term))
                sizes = self._starts.setdefault(key[0], [])
                if len(key) not in sizes:
                    sizes.append(len(key))

    def found_in(self, text: str) -> set[tuple[str, str]]:
        """(category, term) of every term in the text."""
        words = tokens(text)
        found: set[tuple[str, str]] = set()
        for at, word in enumerate(words):
            for size in self._starts.get(word, ()):
                found.update(self._of.get(tuple(words[at : at + size]), ()))
        return found
