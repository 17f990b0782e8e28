"""Uploading a bundle to the Hugging Face Hub, through its own client library where that is installed. No Django."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

LIBRARY = "huggingface_hub"
INSTALL = "pip install huggingface_hub"
REPO = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")


class HubError(Exception):
    """The Hub did not take the bundle; `code` says why: hub_missing, hub_token, hub_repo, hub_unreachable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Client(Protocol):
    """What is used of `huggingface_hub.HfApi`."""

    def create_repo(self, repo_id: str, *, repo_type: str, private: bool, exist_ok: bool) -> Any: ...

    def upload_folder(self, *, folder_path: str, repo_id: str, repo_type: str, commit_message: str) -> Any: ...


def installed() -> bool:
    """Whether the Hub's library is there; it is an extra."""
    return find_spec(LIBRARY) is not None


def open_client(token: str) -> Client:
    """The Hub's own client. `HubError` "hub_missing" where the library is not installed."""
    try:
        from huggingface_hub import HfApi
    except ImportError:
        raise HubError("hub_missing") from None
    client: Client = HfApi(token=token)
    return client


def push(
    bundle: Path, *, repo: str, private: bool, token: str, message: str, opened: Callable[[str], Client] = open_client
) -> str:
    """Uploads every file of a bundle as one commit and returns its address; the dataset is made if it is not there.

    `HubError`. Nothing that the library says goes on, because it may quote the request.
    """
    client = opened(token)
    try:
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(bundle) as archive:
                archive.extractall(folder)
            client.create_repo(repo, repo_type="dataset", private=private, exist_ok=True)
            done = client.upload_folder(folder_path=folder, repo_id=repo, repo_type="dataset", commit_message=message)
    except HubError:
        raise
    except Exception as error:  # the library raises its own, requests' and httpx's
        raise HubError(_code(error)) from None
    return str(getattr(done, "commit_url", "") or "")


def _code(error: Exception) -> str:
    status = getattr(getattr(error, "response", None), "status_code", None)
    return {401: "hub_token", 403: "hub_token", 404: "hub_repo", 409: "hub_repo"}.get(status or 0, "hub_unreachable")
