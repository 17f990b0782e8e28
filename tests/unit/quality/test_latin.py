"""Languages of Latin script, by their commonest words."""

from __future__ import annotations

import pytest

from generation.quality.latin import latin_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The river carries water from the mountains to the sea and it is never still.", "en"),
        ("La rivière porte l'eau des montagnes à la mer et elle est toujours en mouvement dans la vallée.", "fr"),
        ("Der Fluss trägt das Wasser von den Bergen in das Meer und er ist nicht still.", "de"),
        ("El río lleva el agua de las montañas al mar y no se detiene en su camino por los valles.", "es"),
        ("Il fiume porta l'acqua che scende dalle montagne al mare e non si ferma nella valle.", "it"),
        ("O rio leva a água das montanhas para o mar e não pára no caminho do vale.", "pt"),
        ("Paris, Rome, Berlin, Madrid, Lisbon, Vienna, Prague, Warsaw and Athens", ""),
        ("La casa", ""),
        ("河流把山上的水带到大海", ""),
    ],
)
def test_prose_is_told_apart_and_names_are_not_judged(text, language):
    assert latin_language(text) == language
