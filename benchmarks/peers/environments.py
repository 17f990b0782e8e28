"""Throw-away environments with other engines, kept under `.verify/`, and what a command in one of them used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / ".verify"
PEERS = {
    "distilabel": ("distilabel[openai]==1.5.3", "requests", "beautifulsoup4"),
    "curator": ("bespokelabs-curator==0.1.31",),
    "near_duplicates": ("datasketch==2.0.0", "rensa==0.5.0"),
}
_QUIET = {
    "TELEMETRY_ENABLED": "0", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}  # fmt: skip


def python_of(name: str) -> Path:
    """The interpreter of the engine's environment, which is made when its pins changed. A minute, the first time."""
    home, pins = KEPT / name, PEERS[name]
    python, stamp = home / "bin" / "python", home / "installed"
    if stamp.exists() and stamp.read_text() == repr(pins):
        return python
    print(f"Installing {pins[0]} into {home.relative_to(ROOT)} ...", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pins]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    stamp.write_text(repr(pins))
    return python


def watched(command: list[str], *, home: Path) -> dict[str, float]:
    """Runs the command with `home` as its home: CPU seconds of it and its children, largest memory of one in MB."""
    environment = os.environ | _QUIET | {"HOME": str(home), "CURATOR_CACHE_DIR": str(home / "curator")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, _status, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return {"cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}
