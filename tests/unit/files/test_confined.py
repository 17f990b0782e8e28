"""Parquet and archives are read by a child with limits; whatever they hold costs them alone."""

from __future__ import annotations

import io
import zipfile

import pytest

from generation.files import confined, layouts, tabular
from generation.files.confined import Member, members
from generation.files.strict_json import Fault
from generation.types import RowError


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    made.seek(0)
    return made


def unzipped(file: io.BytesIO) -> list[tuple[str, bytes | str]]:
    found: list[tuple[str, bytes | str]] = []
    for each in members(file):
        if isinstance(each, Fault):
            found.append((each.path, each.code))
            continue
        try:
            found.append((each.name, b"".join(iter(each.read, b""))))
        except Fault as fault:
            found.append((each.name, fault.code))
    return found


def as_parquet(records: list[dict]) -> bytes:
    made = io.BytesIO()
    layouts.write(records, made, layout="parquet")
    return made.getvalue()


def codes(raw: bytes) -> list[str]:
    return [row.code for _, row in tabular.read_rows(io.BytesIO(raw)) if isinstance(row, RowError)]


def test_the_files_of_an_archive_come_one_after_another():
    big = bytes(range(256)) * 4000
    assert unzipped(zipped(("a.png", b"\x89PNG"), ("sub/", b""), ("sub/图.jpg", big), ("empty", b""))) == [
        ("a.png", b"\x89PNG"),
        ("sub/图.jpg", big),
        ("empty", b""),
    ]


def test_a_file_that_nobody_read_is_skipped():
    names = [each.name for each in members(zipped(("a", b"x" * 300_000), ("b", b"y"))) if isinstance(each, Member)]
    assert names == ["a", "b"]


def test_names_that_lead_elsewhere_are_refused_one_by_one():
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    found = unzipped(zipped(("../up", b"1"), ("/etc/passwd", b"1"), ("C:\\x", b"1"), (link, b"/etc"), ("fine", b"1")))
    assert [code for _, code in found] == ["unsafe_path"] * 4 + [b"1"]


def test_names_of_old_chinese_windows_are_read():
    raw = zipped(("??????.png", b"1")).getvalue().replace(b"??????.png", "图片一".encode("gbk") + b".png")
    assert unzipped(io.BytesIO(raw)) == [("图片一.png", b"1")]


def test_a_damaged_file_costs_itself_and_a_damaged_archive_itself():
    raw = zipped(("a", b"hello hello"), ("b", b"fine"), method=zipfile.ZIP_STORED).getvalue()
    assert unzipped(io.BytesIO(raw.replace(b"hello hello", b"hello jello"))) == [("a", "bad_zip"), ("b", b"fine")]
    assert unzipped(io.BytesIO(raw[:40])) == [("", "bad_zip")]
    assert unzipped(io.BytesIO(b"no archive")) == [("", "bad_zip")]


def test_an_archive_that_swells_is_stopped():
    found = unzipped(zipped(("bomb", b"\0" * 70_000_000), ("b", b"fine")))
    assert found == [("bomb", "too_large"), ("", "too_large")]


def test_a_damaged_parquet_file_is_one_fault():
    raw = as_parquet([{"a": "text", "n": n} for n in range(500)])
    assert codes(raw) == []
    assert codes(raw[:-20]) == ["bad_parquet"]
    assert codes(b"PAR1" + b"\xff" * 500 + b"PAR1") == ["bad_parquet"]


def test_a_parquet_file_that_swells_is_stopped():
    raw = as_parquet([{"a": "x" * 4_000_000}] * 20)
    assert len(raw) < 100_000
    assert codes(raw)[-1] == "too_large"


def test_a_column_of_bytes_is_refused_by_name():
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = io.BytesIO()
    pq.write_table(pa.table({"image": pa.array([{"bytes": b"x"}]), "text": ["a"]}), made)
    made.seek(0)
    [(_, fault)] = tabular.read_rows(made)
    assert (fault.code, fault.path, fault.message) == ("column_type", "image.bytes", "binary")


def test_a_child_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(confined, "PATIENCE", 0.0)
    assert codes(as_parquet([{"a": 1}])) == ["took_too_long"]


@pytest.mark.parametrize("stop_after", [1, 3])
def test_a_reader_who_stops_leaves_no_child_behind(stop_after, monkeypatch):
    started = []
    real = confined.subprocess.Popen
    monkeypatch.setattr(confined.subprocess, "Popen", lambda *a, **k: started.append(real(*a, **k)) or started[-1])
    rows = tabular.read_rows(io.BytesIO(as_parquet([{"a": n} for n in range(5000)])))
    for _ in range(stop_after):
        next(rows)
    rows.close()
    assert [child.poll() is not None for child in started] == [True]
