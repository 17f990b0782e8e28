"""A project's own Jinja template: rendered as transformers does, in a child from which nothing can be had."""

from __future__ import annotations

import pytest

from generation.chat import own_template as own
from generation.chat.base import Settings
from generation.chat.own_template import TemplateFaultError, own_template
from generation.chat.rendering import conversation_of
from generation.types import Example, ToolCall, Turn

TALK = Example("U2", output="A2", system="S", turns=(Turn("user", "U1 "), Turn("assistant", "A1")))
CHATML = """{% for message in messages %}
{{ '<|im_start|>' + message.role + '\n' + message['content'] + '<|im_end|>\n' }}
{%- endfor %}
{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""
TAGGED = """{{ bos_token }}{% for message in messages %}
{%- if message.role == 'assistant' %}{% generation %}{{ message.content + eos_token }}{% endgeneration %}
{%- else %}[{{ message.role }}]{{ message.content }}{% endif %}{% endfor %}"""


def render(source, example=TALK, **settings):
    talk, notes = conversation_of(example)
    with own_template(source, name="mine", bos="<s>", eos="</s>") as template:
        return template.render(talk, settings=Settings(**settings), notes=notes)


def trained(rendered):
    return [rendered.text[span.start : span.end] for span in rendered.spans]


def fault(source, example=TALK):
    with pytest.raises(TemplateFaultError) as caught:
        render(source, example)
    return caught.value.code, caught.value.line


def test_a_template_renders_as_transformers_does_and_its_answers_are_found():
    rendered = render(CHATML)
    assert rendered.text == (
        "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU1 <|im_end|>\n<|im_start|>assistant\nA1<|im_end|>\n"
        "<|im_start|>user\nU2<|im_end|>\n<|im_start|>assistant\nA2<|im_end|>\n"
    )
    assert trained(rendered) == ["A1<|im_end|>", "A2<|im_end|>"]
    assert trained(render(CHATML, mask_history=True)) == ["A2<|im_end|>"]
    assert "".join(rendered.text[part.start : part.end] for part in rendered.parts) == rendered.text
    kinds = [(rendered.text[part.start : part.end], part.kind) for part in rendered.parts if part.trained]
    assert kinds == [("A1", "answer"), ("<|im_end|>", "end"), ("A2", "answer"), ("<|im_end|>", "end")]
    assert render(CHATML, generation_prompt=True).text.endswith("A2<|im_end|>\n<|im_start|>assistant\n")


def test_marked_blocks_are_what_is_trained_and_a_weight_of_nothing_is_honoured():
    assert render(TAGGED).text == "<s>[system]S[user]U1 A1</s>[user]U2A2</s>"
    assert trained(render(TAGGED)) == ["A1</s>", "A2</s>"]
    unweighted = Example("U2", output="A2", turns=(Turn("user", "U1"), Turn("assistant", "A1", weight=0)))
    assert trained(render(TAGGED, unweighted)) == ["A2</s>"]


def test_tools_and_calls_come_as_data():
    example = Example(
        "Weather?", calls=(ToolCall("get", '{"city": "Köln"}'),), tools='[{"name": "get", "parameters": {}}]'
    )
    source = "{{ tools[0].function.name }} {{ messages[-1].tool_calls[0].function.arguments | tojson }}"
    assert render(source, example).text == 'get {"city": "Köln"}'


def test_what_cannot_be_traced_is_said():
    rendered = render("{% for m in messages|reverse %}{{ m.content }}|{% endfor %}")
    assert rendered.text == "A2|U2|A1|U1 |S|"
    assert rendered.spans == ()
    assert [note.code for note in rendered.warnings] == ["spans_unknown"]


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("a\n{% for %}", "template_syntax", 2),
        ("a\nb\n{{ nothing.there }}", "template_undefined", 3),
        ("\n{{ raise_exception('no tools here') }}", "template_refuses", 2),
        ("{{ 1 / 0 }}", "template_failed", 1),
        ("{{ ''.__class__.__mro__ }}", "template_forbidden", 1),
        ("{{ messages.append(1) }}", "template_forbidden", 1),
        ("{{ '{0.__class__}'.format(1) }}", "template_forbidden", 1),
        ("{{ cycler.__init__.__globals__ }}", "template_forbidden", 1),
        ("{{ self.__dict__ }}", "template_forbidden", 1),
        ("{{ lipsum.__globals__ }}", "template_forbidden", 1),
        ("{% include '/etc/passwd' %}", "template_failed", 1),
        ("{% for i in range(99999) %}{{ 'x' * 99 }}{% endfor %}", "too_much_output", 0),
        ("{% set x = 'x' * 999999999 %}{{ x }}", "too_much_memory", 1),
        ("{% for i in range(999999999) %}{% endfor %}", "template_failed", 1),
    ],
)
def test_a_template_that_is_wrong_or_wants_too_much_is_told_so_by_line(source, code, line):
    found = fault(source)
    assert found[0] == code
    assert not line or found[1] == line


def test_a_template_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(own, "PATIENCE", 0.7)
    endless = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"
    assert fault(endless)[0] == "took_too_long"


def test_a_template_has_a_size_and_some_text():
    assert fault("  ") == ("template_empty", 0)
    assert fault("x" * 64_001) == ("template_too_long", 0)


def test_one_child_renders_many_rows_and_a_fault_of_one_row_does_not_stop_the_next():
    picky = "{% if messages[0].content == 'bad' %}{{ raise_exception('no') }}{% endif %}{{ messages[0].content }}"
    with own_template(picky, name="mine") as template:
        assert template.render(conversation_of(Example("one"))[0]).text == "one"
        with pytest.raises(TemplateFaultError):
            template.render(conversation_of(Example("bad"))[0])
        assert template.render(conversation_of(Example("three"))[0]).text == "three"


def test_the_child_knows_no_secret_and_no_day(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert render("{{ environ is defined }} {{ strftime_now('%Y-%m-%d') }}").text == "False 2024-07-26"
    assert render("{{ date_string }}", date="21 Nov 2026").text == "21 Nov 2026"


def test_marks_that_stand_in_the_data_already_are_not_mistaken():
    with own_template(TAGGED, name="mine", eos="</s>") as template:
        for said in ("plain", "\x020(odd\x020)", "\x021(odder"):
            rendered = template.render(conversation_of(Example("Q", output=said))[0])
            assert rendered.text == f"[user]Q{said}</s>"
            assert trained(rendered) == [f"{said}</s>"]
