"""The text that each template gives for one conversation, by hand, and the characters of it that are trained."""

from __future__ import annotations

import pytest

from generation.chat.base import Settings, UnrenderableError
from generation.chat.catalogue import CHAT_TEMPLATES, UnknownTemplateError, template_named
from generation.chat.rendering import prompt_of, render
from generation.types import Example, Turn

TALK = Example("U2", output="A2", system="S", turns=(Turn("user", "U1 "), Turn("assistant", "A1")))
HEADER = "Below is an instruction that describes a task. Write a response that appropriately completes the request."
WITH_INPUT = (
    "Below is an instruction that describes a task, paired with an input that provides further context. "
    "Write a response that appropriately completes the request."
)
LLAMA3 = (
    "<|start_header_id|>user<|end_header_id|>\n\nU1<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA1<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\nU2<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA2<|eot_id|>"
)
CHATML = (
    "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU1 <|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n"
    "<|im_start|>user\nU2<|im_end|>\n<|im_start|>assistant\n"
)
GOLDEN = {
    "chatml": CHATML + "A2<|im_end|>\n",
    "qwen2_5": CHATML + "A2<|im_end|>\n",
    "qwen3": CHATML + "<think>\n\n</think>\n\nA2<|im_end|>\n",
    "llama3": "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>" + LLAMA3,
    "llama3_1": (
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n"
        "Today Date: 26 Jul 2024\n\nS<|eot_id|>" + LLAMA3
    ),
    "llama2": "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nU1 [/INST] A1 </s><s>[INST] U2 [/INST] A2 </s>",
    "llama2_llama_factory": "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nU1  [/INST]A1</s><s>[INST] U2 [/INST]A2</s>",
    "mistral_v1": "<s> [INST] S\n\nU1  [/INST] A1</s> [INST] U2 [/INST] A2</s>",
    "mistral_v3": "<s>[INST] S\n\nU1 [/INST] A1</s>[INST] U2[/INST] A2</s>",
    "mistral_v3_tekken": "<s>[INST]S\n\nU1 [/INST]A1</s>[INST]U2[/INST]A2</s>",
    "mistral_v7": "<s>[SYSTEM_PROMPT]S[/SYSTEM_PROMPT][INST]U1 [/INST]A1</s>[INST]U2[/INST]A2</s>",
    "gemma": (
        "<bos><start_of_turn>user\nS\n\nU1<end_of_turn>\n<start_of_turn>model\nA1<end_of_turn>\n"
        "<start_of_turn>user\nU2<end_of_turn>\n<start_of_turn>model\nA2<end_of_turn>\n"
    ),
    "vicuna": "S USER: U1  ASSISTANT: A1</s>USER: U2 ASSISTANT: A2</s>",
    "alpaca_chat": (
        "<s>S\n\n### Instruction:\nU1 \n\n### Response:\nA1</s>\n\n### Instruction:\nU2\n\n### Response:\nA2</s>"
    ),
    "alpaca_llama_factory": (
        "S### Instruction:\nU1 \n\n### Response:\nA1</s>\n\n### Instruction:\nU2\n\n### Response:\nA2</s>\n\n"
    ),
    "llama_factory_default": "System: S</s>\nHuman: U1 </s>\nAssistant: A1</s>\nHuman: U2</s>\nAssistant: A2</s>\n",
}
TRAINED = {
    "chatml": ["A1<|im_end|>", "A2<|im_end|>"],
    "qwen2_5": ["A1<|im_end|>", "A2<|im_end|>"],
    "qwen3": ["A1<|im_end|>", "A2<|im_end|>"],
    "llama3": ["A1<|eot_id|>", "A2<|eot_id|>"],
    "llama3_1": ["A1<|eot_id|>", "A2<|eot_id|>"],
    "llama2": ["A1 </s>", "A2 </s>"],
    "gemma": ["A1<end_of_turn>", "A2<end_of_turn>"],
}
ASKED = {
    "chatml": "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
    "qwen2_5": (
        "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n"
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    ),
    "qwen3": "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
    "llama3": (
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    ),
    "llama3_1": (
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n"
        "Today Date: 26 Jul 2024\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    ),
    "llama2": "<s>[INST] Hi [/INST]",
    "llama2_llama_factory": "<s>[INST] Hi [/INST]",
    "mistral_v1": "<s> [INST] Hi [/INST]",
    "mistral_v3": "<s>[INST] Hi[/INST]",
    "mistral_v3_tekken": "<s>[INST]Hi[/INST]",
    "mistral_v7": "<s>[INST]Hi[/INST]",
    "gemma": "<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n",
    "vicuna": (
        "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, "
        "detailed, and polite answers to the user's questions. USER: Hi ASSISTANT:"
    ),
    "alpaca": HEADER + "\n\n### Instruction:\nHi\n\n### Response:\n",
    "alpaca_original": HEADER + "\n\n### Instruction:\nHi\n\n### Response:",
    "alpaca_chat": "<s>### Instruction:\nHi\n\n### Response:\n",
    "alpaca_llama_factory": HEADER + "\n\n### Instruction:\nHi\n\n### Response:\n",
    "llama_factory_default": "Human: Hi</s>\nAssistant:",
}


def trained(rendered):
    return [rendered.text[span.start : span.end] for span in rendered.spans]


@pytest.mark.parametrize("name", GOLDEN)
def test_003_30_two_exchanges_read_exactly_as_the_trainers_write_them(name):
    assert render(TALK, template=name).text == GOLDEN[name]


@pytest.mark.parametrize("name", ASKED)
def test_003_30_a_prompt_ends_where_the_model_begins(name):
    rendered = render(Example("Hi"), template=name, settings=Settings(generation_prompt=True))
    assert rendered.text == ASKED[name]
    assert rendered.spans == ()


@pytest.mark.parametrize("name", GOLDEN)
def test_004_33_only_answers_and_their_end_tokens_are_trained(name):
    assert trained(render(TALK, template=name)) == TRAINED.get(name, ["A1</s>", "A2</s>"])


@pytest.mark.parametrize("name", GOLDEN)
def test_004_33_history_is_masked_when_the_option_is_set(name):
    rendered = render(TALK, template=name, settings=Settings(mask_history=True))
    assert trained(rendered) == TRAINED.get(name, ["A1</s>", "A2</s>"])[1:]


def test_every_template_is_listed_once_and_has_its_golden_strings():
    names = [each.name for each in CHAT_TEMPLATES]
    assert sorted(set(names)) == sorted(names) == sorted(ASKED)
    assert set(names) - set(GOLDEN) == {"alpaca", "alpaca_original"}
    with pytest.raises(UnknownTemplateError):
        template_named("nobody")


@pytest.mark.parametrize(("name", "after"), [("alpaca", "\n"), ("alpaca_original", "")])
def test_alpaca_has_one_header_with_an_input_and_one_without(name, after):
    plain = render(Example("Add.", output="2"), template=name)
    assert plain.text == f"{HEADER}\n\n### Instruction:\nAdd.\n\n### Response:{after}2</s>"
    with_input = render(Example("Add.", input="1 and 1", output="2"), template=name)
    assert with_input.text == (
        f"{WITH_INPUT}\n\n### Instruction:\nAdd.\n\n### Input:\n1 and 1\n\n### Response:{after}2</s>"
    )
    assert trained(with_input) == ["2</s>"]
    assert with_input.warnings == ()
    with pytest.raises(UnrenderableError, match="one_exchange_only"):
        render(TALK, template=name)


def test_a_system_text_before_the_last_question_alone_goes_before_the_first_and_is_told():
    asked = prompt_of(TALK)
    assert render(asked, template="mistral_v3").text == "<s>[INST] S\n\nU1 [/INST] A1</s>[INST] U2[/INST]"
    assert [(note.code, note.turn) for note in render(asked, template="mistral_v3").warnings] == [("system_merged", 0)]


def test_the_date_of_llama_3_1_can_be_set_and_the_empty_thought_of_qwen_3_asked_for():
    dated = render(Example("Hi", output="Ho"), template="llama3_1", settings=Settings(date="21 Nov 2026"))
    assert "Today Date: 21 Nov 2026\n\n<|eot_id|>" in dated.text
    silent = render(Example("Hi"), template="qwen3", settings=Settings(generation_prompt=True, thinking=False))
    assert silent.text.endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")


def test_a_template_that_borrows_its_end_token_takes_another():
    rendered = render(Example("Hi", output="Ho"), template="vicuna", settings=Settings(eos="<|endoftext|>"))
    assert rendered.text.endswith("USER: Hi ASSISTANT: Ho<|endoftext|>")
