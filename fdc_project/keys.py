"""The two keys of an installation, made once as files that only their owner can read. Runs before Django is loaded."""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from fdc_project import env

KEYS = {"FDC_SECRET_KEY": "secret_key", "FDC_ENCRYPTION_KEY": "encryption_key"}
SHORTEST = 32


class KeyFileError(Exception):
    """The keys cannot be made or may not be used; the message is one sentence for the person who starts FDC."""


def ensure_keys() -> None:
    """Makes the key files that are missing (mode 0600) unless their variables are set.

    `KeyFileError` when the folder cannot be written to, a key file may be read by others, or a variable is malformed.
    """
    try:
        folder = env.read().data_dir
    except ValueError as error:
        raise KeyFileError(f"A variable of the environment has no usable value: {error}.") from error
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for variable, name in KEYS.items():
            if not os.environ.get(variable):
                _ensure_file(folder / name)
    except OSError as error:
        raise KeyFileError(
            f"FDC cannot write to {folder} ({error.strerror}): mend its mode, or name another with FDC_DATA_DIR."
        ) from error


def weak_key(secret_key: str, encryption_key: str) -> str:
    """The name of the variable whose key is missing or shorter than 32 characters, empty when both will do."""
    given = {"FDC_SECRET_KEY": secret_key, "FDC_ENCRYPTION_KEY": encryption_key}
    return next((name for name, key in given.items() if len(key) < SHORTEST), "")


def _ensure_file(path: Path) -> None:
    if path.exists():
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path} can be read by others: run `chmod 600 {path}` and start again.")
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
        file.write(urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # never replaces a key that another start has just made
    except FileExistsError:
        pass
    finally:
        draft.unlink()
