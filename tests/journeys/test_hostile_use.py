"""Hostile texts stay harmless while people work with them: cards that come in, edits, previews, forms sent back."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from generation.models import Call, Person, Run, Sample
from tests.hostile.corpus import GROUPS, HOSTILE, POLYGLOT, REFUSED, of_length
from tests.hostile.flood import WholeFlood, sample_of
from tests.hostile.flood_rounds import RoundFlood
from tests.hostile.watch import Watch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
REVIEW = ("/p/poems/review", "/p/poems/review/decide", "/p/poems/review/undo")
COMPARE = {"choose": ("d", "l", "s", "Shift+1"), "rank": [*"123456789", "Enter"], "rate": ("2",)}
"""What is struck on the page of each kind of round."""
FORMS = {
    "/p/poems/compare/new": "name",
    "/p/poems/settings": "name",
    "/new": "name",
    "/account": "key-search",
    "/p/poems/people": "note",
    "/p/poems/seeds/new": "tags",
    "/p/poems/endpoints/new": "base_url",
    "/p/poems/prompts/types/new": "name",
    "/p/poems/runs/new/few_shot": "seed_q",
}


@pytest.fixture
def seen(world, alice, watch) -> Watch:
    """Alice's browser in the flooded project."""
    flood = WholeFlood(world, owner=alice, one=POLYGLOT)
    flood.single()
    flood.many()
    Person.objects.filter(pk=alice.pk).update(keys={})
    return watch(alice)


def press(seen: Watch, *keys: str) -> None:
    for key in keys:
        seen.page.keyboard.press(key)
        seen.look()


def test_reviewing_obeys_nothing(seen, world):
    sample = world.arguments["sample_id"]
    seen.visit(f"/p/poems/review?first={sample}", also=REVIEW)
    assert seen.shows("fired()")
    press(seen, "v", "v", "i", "?", "Escape", "g", "Escape", "e")
    box = seen.page.locator(".desk-card:not([hidden]) textarea[name=output]")
    box.fill(box.input_value() + POLYGLOT + HOSTILE[5])
    seen.page.wait_for_timeout(150)
    assert seen.page.locator(".desk-card:not([hidden]) .diff ins").count()
    seen.look()
    press(seen, "Control+Enter")
    for place in seen.page.locator(".rendered:visible").all()[:6]:
        place.hover()
    press(seen, *["Space"] * 25, "x", "1", "f", "u", "u")
    seen.page.wait_for_function("!document.querySelector('[data-saved][data-waiting]')")
    assert seen.faults == []
    assert Sample.objects.get(pk=sample).state == "approved"


def test_comparing_obeys_nothing(seen, world, alice):
    flood = RoundFlood(world, one=POLYGLOT, now=alice.date_joined)
    flood.everything()
    for kind, asked in flood.rounds(alice).items():
        page = f"/p/poems/compare/{asked}"
        seen.visit(page, also=(page, f"{page}/judge", f"{page}/undo"))
        assert seen.shows("fired()")
        press(seen, "v", "v", "?", "Escape", "g", "Escape")
        seen.page.locator("[data-asks] input[name=note]").fill(POLYGLOT)
        press(seen, "Escape", *COMPARE[kind])
        seen.page.wait_for_selector("[data-reveal] .pill")
        seen.look()
        press(seen, "Enter", "u")
        seen.page.wait_for_selector("[data-card]:not([data-done])")
        if kind == "choose":
            press(seen, "e", "1")
            seen.page.keyboard.type(POLYGLOT)
            press(seen, "Control+Enter")
        expect(seen.page.locator("[data-saved]")).to_have_text("All saved")
        seen.look()
    assert seen.faults == []


def test_math_is_set_and_obeys_nothing(seen, world):
    formulas, sample = GROUPS["math"], world.arguments["sample_id"]
    Sample.objects.filter(pk=sample).update(
        turns=[{"role": "user", "content": text} for text in formulas],
        output="$\\frac{1}{2}$",
        instruction="\n\n".join(formulas),
    )
    for address in (f"/p/poems/samples/{sample}", f"/p/poems/review?first={sample}"):
        seen.visit(address, also=REVIEW)
        seen.page.wait_for_selector(".math[data-set='1']")
        seen.look()
        assert seen.page.locator(".math a, .math img, .math [style*=fixed]").count() == 0
    assert seen.faults == []


def test_opening_everything_on_a_sample_and_a_running_run_obeys_nothing(seen, world):
    seen.visit(f"/p/poems/samples/{world.arguments['sample_id']}?raw=1")
    seen.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    seen.look()
    Run.objects.filter(pk=world.arguments["run_id"]).update(state="running")
    run = f"/p/poems/runs/{world.arguments['run_id']}"
    with seen.page.expect_response(lambda answer: answer.request.headers.get("hx-target") == "run_failures"):
        seen.visit(run)
        seen.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    seen.look()
    call = Call.objects.filter(run_id=world.arguments["run_id"]).latest("id")
    seen.visit(f"{run}/calls/{call.pk}", also=(run,))  # its last look may be on the way
    assert seen.faults == []


def test_previews_of_prompts_obey_nothing(seen, world):
    kind = f"/p/poems/prompts/types/{world.arguments['template_id']}"
    for address in ("/p/poems/prompts/self_instruct.classify/en", kind):
        for text in sample_of(of_length(4000), every=60):
            seen.visit(address)
            box = seen.page.locator("textarea[name=text]")
            with seen.page.expect_response(lambda answer: answer.request.method == "POST"):
                box.fill(f"{{{{ task }}}} {{{{ examples }}}} {{{{ text }}}} {text}")
            seen.look()
    assert [fault for fault in seen.faults if "status of 422" not in fault] == []


def test_files_with_hostile_rows_and_names_obey_nothing(seen):
    rows = [{"instruction": text, "output": text, text[:40] or "x": text} for text in HOSTILE[:300]]
    lines = [json.dumps(row) for row in rows] + [f"{text} {{" for text in sample_of(HOSTILE, every=9)]
    lines += [json.dumps({"instruction": text, "output": text}) for text in REFUSED]
    table = "\n".join(["text,<img src=x onerror=fired()>", *(f'"{text[:99]}","x"' for text in GROUPS["handler"])])
    for name, content in ((f"{POLYGLOT[:80]}.jsonl", "\n".join(lines)), ("<svg onload=fired()>.csv", table)):
        seen.visit("/p/poems/seeds/import")
        file = {"name": name, "mimeType": "text/html", "buffer": content.encode()}
        seen.page.set_input_files("input[type=file]", file)
        with seen.page.expect_navigation():
            seen.page.locator("input[type=file]").evaluate("field => field.form.requestSubmit()")
        seen.look()
    requested = [fault for fault in seen.faults if "/p/poems/seeds/import" not in fault.partition("  ")[2]]
    assert requested == []
    assert seen.shows("fired()")


def test_forms_that_come_back_obey_nothing(seen, watch):
    for address, name in FORMS.items():
        seen.visit(address)
        field = seen.page.locator(f"[name='{name}'], #{name}").first
        field.evaluate("(field, text) => { field.removeAttribute('maxlength'); field.value = text; }", POLYGLOT)
        posted = field.evaluate("field => new URL(field.form.action).pathname")
        seen.allow(address, posted)
        with seen.page.expect_navigation():
            field.evaluate("field => HTMLFormElement.prototype.submit.call(field.form)")
        seen.look()
    outside = watch()
    outside.visit("/sign-in")
    outside.page.fill("#id_username", POLYGLOT)
    outside.page.fill("#id_password", POLYGLOT)
    outside.page.locator("#id_password").press("Enter")
    outside.look()
    faults = [fault for fault in [*seen.faults, *outside.faults] if "status of 422" not in fault]
    assert faults == []


@pytest.mark.parametrize("text", ["</script><script>fired()</script>", POLYGLOT])
def test_searching_for_a_hostile_text_obeys_nothing(seen, text):
    for address in ("/p/poems/samples", "/p/poems/seeds", "/p/poems/review", "/p/poems/people"):
        seen.visit(f"{address}?q={quote(text, safe='')}", also=(address,))
        press(seen, "?", "Escape")
    assert seen.faults == []
