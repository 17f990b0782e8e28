"""Exports byte for byte: what these files hold today, a trainer reads tomorrow.

To change a golden file on purpose, delete it and run this test once: it writes the file and fails, so that the new
bytes are looked at before they are committed.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from generation.actions.jobs import work_on
from generation.files import layouts
from generation.files.layouts import layout_named
from generation.formats import format_named
from generation.formats.base import Options
from generation.formats.llama_factory import SHAPES, columns_of, entry, filled
from generation.formats.turns import from_exchanges, turn_as_json
from generation.models import Sample
from generation.types import Candidate, Example, Feedback, Pair, Text, ToolCall, Turn
from review.actions.exports import build_export, file_path, start_export
from tests.cast import NOW, make_cast, make_samples

HERE = Path(__file__).parent
EARLIER = [turn_as_json(turn) for turn in from_exchanges([("First?", "One."), ("第二？", "二。")])]
ROWS = [
    {"instruction": "Name the capital.", "input": "France", "output": "Paris"},
    {"instruction": "把下面的句子翻译成英文。", "input": "今天下雨。", "output": "It is raining today."},
    {"instruction": 'Quote "it" \\ and / as it is', "input": "", "output": "a\ttab, a\nline, \u2028 and \x7f"},
    {"instruction": "Keep e\u0301, \u00e9 apart", "input": "\ufeffmark", "output": "\U0001f469\u200d\U0001f680\u202e!"},
    {"instruction": "{{ not a variable }}", "input": "<b>&amp;</b>", "output": "[]{}", "system": "Be exact."},
    {"instruction": "And then?", "output": "Then this.", "turns": EARLIER},
]


TURNS = (Turn("user", "First?"), Turn("assistant", "One."))
CALL = (ToolCall("look_up", '{"city": "北京"}'),)
TOOLS = '[{"name": "look_up", "parameters": {"type": "object"}}]'
EXAMPLES = [
    Example("Name the capital.", "France", "Paris, on the Seine."),
    Example("把下面的句子翻译成英文。", "今天下雨。", "It is raining today.", system="Be exact."),
    Example("And then?", output="Then this: e\u0301, \u2028 and \U0001f469\u200d\U0001f680.", turns=TURNS),
]
WITH_TOOLS = Example(
    "How is the weather?",
    output="It rains.",
    steps=(Turn("assistant", calls=CALL), Turn("tool", '{"rain": true}')),
    tools=TOOLS,
)
PAIRS = [
    Pair(Example("Which is better?"), Candidate("This one."), Candidate("That one.")),
    Pair(Example("哪个更好？", system="Be brief.", turns=TURNS), Candidate("这个。"), Candidate("那个。")),
]
KINDS = {
    "sft": EXAMPLES,
    "preference": PAIRS,
    "feedback": [Feedback(EXAMPLES[0], True), Feedback(EXAMPLES[2], False)],
    "text": [Text("Once upon a time,\n从前有座山。")],
}
MAIN = (
    *SHAPES, "unsloth", "bailian_sft", "bailian_dpo", "bailian_cpt", "preference", "kto", "trl_preference_chat",
    "trl_unpaired_chat", "axolotl_chat_template",
)  # fmt: skip


@pytest.mark.parametrize("name", [name for name in MAIN if name != "alpaca"])
def test_a_format_writes_the_bytes_that_it_always_wrote(name):
    """The rows, then for what LLaMA-Factory loads its entry."""
    chosen = format_named(name)
    tools = [WITH_TOOLS] if name in ("sharegpt", "openai_messages", "llama_factory_messages") else []
    records = [chosen.encode(row, Options()) for row in [*KINDS[chosen.kind], *tools]]
    if name in SHAPES:
        columns = columns_of(name, list(dict.fromkeys(key for record in records for key in record)))
        records = [*filled(records, columns, format_name=name), entry(name, file_name=f"{name}.jsonl", columns=columns)]
    file = BytesIO()
    layouts.write(records, file, layout="jsonl")
    compare(HERE / f"{name}.jsonl", file.getvalue())


def compare(golden: Path, written: bytes) -> None:
    if not golden.exists():
        golden.write_bytes(written)
        pytest.fail(f"{golden.name} was missing and has been written; look at it before you commit it")
    assert written == golden.read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "layout"), [("alpaca", "json"), ("alpaca", "jsonl")])
def test_an_export_has_the_bytes_that_it_always_had(name, layout, settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path
    cast = make_cast()
    for row in ROWS:
        sample = make_samples(cast.project, [(row["instruction"], row["output"])], state=Sample.State.APPROVED)[0]
        Sample.objects.filter(pk=sample.pk).update(**row)
    export = start_export(cast.project, format_name=name, layout=layout, by=cast.alice, now=NOW)
    work_on(export.job_id, owner="w", clock=lambda: NOW, work=lambda job: build_export(job, clock=lambda: NOW))
    compare(HERE / f"{name}_{layout}.{layout_named(layout).extension}", file_path(export).read_bytes())
