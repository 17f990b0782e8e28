"""Domain generation on the seeds and the vocabulary of the library desk."""

from generation.samples.scenarios import scenario_named
from generation.types import SeedView, Sources
from tests.contracts.recipe_cases.base import Case


def sources(language: str) -> Sources:
    """The shipped scenario of the library, as a run draws from it."""
    found = scenario_named("library").contents(language)
    assert found.vocabulary is not None
    seeds = [
        SeedView(n, row.instruction, row.instances, task_type=row.task_type, language=language)
        for n, row in enumerate(found.seeds, 1)
    ]
    return Sources(seeds, vocabulary=found.vocabulary.terms)


CASE = Case(
    sources=sources,
    reasons=frozenset(
        {
            *("invalid_json", "nothing_parsed", "missing_record", "missing_key", "not_text", "over_limit"),
            *("output_too_long", "empty_instruction", "control_characters", "wrong_language", "empty_output"),
            *("input_equals_output", "refusal", "placeholder_output", "too_similar"),
        }
    ),
    notes=frozenset({"unknown_key"}),
    params={"generate_times": 10},
    many={"generate_times": 12, "surplus": "trim", "max_output_chars": 400},
    least=40,
)
