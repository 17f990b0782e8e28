"""Named places where a test may kill the process. Nothing happens unless FDC_KILL names one of them.

FDC_KILL="sent:3" sends SIGKILL to the process when it comes to the place `sent` for the third time. The places, in the
order in which a call passes them: before_send, sent, answered, before_commit, after_commit.
"""

from __future__ import annotations

import itertools
import os
import signal

_NAME, _, _NTH = os.environ.get("FDC_KILL", "").partition(":")
_passed = itertools.count(1)


def killpoint(name: str) -> None:
    """Ends the process at once if this is the place and the time that FDC_KILL names."""
    if name == _NAME and next(_passed) == int(_NTH or 1):
        os.kill(os.getpid(), signal.SIGKILL)
