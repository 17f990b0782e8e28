"""A workflow as a form: steps are taken over from runs that were tried before, so nothing is set twice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from generation.actions.workflow_steps import step_like
from generation.forms.fields import storable
from generation.models import Project, Run, Workflow
from generation.recipes import RECIPES

STEPS = 5
OFFERED_RUNS = 100


class WorkflowForm(forms.Form):
    """`step_1` to `step_5` name runs, "kept" stands for the step as it is; `draws_2` and on say what it takes."""

    name = forms.CharField(max_length=120, label=gettext_lazy("Name"), validators=[storable])
    only_new = forms.BooleanField(
        required=False, initial=True, label=gettext_lazy("Only what no earlier turn has used"),
        help_text=gettext_lazy("seeds and samples of the first step"),
    )  # fmt: skip
    every_hours = forms.IntegerField(
        required=False, min_value=0, max_value=24 * 31, initial=0, label=gettext_lazy("Start every … hours"),
        help_text=gettext_lazy("0: only by hand"), widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, project: Project, workflow: Workflow | None = None) -> None:
        super().__init__(data, initial=_initial(workflow))
        self.kept = workflow.steps if workflow else []
        runs = Run.objects.filter(project=project, preview=False).order_by("-id")[:OFFERED_RUNS]
        self.runs = {str(run.pk): run for run in runs}
        titles = {each.name: _(each.title) for each in RECIPES}
        offered = [(key, _told(run, titles)) for key, run in self.runs.items()]
        for at in range(STEPS):
            first = ("", _("no step") if at else _("choose a run"))
            self.fields[f"step_{at + 1}"] = forms.ChoiceField(
                required=at == 0, choices=[first, *self._as_it_is(at, titles), *offered],
                label=_("Step %(n)d") % {"n": at + 1},
            )  # fmt: skip
            if at:
                self.fields[f"draws_{at + 1}"] = forms.ChoiceField(
                    required=False, label=_("draws from the step before"),
                    choices=[("passed", _("all that passed the checks")), ("approved", _("what people approved"))],
                )  # fmt: skip

    def _as_it_is(self, at: int, titles: dict[str, str]) -> list[tuple[str, str]]:
        if at >= len(self.kept):
            return []
        name = self.kept[at]["recipe"]
        return [("kept", _("as it is: %(recipe)s") % {"recipe": titles.get(name, name)})]

    def steps(self) -> list[dict[str, Any]]:
        """The steps that were asked for; only for a valid form."""
        found: list[dict[str, Any]] = []
        for at in range(STEPS):
            chosen = self.cleaned_data.get(f"step_{at + 1}")
            if not chosen:
                continue
            draws = self.cleaned_data.get(f"draws_{at + 1}") or "passed"
            same = self.kept[at] | {"draws": draws} if chosen == "kept" else None
            found.append(same or step_like(self.runs[chosen], draws=draws))
        return found

    def rows(self) -> list[tuple[Any, Any]]:
        """Each step's field with the field of what it draws from (None for the first)."""
        return [
            (self[f"step_{at + 1}"], self[f"draws_{at + 1}"] if at else None) for at in range(STEPS)
        ]  # fmt: skip


def _told(run: Run, titles: dict[str, str]) -> str:
    """A run as it stands in the list of those to be taken over."""
    model = _("offline") if run.offline else run.model
    return " · ".join(each for each in (f"#{run.pk} {titles.get(run.recipe, run.recipe)}", run.language, model) if each)


def _initial(workflow: Workflow | None) -> dict[str, Any]:
    if workflow is None:
        return {}
    values: dict[str, Any] = {
        "name": workflow.name, "only_new": workflow.only_new, "every_hours": workflow.every_hours
    }  # fmt: skip
    for at, step in enumerate(workflow.steps):
        values |= {f"step_{at + 1}": "kept", f"draws_{at + 1}": step.get("draws", "passed")}
    return values
