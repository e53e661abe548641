"""The system calls that a sandboxed process may make, as a program that the kernel runs at each of them.

Python and NumPy need these and no others: files, memory, time, threads. What is not named here does not exist
(ENOSYS), so that the C library falls back to what it did before: no socket, no new process, no namespace,
mount, ptrace, other process's memory, shared memory, key ring, bpf, io_uring or module, nothing yet to come.
"""

import ctypes
import errno
import os

FILES = """
    access chdir close close_range dup dup2 dup3 faccessat faccessat2 fadvise64 fchdir fchmod fchmodat fcntl
    fdatasync flock fstat fstatfs fsync ftruncate getcwd getdents getdents64 lseek lstat mkdir mkdirat
    newfstatat open openat pipe pipe2 poll ppoll pread64 preadv pselect6 pwrite64 pwritev read readlink
    readlinkat readv rename renameat renameat2 rmdir select stat statfs statx truncate umask unlink unlinkat
    utimensat write writev
"""
MEMORY = "brk madvise mmap mprotect mremap munmap"
TIME = """
    clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer time times
"""
PROCESS = """
    arch_prctl execve exit exit_group futex getcpu getegid geteuid getgid getgroups getpgrp getpid getppid
    getrandom getresgid getresuid getrlimit getrusage gettid getuid pause restart_syscall rseq rt_sigaction
    rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait sched_getaffinity sched_yield
    set_robust_list set_tid_address sigaltstack sysinfo tgkill uname wait4 waitid
"""

# No filter sees these two of x86_64: kernels from 6.11 and 6.18 let past it what their own trampolines call
# when somebody traces where a function returns (uretprobe) or begins (uprobe). They stay as they are, since
# called from elsewhere they do nothing: the one ends its caller (SIGILL), the other returns ENXIO.
PAST_THE_FILTER = (335, 336)

ALLOW, ERRNO = 0x7FFF0000, 0x00050000
EQUAL, MASKED_EQUAL = 4, 7
CLONE_THREAD = 0x00010000
NEW_NAMESPACE = 0x7E020080  # every CLONE_NEW... flag
TCGETS, FIOCLEX = 0x5401, 0x5451


class _Test(ctypes.Structure):
    """Mirror libseccomp's scmp_arg_cmp."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("compare", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


# Calls that are allowed with some arguments only.
SOME = (
    ("clone", _Test(0, MASKED_EQUAL, CLONE_THREAD | NEW_NAMESPACE, CLONE_THREAD)),
    ("prlimit64", _Test(0, EQUAL, 0)),  # its own
    ("ioctl", _Test(1, EQUAL, TCGETS)),
    ("ioctl", _Test(1, EQUAL, FIOCLEX)),
)


def program():
    """Return the filter in the kernel's form (BPF), as bubblewrap takes it; OSError without libseccomp."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ERRNO | errno.ENOSYS))
    file = os.memfd_create("seccomp")
    try:
        for name in (FILES + MEMORY + TIME + PROCESS).split():
            _allow(library, context, name)
        for name, test in SOME:
            _allow(library, context, name, test)
        if library.seccomp_export_bpf(context, file):
            raise OSError("libseccomp could not write the filter")
        return os.pread(file, 2**20, 0)
    finally:
        os.close(file)
        library.seccomp_release(context)


def _allow(library, context, name, *tests):
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number < 0:  # not on this architecture
        return
    array = (_Test * len(tests))(*tests)
    if library.seccomp_rule_add_array(context, ALLOW, number, len(tests), array):
        raise OSError(f"libseccomp does not take a rule on {name}")
