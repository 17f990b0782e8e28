"""What the journey from a mixed file to three exports does on the pages, and the files that it starts from."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

PATIENCE = 60_000
BROKEN = {
    71: '{"instruction": "no output here"}',
    141: '{"instruction": 3, "output": "An answer that is long enough."}',
    211: "{broken",
    281: '{"instruction": "a", "instruction": "b", "output": "The same key stands here twice."}',
    351: "[1, 2]",
    421: '{"instruction": "n", "output": NaN}',
    491: '{"instruction": "Half", "output": "\\ud800 is half of a character"}',
    561: '{"instruction": "Nul", "output": "a\\u0000b and some more text"}',
    631: '{"instruction": "Turns", "output": "An answer that is long enough.", "history": [["one"]]}',
    701: '{"instruction": "Media", "output": "An answer that is long enough.", "images": "a.png"}',
    771: "// a comment",
    841: '{"instruction": "", "output": ""}',
}
"""Line -> what stands there, in a file of 912 lines."""
CODES = [
    "missing_field", "not_a_string", "bad_json", "duplicate_key", "not_an_object", "not_a_number", "lone_surrogate",
    "nul_character", "not_a_turn", "not_a_list", "json_comment", "blank",
]  # fmt: skip
"""What is said of them, in their order."""


def mixed_file(folder: Path) -> Path:
    """900 sound rows, a third of them Chinese, and the 12 broken ones."""
    lines: list[str] = []
    number = 0
    for line in range(1, 913):
        if line in BROKEN:
            lines.append(BROKEN[line])
            continue
        number += 1
        if number % 3 == 0:
            lines.append(_row(f"用一句话解释第{number}条规则。", f"第{number}条规则让大家都能安全而且准时地到家。"))
        else:
            lines.append(_row(f"Explain rule {number} in one sentence.", f"Rule {number} keeps everybody safe."))
    return _written(folder / "mixed.jsonl", lines)


def general_file(folder: Path) -> Path:
    """400 rows of a general corpus."""
    rows = [_row(f"Which colour has thing {at}?", f"Thing {at} has colour number {at % 7}.") for at in range(400)]
    return _written(folder / "general.jsonl", rows)


def _row(instruction: str, output: str) -> str:
    return json.dumps({"instruction": instruction, "input": "", "output": output}, ensure_ascii=False)


def _written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Trip:
    """A signed-in owner's browser in one project."""

    def __init__(self, page: Page) -> None:
        self.page = page
        found = re.match(r"(.*/p/[^/]+)", page.url)
        assert found
        self.project = found[1]

    def go(self, path: str) -> None:
        """Opens a page of the project."""
        self.page.goto(self.project + path)

    def bring_in(self, file: Path, *, tag: str = "") -> str:
        """Uploads the file, looks, and imports it as approved; the id of the import, once it is done."""
        self.go("/imports/new")
        self.page.locator("input[type=file]").set_input_files(file)
        self.page.locator("[data-action=preview]").click()
        self.page.wait_for_url(re.compile("/imports/new/."))
        self.page.locator("[name=tags]").fill(tag)
        self.page.locator("[name=state][value=approved]").check()
        self.page.locator("[data-action=save]").click()
        self.page.wait_for_url(re.compile(r"/imports/\d+"))
        expect(self.page.locator("progress.ok")).to_be_visible(timeout=PATIENCE)
        return self.page.url.rpartition("/")[2]

    def faults(self) -> list[str]:
        """The codes of the faults that the page at hand lists."""
        return self.page.locator("main table td > code.mut").all_inner_texts()

    def freeze(self, query: str, *, name: str = "") -> None:
        """The recipe that the address says, frozen; returns on the finished version's page."""
        self.go(f"/datasets/new?{query}")
        if name:
            self.page.locator("input#name").fill(name)
        self.page.locator("[data-action=freeze]").click()
        self.page.wait_for_url(re.compile(r"/datasets/\d+/v/\d+"))
        expect(self.page.locator("[data-action=export]")).to_be_visible(timeout=PATIENCE)

    def describe(self, version: str) -> None:
        """Names the licence of the version's dataset, which its card is not whole without."""
        self.page.goto(version.partition("/v/")[0] + "/card")
        self.page.locator("[name=licence]").select_option("cc-by-4.0")
        with self.page.expect_navigation():
            self.page.locator("main [data-action=save]").click()

    def edit(self, sample: str, *, output: str) -> None:
        """Puts an approved sample back to review, changes its output and approves it again."""
        self.go(f"/samples/{sample}")
        self.page.locator("#why").fill("A better wording")
        self.page.locator("[name=do][value=reopen]").click()
        self.page.locator("[data-action=review]").click()
        card = self.page.locator(f"[data-card='{sample}']")
        expect(card).to_be_visible()
        self.page.keyboard.press("e")
        card.locator("textarea[name=output]").fill(output)
        self.page.keyboard.press("Control+Enter")
        expect(card).to_have_count(0)
        expect(self.page.locator("[data-saved]")).to_have_text("All saved")

    def export(self, version: str, format_name: str, folder: Path, *, bundle: bool = False) -> Path:
        """Exports the version; the contract check must pass before it is written. The downloaded file."""
        query = f"?asked=1&version={version}&format={format_name}" + ("&bundle=1" if bundle else "")
        self.go(f"/exports/new{query}")
        expect(self.page.locator("main .pill.ok", has_text="passes")).to_be_visible()
        self.page.locator("[data-action=export]").click()
        self.page.wait_for_url(re.compile(r"/exports/\d+"))
        expect(self.page.locator("[data-action=download]")).to_be_visible(timeout=PATIENCE)
        with self.page.expect_download() as download:
            self.page.locator("[data-action=download]").click()
        target = folder / download.value.suggested_filename
        download.value.save_as(target)
        return target


def unpacked(archive: Path, folder: Path) -> Path:
    """The bundle's files in a folder."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return folder
