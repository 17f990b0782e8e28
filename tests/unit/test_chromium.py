"""The browser of the tests is found, named, or asked for; never silently missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import chromium


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("FDC_CHROMIUM", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def executable(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_it_is_found_on_the_path_the_smallest_first(tmp_path: Path) -> None:
    executable(tmp_path / "google-chrome")
    shell = executable(tmp_path / "chromium-headless-shell")
    assert chromium.find() == str(shell)


def test_it_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable(tmp_path / "chromium")
    monkeypatch.setenv("FDC_CHROMIUM", str(executable(tmp_path / "mine")))
    assert chromium.find() == str(tmp_path / "mine")


def test_a_named_one_that_is_not_there_is_not_replaced_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path / "chromium")
    monkeypatch.setenv("FDC_CHROMIUM", str(tmp_path / "gone"))
    assert chromium.find() == ""


def test_without_one_the_run_ends_with_a_sentence_that_says_what_to_install() -> None:
    with pytest.raises(SystemExit, match="apt install chromium-headless-shell"):
        chromium.found_or_installed()
