"""Which rows are shown as examples, and what becomes of odd rows."""

from __future__ import annotations

from generation.recipes.few_shot.params import Params
from generation.recipes.few_shot.standalone import construct
from generation.types import Draft, Instance, SeedView

FEELINGS = [
    {"sentence": "The soup was cold.", "label": 0},
    {"sentence": "I loved the view.", "label": 1},
    {"sentence": "Nobody answered the bell.", "label": 0},
    {"sentence": "What a lovely garden.", "label": 1},
]


def made(rows: list[dict], *, language: str = "en", seed: int = 42, **params) -> list[Draft]:
    views = [SeedView(at, "", fields={k: str(v) for k, v in row.items()}) for at, row in enumerate(rows, 1)]
    return list(construct(views, Params(**params), language=language, random_seed=seed))


def reasons(drafts: list[Draft]) -> list[str]:
    return [draft.drop_reason for draft in drafts]


def many(count: int) -> list[dict]:
    return [{"text": f"Sentence {n} is here", "label": int(n % 3 == 0)} for n in range(count)]


def test_two_examples_show_two_labels_and_never_the_row_itself():
    rows = many(60)
    for draft in made(rows, examples=2):
        assert {rows[seed - 1]["label"] for seed in draft.data["examples"]} == {0, 1}
        assert draft.seed_ids[0] not in draft.data["examples"]


def test_reserved_rows_serve_as_examples_and_make_no_samples():
    drafts = made(many(60), demonstrations="reserved_rows", reserved_rows=6, examples=2, wave_size=7)
    shown = {seed for draft in drafts for seed in draft.data["examples"]}
    rows = {draft.seed_ids[0] for draft in drafts}
    assert len(shown) == 6
    assert len(rows) == 54
    assert not shown & rows


def test_without_examples_only_description_and_input_are_left():
    [draft] = made(FEELINGS[:1], examples=0, template_weights=["1", "0", "0"])
    assert draft.instruction == (
        "Decide what feeling the sentence expresses. Answer with one of these labels: Positive, Negative.\n\n"
        "Sentence: The soup was cold.\nSentiment:"
    )


def test_a_row_alone_has_no_example_and_says_so():
    [draft] = made(FEELINGS[:1])
    assert draft.data["notes"] == ["fewer_examples"]


def test_cells_of_several_lines_begin_on_a_line_of_their_own():
    rows = [{"text": "first\nsecond", "label": 0}, *FEELINGS]
    rows = [{"text": row.get("text") or row["sentence"], "label": row["label"]} for row in rows]
    assert made(rows, template_weights=["1", "0", "0"])[0].instruction.endswith("Sentence:\nfirst\nsecond\nSentiment:")


def test_text_of_a_row_that_looks_like_a_variable_stays_as_it_is():
    rows = [
        {"text": "say {{ label }} and {{ examples }}", "label": 0},
        *[{"text": r["sentence"], "label": 1} for r in FEELINGS],
    ]
    assert "say {{ label }} and {{ examples }}" in made(rows)[0].instruction


def test_rows_with_an_empty_cell_or_no_fitting_column_have_a_reason():
    rows = [{"sentence": "", "label": 0}, *FEELINGS]
    assert reasons(made(rows))[0] == "missing_field"
    assert set(reasons(made([{"colour": "red"}]))) == {"missing_column"}


def test_the_length_bounds_of_few_shot_texts_are_wide():
    rows = [{"text": "word " * 400, "label": 0}, {"text": "word " * 900, "label": 1}]
    assert reasons(made(rows, examples=0)) == ["", "too_long"]


def test_max_rows_ends_the_run():
    assert len(made(many(50), max_rows=12, wave_size=5)) == 12


def test_a_self_instruct_seed_serves_as_question_and_answer():
    seeds = [SeedView(n, f"Name river {n}.", (Instance("", f"The {n}th."),)) for n in (1, 2)]
    drafts = list(construct(seeds, Params(task_type="qa"), language="en", random_seed=1))
    assert [draft.output for draft in drafts] == ["The 1th.", "The 2th."]
    assert "Name river 2." in drafts[0].instruction


def test_the_only_other_row_is_always_found():
    for seed in range(200):
        assert all(draft.data["examples"] for draft in made(FEELINGS[:2], seed=seed))
