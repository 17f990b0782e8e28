"""The tutorials' formatter writes chat templates by the letter, and their own snippets run."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import generation
from generation import dataset_utils
from generation.dataset_utils import ChatTemplateFormatter, DatasetError
from generation.samples import sample_path

TALK = [
    {"role": "system", "content": "S"},
    {"role": "user", "content": "U1 "},
    {"role": "assistant", "content": "A1"},
    {"role": "user", "content": "U2"},
    {"role": "assistant", "content": "A2"},
]
CHATML = (
    "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU1 <|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n"
    "<|im_start|>user\nU2<|im_end|>\n<|im_start|>assistant\nA2<|im_end|>\n"
)


def test_003_30_the_formatter_writes_the_templates_by_the_letter():
    formatter = ChatTemplateFormatter
    assert formatter.to_chatml({"messages": TALK}) == formatter.to_chatml(TALK) == CHATML
    assert formatter.to_chatml(TALK, add_generation_prompt=True) == CHATML + "<|im_start|>assistant\n"
    assert (
        formatter.to_llama2(TALK) == "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nU1 [/INST] A1 </s><s>[INST] U2 [/INST] A2 </s>"
    )
    assert formatter.to_llama3(TALK).startswith(
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user"
    )
    assert formatter.to_llama3(TALK).endswith("<|start_header_id|>assistant<|end_header_id|>\n\nA2<|eot_id|>")
    assert formatter.to_mistral(TALK).endswith("A1</s>[INST] U2[/INST] A2</s>")
    assert formatter.format(TALK, "qwen2_5") == CHATML


def test_what_a_template_has_no_place_for_is_refused():
    with pytest.raises(DatasetError):
        ChatTemplateFormatter.to_llama2([*TALK[:2], TALK[1], TALK[2]])


def test_the_library_is_imported_without_django_and_without_what_is_heavy():
    code = (
        "import generation.dataset_utils, sys; print([m for m in ('django', 'pyarrow', 'jinja2') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


TUTORIAL = """
from scripts.dataset_utils import (
    load_dataset,
    DataCleaner,
    KTODataGenerator,
    DataQualityFilter
)

# Load instruction data
data = load_dataset('data/sample_instruction_data.json')

# Clean and validate
cleaner = DataCleaner()
clean_data, stats = cleaner.process_dataset(data)
print(f"Loaded {len(clean_data)} clean examples")

# Load and prepare KTO data
kto_raw = load_dataset('data/sample_kto_data.json')
kto_data = KTODataGenerator.from_binary_feedback(kto_raw)
print(f"Desirable: {len(kto_data['desirable'])}")
print(f"Undesirable: {len(kto_data['undesirable'])}")

# Quality filtering
filter = DataQualityFilter()
filtered = filter.filter_dataset(data)
print(filter.get_report())

alpaca_example = data[0]

from scripts.dataset_utils import DatasetConverter, ChatTemplateFormatter

# Alpaca -> Conversation
conv = DatasetConverter.alpaca_to_conversation(alpaca_example)

# Conversation -> Llama 3 format
formatted = ChatTemplateFormatter.to_llama3(conv)

# Conversation -> ChatML format
chatml = ChatTemplateFormatter.to_chatml(conv)
"""


def test_003_28_the_tutorials_own_snippets_run_on_the_shipped_samples(tmp_path, monkeypatch, capsys):
    (tmp_path / "data").symlink_to(sample_path("sample_kto_data.json").parent)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "scripts", generation)
    monkeypatch.setitem(sys.modules, "scripts.dataset_utils", dataset_utils)
    names: dict = {}
    exec(TUTORIAL, names)
    said = capsys.readouterr().out
    assert said.startswith("Loaded 24 clean examples\nDesirable: 13\nUndesirable: 11\n")
    assert re.search(r"kept +24", said)
    assert names["formatted"].startswith("<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nExplain to a")
    assert names["chatml"].endswith("side does.<|im_end|>\n")
