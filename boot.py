"""Makes .venv and installs what FDC needs. Standard library only; a second call costs nothing.

    python3 boot.py          what FDC needs to run      (requirements.txt)
    python3 boot.py --dev    and what the tests need    (requirements-dev.txt)

uv installs where it can be had, pip otherwise; FDC_NO_UV=1 asks for pip.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEWEST_FIRST = ("python3.13", "python3.12", "python3.11")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def main() -> None:
    use_a_new_enough_python()
    files = [ROOT / "requirements.txt"] + ([ROOT / "requirements-dev.txt"] if "--dev" in sys.argv[1:] else [])
    stamp, mark = VENV / (".installed-dev" if len(files) > 1 else ".installed"), mark_of(files)
    if stamp.exists() and stamp.read_text() == mark and PYTHON.exists():
        return
    print("Installing what FDC needs into .venv ...", flush=True)
    make_environment()
    if not (install_with_uv(files[-1]) or install_with_pip(files[-1])):
        sys.exit("The packages could not be installed: see the lines above (is there a way to the package index?).")
    stamp.write_text(mark)


def use_a_new_enough_python() -> None:
    """Goes on under another interpreter when this one is older than 3.11."""
    if sys.version_info >= (3, 11):
        return
    for name in NEWEST_FIRST:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])
    sys.exit("FDC needs Python 3.11 or newer; this is %d.%d. Install it and run make again." % sys.version_info[:2])


def mark_of(files: "list[Path]") -> str:
    """Changes when a pin, or the interpreter, changes."""
    digest = hashlib.sha256(sys.version.encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def make_environment() -> None:
    """An environment with pip. One that was left half made is finished."""
    if PYTHON.exists() and run(PYTHON, "-m", "pip", "--version", **QUIET):
        return
    if not run(sys.executable, "-m", "venv", VENV):
        sys.exit(
            "Python cannot make a virtual environment: install its venv package (Debian: apt install python3-venv)."
        )


def install_with_uv(requirements: Path) -> bool:
    """Whether uv did it. uv comes from the PATH or from the package index."""
    if os.environ.get("FDC_NO_UV"):
        return False
    uv = shutil.which("uv") or str(VENV / "bin" / "uv")
    if not Path(uv).exists() and not run(PYTHON, "-m", "pip", "install", "--quiet", "uv", **QUIET):
        return False
    return run(uv, "pip", "install", "--quiet", "--python", PYTHON, "-r", requirements)


def install_with_pip(requirements: Path) -> bool:
    """Whether pip did it."""
    return run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements)


def run(*command: object, **options: object) -> bool:
    """Whether the command ended well."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **options).returncode == 0


if __name__ == "__main__":
    main()
