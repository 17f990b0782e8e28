"""What a template wrote can be read back: by parsers that know the law and nothing of our code."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.chat.catalogue import CHAT_TEMPLATES, template_named
from generation.chat.rendering import render
from generation.chat.special_tokens import find
from generation.types import Example, Turn

# One pattern a template: the named groups are the roles.
PARSERS = {
    "chatml": r"<\|im_start\|>(?P<role>\w+)\n(?P<text>.*?)<\|im_end\|>\n",
    "qwen2_5": r"<\|im_start\|>(?P<role>\w+)\n(?P<text>.*?)<\|im_end\|>\n",
    "llama3": (
        r"(?:<\|begin_of_text\|>)?<\|start_header_id\|>(?P<role>\w+)<\|end_header_id\|>\n\n(?P<text>.*?)"
        r"<\|eot_id\|>"
    ),
    "llama3_1": (
        r"(?:<\|begin_of_text\|>)?<\|start_header_id\|>(?P<role>\w+)<\|end_header_id\|>\n\n"
        r"(?:Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n)?(?P<text>.*?)<\|eot_id\|>"
    ),
    "llama2": (
        r"<s>\[INST\] (?:<<SYS>>\n(?P<system>.*?)\n<</SYS>>\n\n)?(?P<user>.*?) \[/INST\] (?P<assistant>.*?) </s>"
    ),
    "llama2_llama_factory": (
        r"<s>\[INST\] (?:<<SYS>>\n(?P<system>.*?)\n<</SYS>>\n\n)?(?P<user>.*?) \[/INST\](?P<assistant>.*?)</s>"
    ),
    "mistral_v7": (
        r"(?:<s>)?(?:\[SYSTEM_PROMPT\](?P<system>.*?)\[/SYSTEM_PROMPT\])?"
        r"\[INST\](?P<user>.*?)\[/INST\](?P<assistant>.*?)</s>"
    ),
    "vicuna": r"(?:(?P<system>.*?) )?USER: (?P<user>.*?) ASSISTANT: (?P<assistant>.*?)</s>",
    "alpaca_chat": (
        r"(?:<s>(?:(?P<system>(?:(?!### Instruction:).)*)\n\n)?|\n\n)### Instruction:\n(?P<user>.*?)"
        r"\n\n### Response:\n(?P<assistant>.*?)</s>"
    ),
    "alpaca_llama_factory": (
        r"(?P<system>(?:(?!### Instruction:).)*)### Instruction:\n(?P<user>.*?)\n\n### Response:\n"
        r"(?P<assistant>.*?)</s>\n\n"
    ),
    "llama_factory_default": (
        r"(?:System: (?P<system>.*?)</s>\n)?Human: (?P<user>.*?)</s>\nAssistant: (?P<assistant>.*?)</s>\n"
    ),
}
WORDS = st.lists(
    st.sampled_from(["a", "B ", " ", "\n", "中文", "<", "|", ">", "[", "]", "###", ":", "é", "{}"]), min_size=1
)


def parsed(name, text):
    turns, at = [], 0
    for found in re.finditer(PARSERS[name], text, re.DOTALL):
        assert found.start() == at, "the parser passed something over"
        at = found.end()
        groups = found.groupdict()
        if "role" in groups:
            turns.append((groups["role"], groups["text"]))
        else:
            turns += [(role, said) for role, said in groups.items() if said is not None]
    assert at == len(text)
    return [(role, said) for role, said in turns if role != "system" or said]


def test_every_template_that_calls_itself_reversible_has_a_parser_and_the_others_say_why_not():
    assert {each.name for each in CHAT_TEMPLATES if each.reversible} == set(PARSERS)
    assert all(each.reversible or each.caveat for each in CHAT_TEMPLATES)


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_the_turns_are_read_back_from_the_text(name, data):
    trims = template_named(name).trims
    texts = WORDS.map("".join).filter(lambda text: not find(text, template=name))
    if trims:
        texts = texts.map(str.strip).filter(bool)
    said = [data.draw(texts) for _ in range(data.draw(st.sampled_from([2, 4])))]
    system = data.draw(texts)
    turns = tuple(Turn("assistant" if at % 2 else "user", text) for at, text in enumerate(said[:-2]))
    example = Example(said[-2], output=said[-1], system=system, turns=turns)
    expected = [("system", system), *(("assistant" if at % 2 else "user", text) for at, text in enumerate(said))]
    assert parsed(name, render(example, template=name).text) == expected


@given(parts=WORDS, name=st.sampled_from([each.name for each in CHAT_TEMPLATES]))
@settings(max_examples=60, deadline=None)
def test_parts_tile_the_text_and_spans_lie_in_it(parts, name):
    rendered = render(Example("".join(parts), output="A" + "".join(parts), system="S"), template=name)
    assert "".join(rendered.text[part.start : part.end] for part in rendered.parts) == rendered.text
    assert [(span.start, span.end) for span in rendered.spans] == [
        (min(part.start for part in rendered.parts if part.trained), max(p.end for p in rendered.parts if p.trained))
    ]
