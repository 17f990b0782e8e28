"""The child that reads zip archives for `files.confined`: each member's name, then its bytes in chunks.

A member is a line with an "M" and its name, then chunks after their length in four bytes; length 0 ends it, and the
largest length says that a line with a fault follows instead. A line after an "F" is a fault of a member or of the
archive: its code, path and message between tabs. It stands alone: nothing of ours is imported.
"""

from __future__ import annotations

import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

MEMORY = 1024**3
SECONDS = 600
MOST_DECODED = 2 * 1024**3
MOST_RATIO = 100
RATIO_FROM = 64 * 1024 * 1024
MOST_FILES = 20_000
LONGEST_NAME = 1000
CHUNK = 256 * 1024
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)

_FLAT = dict.fromkeys((*range(32), 127, *range(0xD800, 0xE000)), " ")
_TWO_BY_CHANCE = re.compile("[\x80-\u07ff]{2}")
_FAULT_NEXT = (2**32 - 1).to_bytes(4, "big")


def confine() -> None:
    """Takes memory, time and the right to write files away from this process."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (most, most))


def main() -> int:
    """Reads standard input to its end, or to the first thing that stops it."""
    confine()
    source, output = sys.stdin.buffer, sys.stdout.buffer
    allowed = source.seek(0, 2)
    source.seek(0)
    allowed = min(MOST_DECODED, max(RATIO_FROM, MOST_RATIO * allowed))
    try:
        with zipfile.ZipFile(source) as archive:
            for chunk in told(archive, allowed):
                output.write(chunk)
    except MemoryError:
        output.write(fault("too_large"))
    except DAMAGES as error:
        output.write(fault("bad_zip", message=str(error)))
    output.flush()
    return 0


def told(archive: zipfile.ZipFile, allowed: int) -> Iterator[bytes]:
    """What the parent is told of the archive, in order, until `allowed` bytes were unpacked."""
    seen: set[str] = set()
    for number, info in enumerate(archive.infolist()):
        if number >= MOST_FILES:
            yield fault("too_many_files", message=str(MOST_FILES))
            return
        if info.is_dir():
            continue
        name = name_of(info)
        code = objection(info, name) or ("duplicate_name" if name in seen else "")
        seen.add(name)
        if code:
            yield fault(code, path=name)
            continue
        yield b"M" + name.encode() + b"\n"
        for data in chunks(archive, info):
            if isinstance(data, Exception):
                yield _FAULT_NEXT + fault("bad_zip", path=name, message=str(data))[1:]
                break
            allowed -= len(data)
            if allowed < 0:
                yield _FAULT_NEXT + fault("too_large", path=name)[1:]
                yield fault("too_large")
                return
            yield len(data).to_bytes(4, "big") + data


def chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes | Exception]:
    """The member's bytes, nothing at its end, or what is the matter with it."""
    try:
        with archive.open(info) as member:
            yield from iter(lambda: member.read(CHUNK), b"")
            yield b""
    except DAMAGES as error:
        yield error


def objection(info: zipfile.ZipInfo, name: str) -> str:
    """The code of a reason not to open this member, or nothing."""
    if info.flag_bits & 1:
        return "encrypted"
    is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
    parts = name.replace("\\", "/").split("/")
    unsafe = is_link or ".." in parts or not parts[0] or ":" in parts[0] or name != name.translate(_FLAT)
    return "unsafe_path" if unsafe or len(name) > LONGEST_NAME else ""


def name_of(info: zipfile.ZipInfo) -> str:
    """The member's name. Old Windows archives do not say their encoding; it is UTF-8 or Chinese (GBK) as it reads.

    Two Chinese characters of GBK often happen to be valid UTF-8: then they read as neighbours out of U+0080-U+07FF.
    """
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    found = {}
    for encoding in ("utf-8", "gbk"):
        with suppress(UnicodeDecodeError):
            found[encoding] = raw.decode(encoding)
    if "gbk" in found and _TWO_BY_CHANCE.search(found.get("utf-8", "")):
        return found["gbk"]
    return found.get("utf-8") or found.get("gbk") or info.filename


def fault(code: str, *, path: Any = "", message: str = "") -> bytes:
    """The line that tells a fault."""
    parts = (str(part).translate(_FLAT)[:200] for part in (code, path, message))
    return b"F" + "\t".join(parts).encode() + b"\n"


if __name__ == "__main__":
    sys.exit(main())
