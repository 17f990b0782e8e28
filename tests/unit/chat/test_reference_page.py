"""The page of chat templates is printed from the list of them."""

from __future__ import annotations

from generation.chat.base import ChatTemplate
from generation.chat.catalogue import CHAT_TEMPLATES
from generation.chat.rendering import render
from generation.types import Example
from tests.house import ROOT

PAGE = ROOT / "docs" / "reference" / "chat-templates.md"
HEAD = (
    "| template | system text | tools | begins with | trained of the answer “A” | turns can be read back "
    "| checked against |"
)
PLACES = {"turn": "a turn of its own", "first_user": "in the first question", "header": "at the head"}


def line(each: ChatTemplate) -> str:
    rendered = render(Example("Q", output="A"), template=each)
    [span] = rendered.spans
    system = PLACES[each.system] + (", has a default" if each.default_system else "")
    back = ("yes, trimmed" if each.trims else "yes") if each.reversible else f"no: {each.caveat}"
    trained = rendered.text[span.start : span.end].replace("|", "\\|")
    bos = f"`{each.bos}`".replace("|", "\\|") if each.bos else "–"
    tools = "yes" if each.tools else "–"
    return f"| `{each.name}` | {system} | {tools} | {bos} | `{trained}` | {back} | {each.source} |"


def test_the_page_is_current():
    table = "\n".join([HEAD, "|---|---|---|---|---|---|---|", *map(line, CHAT_TEMPLATES)])
    assert table in PAGE.read_text(encoding="utf-8"), table
