"""What was taken over from others is what it was when it came."""

import base64
import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
PACKAGES = json.loads((VENDOR / "VENDOR.json").read_text())["packages"]


def listed() -> dict[str, str]:
    return {name: digest for package in PACKAGES for name, digest in package["files"].items()}


def test_every_vendored_file_has_its_listed_hash():
    for name, digest in listed().items():
        found = base64.b64encode(hashlib.sha384((VENDOR / name).read_bytes()).digest()).decode()
        assert digest == f"sha384-{found}", name


def test_no_vendored_file_is_unlisted():
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} - {"VENDOR.json"}
    assert present == set(listed())


def test_every_package_names_version_and_licence():
    assert {(package["name"], package["version"], package["licence"]) for package in PACKAGES} == {
        ("htmx.org", "2.0.11", "0BSD"),
        ("katex", "0.19.1", "MIT"),
    }
