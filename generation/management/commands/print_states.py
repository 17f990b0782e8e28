"""`manage.py print_states`: what may follow what, printed from the tables of transitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

HEAD = """# States

Printed from the tables of transitions in the models by `manage.py print_states`; do not edit by hand. A row changes its
state through one verb, which refuses what its table does not list.
"""


class Command(BaseCommand):
    """Prints docs/reference/states.md."""

    help = "Print the diagrams of states as Markdown."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """One diagram for each model that has a table."""
        self.stdout.write(HEAD + "".join(map(diagram, models_with_states())), ending="")


def models_with_states() -> Iterator[Any]:
    """The models with a table of transitions, by name."""
    return (model for model in sorted(apps.get_models(), key=lambda m: m.__name__) if hasattr(model, "TRANSITIONS"))


def diagram(model: Any) -> str:
    """A Mermaid diagram of one model; end states lead to the black dot."""
    lines = [f"    [*] --> {model._meta.get_field('state').default}"]
    for source, targets in model.TRANSITIONS.items():
        lines += [f"    {source} --> {target}" for target in sorted(targets)] or [f"    {source} --> [*]"]
    return f"\n## {model.__name__}\n\n```mermaid\nstateDiagram-v2\n" + "\n".join(lines) + "\n```\n"
