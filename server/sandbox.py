"""Confine this process before it touches strangers' queries or files.

Limits on memory and time; no network, no other program.
The filter is raw seccomp-BPF (Linux, seccomp(2)), set through libc without privileges.
Elsewhere only the resource limits apply, and `confine` says so by returning False.
"""

import ctypes
import platform
import resource
import signal
import struct
import sys

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_ALLOW, _ERRNO_EPERM, _KILL_PROCESS = 0x7FFF0000, 0x00050001, 0x80000000
_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32_BIT = 0x40000000
_FORBIDDEN = {
    "x86_64": (0xC000003E, (41, 42, 59, 101, 322)),  # socket connect execve ptrace execveat
    "aarch64": (0xC00000B7, (198, 203, 221, 117, 281)),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def confine(*, memory: int, cpu_seconds: int | None = None, write_files: bool = False) -> bool:
    """Limit this process for good; returns whether the system-call filter is in force.

    `memory` is the address space in bytes (RLIMIT_AS), `cpu_seconds` its processor time.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not write_files:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if cpu_seconds is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    return _forbid_network_and_exec()


def die_with_parent() -> None:
    """Let the kernel kill this process when the one that started it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _forbid_network_and_exec() -> bool:
    if sys.platform != "linux" or platform.machine() not in _FORBIDDEN:
        return False
    architecture, calls = _FORBIDDEN[platform.machine()]
    program = b"".join(struct.pack("HBBI", *step) for step in _filter(architecture, calls))
    buffer = ctypes.create_string_buffer(program, len(program))
    filter_ = _Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    if libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(filter_), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")
    return True


def _filter(architecture: int, calls: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """The BPF steps: (code, jump if true, jump if false, operand)."""
    steps = [(_LOAD, 0, 0, 4), (_JUMP_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL_PROCESS)]
    steps.append((_LOAD, 0, 0, 0))
    if architecture == _FORBIDDEN["x86_64"][0]:
        steps += [(_JUMP_GREATER_EQUAL, 0, 1, _X32_BIT), (_RETURN, 0, 0, _ERRNO_EPERM)]
    for call in calls:
        steps += [(_JUMP_EQUAL, 0, 1, call), (_RETURN, 0, 0, _ERRNO_EPERM)]
    return [*steps, (_RETURN, 0, 0, _ALLOW)]
