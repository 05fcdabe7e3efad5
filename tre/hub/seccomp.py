"""Owns the list of system calls that a session is refused. Must never be made looser for one session than another.

The list follows what container runtimes deny by default (moby `profiles/seccomp/default.json`) and adds what a notebook
has no use for: io_uring, tracing, other sockets than unix and loopback.
"""

import errno
import os
import socket
from functools import cache

import pyseccomp

NOT_PERMITTED = """
mount umount2 pivot_root move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr chroot
unshare setns bpf perf_event_open userfaultfd keyctl add_key request_key
kexec_load kexec_file_load init_module finit_module delete_module open_by_handle_at name_to_handle_at
io_uring_setup io_uring_enter io_uring_register
ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd
acct quotactl quotactl_fd swapon swapoff reboot settimeofday clock_settime adjtimex clock_adjtime
iopl ioperm modify_ldt syslog personality vhangup lookup_dcookie sched_setaffinity
""".split()  # noqa: SIM905 -- a list of 50 names reads best as a text

CLONE_NAMESPACES = (0x10000000, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x20000000, 0x40000000, 0x00000080)
TERMINAL_INJECTION = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: put keystrokes into somebody's terminal
NETLINK_ROUTE = 0
LAST_FAMILY = 64


@cache
def compiled() -> bytes:
    """Return the filter as a BPF program, which bubblewrap installs just before it starts the session."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in NOT_PERMITTED:
        _deny(rules, name)
    for flag in CLONE_NAMESPACES:
        _deny(rules, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    # Its flags lie behind a pointer, which a filter cannot read: "not there" makes libc fall back to clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for request in TERMINAL_INJECTION:
        _deny(rules, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request))
    _narrow_sockets(rules)
    return _exported(rules)


def _deny(rules: pyseccomp.SyscallFilter, name: str, *arguments: pyseccomp.Arg) -> None:
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name, *arguments)


def _narrow_sockets(rules: pyseccomp.SyscallFilter) -> None:
    """Leave unix and loopback sockets, and the one netlink protocol without which libzmq aborts."""
    refusal = pyseccomp.ERRNO(errno.EAFNOSUPPORT)
    kept = {socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK}
    for family in range(LAST_FAMILY):
        if family not in kept:
            rules.add_rule(refusal, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    rules.add_rule(refusal, "socket", pyseccomp.Arg(0, pyseccomp.GE, LAST_FAMILY))
    netlink = pyseccomp.Arg(0, pyseccomp.EQ, int(socket.AF_NETLINK))
    rules.add_rule(refusal, "socket", netlink, pyseccomp.Arg(2, pyseccomp.NE, NETLINK_ROUTE))


def _exported(rules: pyseccomp.SyscallFilter) -> bytes:
    with os.fdopen(os.memfd_create("seccomp"), "w+b") as program:
        rules.export_bpf(program)
        program.seek(0)
        return program.read()
