"""The key files of an installation."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fdc_project import env
from fdc_project.keys import KeyFileError, ensure_keys, weak_key


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FDC_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("FDC_SECRET_KEY")
    monkeypatch.delenv("FDC_ENCRYPTION_KEY")
    return tmp_path / "var"


def test_keys_are_made_for_their_owner_alone(folder: Path) -> None:
    ensure_keys()
    for name in ("secret_key", "encryption_key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_keys_are_long_and_differ_and_are_what_settings_read(folder: Path) -> None:
    ensure_keys()
    surroundings = env.read()
    assert surroundings.secret_key != surroundings.encryption_key
    assert weak_key(surroundings.secret_key, surroundings.encryption_key) == ""


def test_keys_are_made_once(folder: Path) -> None:
    ensure_keys()
    before = (folder / "secret_key").read_text()
    ensure_keys()
    assert (folder / "secret_key").read_text() == before
    assert sorted(path.name for path in folder.iterdir()) == ["encryption_key", "secret_key"]


def test_a_key_from_the_environment_makes_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FDC_SECRET_KEY", "k" * 40)
    ensure_keys()
    assert [path.name for path in folder.iterdir()] == ["encryption_key"]


def test_a_key_file_that_others_can_read_is_refused(folder: Path) -> None:
    ensure_keys()
    (folder / "secret_key").chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        ensure_keys()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FDC_DATA_DIR", str(tmp_path / "file" / "var"))
    with pytest.raises(KeyFileError, match=r"cannot write to .*file/var"):
        ensure_keys()


def test_a_port_that_is_no_number_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FDC_PORT", "eight")
    with pytest.raises(KeyFileError, match=r"no usable value.*eight"):
        ensure_keys()


@pytest.mark.parametrize(("secret", "encryption", "weak"), [
    ("", "e" * 44, "FDC_SECRET_KEY"), ("s" * 31, "e" * 44, "FDC_SECRET_KEY"), ("s" * 32, "short", "FDC_ENCRYPTION_KEY"),
])  # fmt: skip
def test_a_short_key_is_called_by_its_name(secret: str, encryption: str, weak: str) -> None:
    assert weak_key(secret, encryption) == weak
