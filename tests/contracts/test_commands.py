"""The page of commands lists each one with its exit codes, and every command keeps to the same few."""

from __future__ import annotations

import re

import pytest
from django.core.management import get_commands, load_command_class

from generation.management import costs, files, running
from tests.commands import run_command
from tests.house import ROOT

PAGE = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
OURS = sorted(name for name, app in get_commands().items() if app in ("generation", "review"))
ROWS = dict(re.findall(r"^\| `([a-z_]+)[^`]*` \|.*\| ([\d, ]+) \|$", PAGE, re.MULTILINE))


def test_every_command_of_ours_is_on_the_page_and_no_other():
    assert sorted(ROWS) == OURS


def test_the_exit_codes_on_the_page_are_those_in_the_code():
    codes = [int(code) for code in re.findall(r"^\| (\d) \|", PAGE, re.MULTILINE)]
    assert codes == [0, files.REFUSED, files.WRONG_USE, files.LEFT_OUT, running.STOPPED, costs.UNCONFIRMED]
    assert {int(code) for row in ROWS.values() for code in row.split(",")} <= set(codes)


@pytest.mark.parametrize("name", OURS)
def test_the_options_that_the_page_names_exist(name, capsys):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}"))
    command = load_command_class(get_commands()[name], name)
    known = command.create_parser("manage.py", name).format_help()
    assert [option for option in re.findall(r"--[a-z-]+", row) if option not in known] == []


@pytest.mark.parametrize("name", OURS)
def test_a_wrong_option_is_wrong_use(name, capsys):
    command = load_command_class(get_commands()[name], name)
    code, _, complaint = run_command(command, name, "--no-such-option", capsys=capsys)
    assert (code, "usage" in complaint) == (files.WRONG_USE, True)


def test_the_quick_start_on_the_page_runs_from_a_clone(tmp_path, capsys):
    lines = re.findall(r"^manage (.+)$", PAGE, re.MULTILINE)
    files_alone = ["construct_fewshot", "alpaca_constructor", "validate"]
    assert [line.split()[0] for line in lines] == [*files_alone, "self_instruct_workshop", "rlhf_constructor"]
    for line in lines[: len(files_alone)]:  # the others need a database: `test_rlhf_constructor`
        name, *rest = line.replace("data/", f"{tmp_path}/data/").replace("generation/", f"{ROOT}/generation/").split()
        command = load_command_class("generation", name)
        code, said, _ = run_command(command, name, *rest, capsys=capsys)
        assert (code, "28 rows" in said) == (0, True), line
