"""Rows that are written many at a time come out as they went in, on either database."""

from __future__ import annotations

import pytest

from generation.actions.bulk_rows import insert, known_hashes, moment, new_ids
from generation.models import JobFault, Text
from tests.cast import NOW, make_cast

TEXTS = [
    "plain",
    "",
    "\\N",
    "\\",
    "\\\\n",
    "tab\there",
    "line\nend\r\n",
    "\u2028 𝄞 数据",
    '"quoted", {a}',
    "\\.",
    "x" * 5000,
    "\x0b\x7f",
]


@pytest.mark.django_db
def test_every_text_comes_out_as_it_went_in():
    project = make_cast().project
    ids = new_ids(Text, count=len(TEXTS) * 30)
    assert len(set(ids)) == len(TEXTS) * 30
    rows = [
        (pk, text, f"{pk:064d}", None if pk % 2 else pk, '{"a":"\\\\ \\t"}')
        for pk, text in zip(ids, TEXTS * 30, strict=True)
    ]
    same = {"project_id": project.pk, "language": "", "tags": '["\\n"]', "source": "a\tb", "created_at": moment(NOW)}
    columns = ("id", "text", "content_hash", "source_line", "meta")
    insert(Text, columns=columns, rows=rows, same=same)
    insert(JobFault, columns=("line",), rows=[])
    kept = list(Text.objects.order_by("id"))
    assert [row.text for row in kept] == TEXTS * 30
    assert [row.source_line for row in kept] == [row[3] for row in rows]
    assert {(row.meta["a"], row.tags[0], row.source, row.created_at) for row in kept} == {("\\ \t", "\n", "a\tb", NOW)}
    hashes = [row[2] for row in rows]
    assert known_hashes(Text, project=project.pk, hashes=[*hashes[::2], "0" * 64]) == set(hashes[::2])
    assert known_hashes(Text, project=project.pk + 1, hashes=hashes) == set()
