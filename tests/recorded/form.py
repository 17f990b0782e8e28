"""The form of a new run, filled in as a person would: the options of the command under the names of its fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

PATIENCE = 600_000
_FIELDS = {
    "--high-model": ("model",),
    "--num-candidates": ("p_candidates",),
    "--strategy": ("p_strategy",),
    "--judge": ("p_judge",),
    "--samples": ("p_samples",),
    "--scale": ("p_low", "p_high"),
    "--with-scores": ("p_scored",),
    "--reference": ("p_reference",),
}
_BESIDE = {"model_comparison": "low_model", "generate_pairs": "second_model"}
_OVER = re.compile(r"\b(ok|warn|bad)\b")


@dataclass(frozen=True)
class Told:
    """What the page of a run says of its pairs when the run is over."""

    run: int
    leaving: int
    held: int


def fields_of(arguments: Sequence[str], judge: str) -> tuple[str, dict[str, list[str]]]:
    """(recipe, the values of its form's fields) that say the same as the arguments of `rlhf_constructor`."""
    options: dict[str, list[str]] = {}
    for each in arguments:
        if each.startswith("--"):
            options[each] = []
        else:
            options[next(reversed(options))].append(each)
    [method] = options.pop("--method")
    values: dict[str, list[str]] = {}
    for option, given in options.items():
        names = (_BESIDE[method],) if option == "--low-model" else _FIELDS[option]
        values |= {name: [value] for name, value in zip(names, given or [""], strict=True)}
    values["model" if method == "rank_responses" else "judge_model"] = [judge]
    return method, values


class RunForm:
    """The page where a run is started, in somebody's browser. `project` is the address of the project."""

    def __init__(self, page: Page, project: str) -> None:
        self.page, self.project = page, project

    def fill(self, recipe: str, values: dict[str, list[str]], *, endpoint: str) -> None:
        """Opens it, unfolds what is folded, and fills it in; prompts are drawn from samples in any state."""
        self.page.goto(f"{self.project}/runs/new/{recipe}")
        folded = self.page.locator("#run_form details:not([open]) > summary")
        while folded.count():
            folded.first.click()
        self.page.locator("[name=endpoint]").select_option(label=endpoint)
        if self.page.locator("[name=draw_from]").count():
            self._put("draw_from", "samples")
            self._put("sample_state", "any")
        for name, [value] in values.items():
            self._put(name, value)
        with self.page.expect_navigation():
            self.page.locator("button[value=look]").click()

    def preview(self) -> None:
        """Has it previewed for real, where a model is asked, and waits for the end of that."""
        button = self.page.locator("button[value=preview]")
        if button.count():
            with self.page.expect_navigation():
                button.click()
            expect(button).to_have_count(0)
            expect(self.page.locator("#run_look [role=status]")).to_have_count(0, timeout=PATIENCE)

    def start(self) -> int:
        """Agrees to the cost where that is asked, and starts; the number of the run."""
        if self.page.locator("[name=confirm]").count():
            self.page.locator("[name=confirm]").check()
        with self.page.expect_navigation():
            self.page.locator("button[value=start]").click()
        refused = self.page.locator(".error").all_inner_texts()
        assert re.search(r"/runs/\d+$", self.page.url), refused
        return int(self.page.url.rpartition("/")[2])

    def see(self, run: int) -> Told:
        """Waits until the page of the run says that it is over; what it says then."""
        if not self.page.url.endswith(f"/runs/{run}"):
            self.page.goto(f"{self.project}/runs/{run}")
        expect(self.page.locator("#run_head .pill").first).to_have_class(_OVER, timeout=PATIENCE)
        self.page.reload()  # all parts of the page as of now
        said = self.page.locator("#run_pairs b").all_inner_texts()
        words = self.page.locator("#run_pairs").inner_text() if said else ""
        figures = [int(re.sub(r"\D", "", each)) for each in said]
        held = figures[-1] if "held back" in words else 0
        return Told(run, figures[0] if figures else 0, held)

    def _put(self, name: str, value: str) -> None:
        field: Any = self.page.locator(f"#run_form [name={name}]")
        kind = field.evaluate("field => field.type")
        if kind == "checkbox":
            field.check()
        elif kind == "select-one":
            field.select_option(value)
        else:
            field.fill(value)
