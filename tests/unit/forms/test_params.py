"""The form of a run is made of the recipe's own params: same names, bounds, defaults and faults."""

from __future__ import annotations

from typing import Literal

import pytest
from django import forms
from pydantic import Field, ValidationError

from generation.forms.params import PREFIX, Lines, faults_of, param_fields, params_from
from generation.recipes import RECIPES
from generation.recipes import recipe as recipe_named
from generation.recipes.base import RecipeParams


class Params(RecipeParams):
    """One of each type."""

    on: bool = Field(False, title="On")
    count: int = Field(3, ge=1, le=10)
    share: float = Field(0.5, ge=0.0, le=1.0)
    word: str = Field("a", max_length=5)
    text: str = Field("", max_length=5000)
    kind: Literal["auto", "en"] = "auto"
    names: list[str] = Field([])


class ParamsForm(forms.Form):
    """A form of just these."""

    def __init__(self, data=None, *, params=Params):
        super().__init__(data)
        self.fields |= param_fields(params)


def test_each_type_has_its_field():
    fields = param_fields(Params)
    kinds = {name.removeprefix(PREFIX): type(field) for name, field in fields.items()}
    assert kinds["on"] is forms.BooleanField
    assert kinds["count"] is forms.IntegerField
    assert kinds["share"] is forms.FloatField
    assert kinds["word"] is forms.CharField
    assert isinstance(fields["p_text"].widget, forms.Textarea)
    assert [value for value, _ in fields["p_kind"].choices] == ["auto", "en"]
    assert kinds["names"] is Lines


def test_bounds_are_told_in_words_and_kept():
    field = param_fields(Params)["p_count"]
    assert str(field.help_text) == "1 to 10."
    form = ParamsForm({"p_count": "11", "p_share": "2", "p_word": "abcdef"})
    assert set(form.errors) == {"p_count", "p_share", "p_word"}


def test_what_was_typed_becomes_params_and_what_was_left_out_its_default():
    form = ParamsForm(
        {"p_on": "on", "p_names": " b \n\nc", "p_kind": "en", "p_count": "", "p_share": "0.25", "p_text": "x\r\ny"}
    )
    assert form.is_valid(), form.errors
    params = params_from(Params, form.cleaned_data)
    assert params.model_dump() == {
        "on": True, "count": 3, "share": 0.25, "word": "", "text": "x\ny", "kind": "en", "names": ["b", "c"],
    }  # fmt: skip


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda each: each.name)
def test_an_untouched_form_gives_the_recipes_defaults(recipe):
    form = ParamsForm(params=recipe.Params)
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    sent = {name: "\n".join(value) if isinstance(value, list) else value for name, value in sent.items()}
    bound = ParamsForm(sent, params=recipe.Params)
    assert bound.is_valid(), bound.errors
    assert params_from(recipe.Params, bound.cleaned_data) == recipe.Params()


def test_a_fault_between_two_params_stands_at_the_one_it_names():
    params = recipe_named("self_instruct").Params
    with pytest.raises(ValidationError) as caught:
        params(machine_examples=8, in_context=4)
    assert faults_of(caught.value, params)[0][0] == "p_machine_examples"
    params = recipe_named("few_shot").Params
    with pytest.raises(ValidationError) as caught:
        params(task_type="custom", custom_template="{{ a }} {{ examples }}", custom_fields=[], custom_answer="b")
    assert faults_of(caught.value, params) == [(None, "The template uses a column that is not declared: a")]
