"""What processes that another one starts have in common, and the environment of those that ask sites."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

_OPENSSL = Path(__file__).with_name("openssl.cnf")
_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies (Linux; elsewhere the closed pipe ends it).

    ``parent`` is the process id that started this one: it may have died before the kernel was asked.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def environment_for_sites(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that asks sites: servers that speak TLS 1.0 or with short keys are asked too.

    OpenSSL reads what it may speak with from a file alone; one that the operator names is heeded.
    """
    return {"OPENSSL_CONF": str(_OPENSSL), **environment}
