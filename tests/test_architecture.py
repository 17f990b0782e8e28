"""The rules of the house, held by reading its own source. See docs/architecture.md for why each one is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest

from tests.house import FUNCTIONS, ROOT, Module, circles, dotted, first_party, modules

PURE = (
    "generation.types",
    "generation.alpaca",
    "generation.blinding",
    "generation.recipes",
    "generation.chat",
    "generation.documents",
    "generation.files",
    "generation.formats",
    "generation.conversions",
    "generation.quality",
    "generation.samples",
    "generation.dataset_utils",
    "generation.plain_rows",
    "generation.preferences",
    "review.agreement",
)
EVERYTHING = ("fdc_project", "generation", "review", "tests", "benchmarks")
MODELS = ("generation.models", "review.models")
ACTIONS = ("generation.actions", "review.actions")
DOORS = tuple(
    f"{app}.{door}"
    for app in ("generation", "review")
    for door in ("views", "forms", "api", "schemas", "tasks", "admin", "management", "urls")
)
HEAVY = ("openai", "dashscope", "pyarrow", "numpy")
CLOCKS = re.compile(
    r"^(timezone\.(now|localtime|localdate)|(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.time)$"
)
WRITES = re.compile(r"objects\b.*\.(create|update|delete|bulk_create|bulk_update|get_or_create|update_or_create)$")
DRAWERS = re.compile(r"^(utils?|helpers?|common|misc|managers?|services?)$")
TOWERS = re.compile(r"(Service|Mixin|Manager|Helper|Utils?)$")


def complain(faults: Iterable[str]) -> None:
    """Fails with every fault on a line of its own."""
    found = sorted(faults)
    assert not found, "\n".join(["", *found])


def in_layer(*packages: str) -> list[Module]:
    """The product's modules inside these packages."""
    return [module for module in modules() if module.within(*packages)]


def reaches(module: Module, *packages: str) -> list[str]:
    """The imports of `module`, early and late, that lie inside `packages`."""
    names = module.imported | module.imported_late
    return [name for name in names if any(name == p or name.startswith(p + ".") for p in packages)]


def lines_of(node: ast.AST) -> int:
    """How many lines a node takes, decorators left out."""
    return (node.end_lineno or 0) - node.lineno + 1  # type: ignore[attr-defined]


def test_no_python_file_is_longer_than_300_lines() -> None:
    sizes = {m.where: m.source.count("\n") for m in modules(*EVERYTHING)}
    complain(f"{where}: {size} lines" for where, size in sizes.items() if size > 300)


def test_no_function_is_longer_than_50_lines() -> None:
    complain(
        f"{module.where}:{function.lineno} {function.name}: {lines_of(function)} lines"
        for module in modules(*EVERYTHING)
        for function in module.functions()
        if lines_of(function) > 50
    )


def test_no_class_is_longer_than_200_lines() -> None:
    complain(
        f"{module.where}:{cls.lineno} {cls.name}: {lines_of(cls)} lines"
        for module in modules(*EVERYTHING)
        for cls in module.classes()
        if lines_of(cls) > 200
    )


@pytest.mark.parametrize(("folder", "pattern", "most"), [("static", "*.js", 300), ("templates", "*.html", 150)])
def test_no_script_or_template_outgrows_its_cap(folder: str, pattern: str, most: int) -> None:
    files = [path for path in (ROOT / folder).rglob(pattern) if "vendor" not in path.parts]
    sizes = {path: path.read_text(encoding="utf-8").count("\n") for path in files}
    complain(f"{path.relative_to(ROOT)}: {size} lines" for path, size in sizes.items() if size > most)


def test_there_is_no_import_cycle() -> None:
    complain(" -> ".join(circle) for circle in circles())


def test_nothing_of_ours_is_imported_inside_a_function() -> None:
    complain(f"{module.where}: {name}" for module in modules() for name in module.imported_late if first_party(name))


@pytest.mark.parametrize(
    ("layer", "forbidden"),
    [
        (("generation",), ("review",)),
        (("fdc_project.web",), ("generation", "review")),
        (MODELS, (*ACTIONS, *DOORS, "generation.engine", "generation.providers", "generation.dispatch")),
        (ACTIONS, DOORS),
        (("generation.engine",), (*MODELS, *ACTIONS, *DOORS, "generation.dispatch", "django.db")),
        (("generation.providers",), (*MODELS, *ACTIONS, *DOORS, "generation.engine", "django")),
        (PURE, ("django", "fdc_project", *MODELS, *ACTIONS, *DOORS, "generation.engine", "generation.providers")),
    ],
    ids=["generation", "web", "models", "actions", "engine", "providers", "pure"],
)
def test_imports_point_inward(layer: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    complain(f"{module.where} imports {name}" for module in in_layer(*layer) for name in reaches(module, *forbidden))


def test_pure_code_knows_only_pure_code() -> None:
    complain(
        f"{module.where} imports {name}"
        for module in in_layer(*PURE)
        for name in module.imported | module.imported_late
        if first_party(name) and name not in reaches(module, *PURE)
    )


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    complain(
        f"{module.where} imports {name} when it is loaded"
        for module in modules()
        for name in module.imported
        if name.split(".")[0] in HEAVY
    )


def test_only_dispatch_sends_celery_messages() -> None:
    complain(
        f"{module.where}:{call.lineno} {text}"
        for module in modules()
        if not module.within("generation.dispatch", "review.dispatch", "fdc_project.celery")
        for text, call in module.calls()
        if text.rpartition(".")[2] in ("delay", "apply_async", "send_task", "signature")
        and "." in text
        and not text.startswith("inspect.")
    )


def test_nothing_listens_to_signals_of_django() -> None:
    complain(
        f"{m.where} imports {name}"
        for m in modules()
        for name in reaches(m, "django.dispatch", "django.db.models.signals")
    )


def test_rows_are_saved_by_verbs_and_never_in_secret() -> None:
    complain(
        f"{module.where}:{function.lineno} {cls.name}.{function.name}"
        for module in in_layer(*MODELS)
        for cls in module.classes()
        for function in cls.body
        if isinstance(function, FUNCTIONS) and function.name in ("save", "delete", "full_clean")
    )


def test_doors_write_nothing_themselves() -> None:
    complain(
        f"{module.where}:{call.lineno} {text}"
        for module in in_layer(*DOORS)
        for text, call in module.calls()
        if WRITES.search(text) or (text.endswith(".save") and not text.startswith(("super", "request.session")))
    )


def test_doors_never_pass_what_a_person_sent_as_field_names() -> None:
    risky = ("filter", "exclude", "get", "create", "update", "extra", "raw", "order_by")
    complain(
        f"{module.where}:{call.lineno} {text}(**...)"
        for module in in_layer(*DOORS)
        for text, call in module.calls()
        if text.rpartition(".")[2] in risky and any(keyword.arg is None for keyword in call.keywords)
    )


def test_markup_is_trusted_in_one_place_only() -> None:
    trusted = "fdc_project.web.texts"
    complain(
        f"{module.where}:{call.lineno} {text}"
        for module in modules()
        if module.name != trusted
        for text, call in module.calls()
        if text.rpartition(".")[2] in ("mark_safe", "SafeString", "SafeText")
    )
    unsafe = re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off|\|\s*safeseq\b")
    complain(
        str(p.relative_to(ROOT)) for p in (ROOT / "templates").rglob("*.html") if unsafe.search(p.read_text("utf-8"))
    )


def test_only_doors_read_the_clock() -> None:
    complain(
        f"{module.where}:{call.lineno} {text}"
        for module in in_layer(*PURE, *MODELS, *ACTIONS)
        for text, call in module.calls()
        if CLOCKS.match(text)
    )


def test_pure_code_takes_its_chance_as_an_argument() -> None:
    complain(
        f"{module.where}:{call.lineno} {text}"
        for module in in_layer(*PURE)
        for text, call in module.calls()
        if text.startswith(("random.", "secrets.", "uuid.")) and text != "random.Random"
    )


def test_verbs_take_one_positional_argument() -> None:
    complain(
        f"{module.where}:{node.lineno} {node.name}"
        for module in in_layer(*ACTIONS)
        for node in module.tree.body
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_")
        and len(node.args.posonlyargs + node.args.args) > 1
    )  # fmt: skip


def test_names_are_the_fields_own_words() -> None:
    complain(m.where for m in modules() if DRAWERS.match(m.path.stem) or DRAWERS.match(m.path.parent.name))
    complain(f"{m.where} {cls.name}" for m in modules() for cls in m.classes() if TOWERS.search(cls.name))


def test_everything_public_says_what_it_promises() -> None:
    complain(
        f"{module.where}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', '(the file)')}"
        for module in modules()
        if module.source.strip()
        for node in [module.tree, *module.tree.body]
        if isinstance(node, (ast.Module, ast.ClassDef, *FUNCTIONS))
        and not getattr(node, "name", "").startswith("_")
        and not ast.get_docstring(node)
    )


def test_views_urls_and_templates_share_one_name() -> None:
    faults = []
    for module in in_layer("generation.urls", "review.urls"):
        for text, call in module.calls():
            names = [k.value.value for k in call.keywords if k.arg == "name" and isinstance(k.value, ast.Constant)]
            if text in ("path", "re_path") and names and len(call.args) > 1:
                view = dotted(call.args[1]).rpartition(".")[2]
                faults += [f"{module.where}:{call.lineno} {view} is called {names[0]}"] if view != names[0] else []
    complain(faults)


def test_no_file_names_the_machine_it_was_written_on() -> None:
    telltale = re.compile(r"/" r"work/|/" r"tmp/fdc|/root/\w")
    files = [module.path for module in modules(*EVERYTHING)]
    for folder in ("templates", "docs", "static"):
        files += [path for path in (ROOT / folder).rglob("*.*") if path.suffix in (".md", ".html", ".js", ".css")]
    complain(str(path.relative_to(ROOT)) for path in files if telltale.search(path.read_text("utf-8")))
