"""Checkpoints: a file that is always whole, whenever the process that writes it dies."""

import hashlib
import io
import os
from pathlib import Path

import torch

# Bytes; a checkpoint is the digest of the rest, then the rest
DIGEST = hashlib.sha256().digest_size


def write_checkpoint(path, state):
    """Write ``state`` to ``path`` by way of a file beside it, so that ``path`` always holds a whole one.

    Errors: OSError if it cannot be written; then the old checkpoint stays.
    """
    buffer = io.BytesIO()
    torch.save(state, buffer)
    part = Path(f"{path}.part")
    with part.open("wb") as file:
        file.write(hashlib.sha256(buffer.getvalue()).digest() + buffer.getvalue())
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def read_checkpoint(path):
    """Return the state that ``write_checkpoint`` wrote to ``path``: data only, never code.

    Errors: FileNotFoundError; ValueError for a file that is damaged or no checkpoint.
    """
    content = Path(path).read_bytes()
    if hashlib.sha256(content[DIGEST:]).digest() != content[:DIGEST]:
        raise no_checkpoint(path)
    try:
        return torch.load(io.BytesIO(content[DIGEST:]), weights_only=True)
    except Exception as error:  # of many kinds: somebody else made this file, and its digest
        raise no_checkpoint(path) from error


def no_checkpoint(path):
    """Return the ValueError for a file that is no checkpoint, or a damaged one."""
    return ValueError(
        f"a checkpoint must be a whole file that Trainer.save wrote: {Path(path).name} is not; "
        "load an earlier one or train again"
    )
