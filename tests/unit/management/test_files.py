"""Files as the commands read and write them."""

from __future__ import annotations

import io
import itertools

import pytest
from django.core.management.base import CommandError

from generation.management import files


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_the_number_and_the_pace_and_a_clean_line_at_the_end(monkeypatch):
    clock = itertools.count(start=0.0, step=0.25)
    monkeypatch.setattr(files.time, "monotonic", lambda: next(clock))
    shown = Terminal()
    assert list(files.watched(range(4), stream=shown)) == [0, 1, 2, 3]
    assert "\r4 (4/s)" in shown.getvalue()
    assert shown.getvalue().endswith("\r\x1b[K")


def test_a_pipe_sees_nothing():
    shown = io.StringIO()
    assert list(files.watched(range(4), stream=shown)) == [0, 1, 2, 3]
    assert shown.getvalue() == ""


def test_what_breaks_off_leaves_the_older_file_and_no_part(tmp_path):
    target = tmp_path / "new" / "out"
    with files.writing(target) as file:
        file.write(b"older")
    with pytest.raises(ZeroDivisionError), files.writing(target) as file:
        file.write(bytes([1 // 0]))
    assert (target.read_bytes(), list(target.parent.iterdir())) == (b"older", [target])


def test_files_that_cannot_be_read_or_written_are_named(tmp_path):
    (tmp_path / "plain").write_text("x")
    with pytest.raises(CommandError, match=r"none\.json"), files.reading(tmp_path / "none.json"):
        pass
    with pytest.raises(CommandError, match="plain/out"), files.writing(tmp_path / "plain" / "out"):
        pass


def test_chinese_takes_two_columns_of_a_terminal():
    assert files.padded("ab", 4) == "ab  "
    assert files.padded("中", 4) == "中  "
    assert files.padded("too long", 4) == "too long"
