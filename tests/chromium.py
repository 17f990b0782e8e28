"""The browser of the journeys: found, or installed where that is possible. `python -m tests.chromium` makes sure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Any

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium-headless-shell", "fonts-noto-cjk")
MISSING = (
    "The tests need a Chromium and found none: install one (Debian: apt install chromium-headless-shell fonts-noto-cjk)"
    " or name it with FDC_CHROMIUM=/path/to/chromium."
)


def find() -> str:
    """The path of a Chromium, empty when there is none. FDC_CHROMIUM decides when it is set."""
    named = os.environ.get("FDC_CHROMIUM", "")
    if named:
        return named if os.access(named, os.X_OK) else ""
    return next((path for path in map(shutil.which, NAMES) if path), "")


def install() -> None:
    """Asks apt for a headless Chromium; does nothing where there is no apt or the caller is not root."""
    if os.geteuid() != 0 or not shutil.which("apt-get") or os.environ.get("FDC_CHROMIUM"):
        return
    print("Installing a headless Chromium for the tests ...", flush=True)
    quiet: dict[str, Any] = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    for command in (["apt-get", "update", "-qq"], install):
        subprocess.run(command, check=False, **quiet)


def found_or_installed() -> str:
    """The path of a Chromium; `SystemExit` with one sentence when there is none and none can be had."""
    if not find():
        install()
    return find() or sys.exit(MISSING)


if __name__ == "__main__":
    found_or_installed()
