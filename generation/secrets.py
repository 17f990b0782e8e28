"""Provider keys at rest: ciphertext that opens only for the row and the address that it was sealed for."""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealError(Exception):
    """The ciphertext is not ours, is damaged, or belongs to another row or another address."""


def _box() -> MultiFernet:
    """The keys of FDC_ENCRYPTION_KEY, newest first with commas between them; the first one seals, every one opens."""
    keys = [key.strip() for key in settings.ENCRYPTION_KEY.split(",") if key.strip()]
    if not keys:
        raise SealError("FDC_ENCRYPTION_KEY is not set")
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


def seal(text: str, *, bound_to: str) -> bytes:
    """`text` as ciphertext that only `unseal` with the same `bound_to` opens."""
    return _box().encrypt(json.dumps([bound_to, text]).encode())


def unseal(box: bytes, *, bound_to: str) -> str:
    """The text in the box; `SealError` when it was not sealed for `bound_to`."""
    try:
        sealed_for, text = json.loads(_box().decrypt(bytes(box)))
    except (InvalidToken, ValueError) as error:
        raise SealError("unreadable") from error
    if sealed_for != bound_to:
        raise SealError("bound to something else")
    return text
