"""The images: a bundled subset of Fashion-MNIST, and a reader of the original IDX files.

Made from the original files (see ``fashion_mnist.txt``) by

    python -m tconv_helpers.generator.images FOLDER
"""

import gzip
import math
import struct
import sys
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

FASHION = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")
BUNDLE = Path(__file__).with_name("fashion_mnist.npz")
GZIP_MAGIC = b"\x1f\x8b"


class Images(NamedTuple):
    """Hold images to learn from and images to judge by, all of one size, with their labels."""

    # uint8 (n, h, w), 0 is the background
    train: np.ndarray
    # (n,), each counts into names
    train_labels: np.ndarray
    # uint8 (m, h, w), in no training
    held_out: np.ndarray
    # (m,)
    held_out_labels: np.ndarray
    # One name for each class
    names: tuple[str, ...]


def load_images():
    """Load the bundled Fashion-MNIST subset: 700 training and 300 held-out images of each of 10 classes.

    Shapes: ``train (7000, 28, 28)``, ``held_out (3000, 28, 28)``, both uint8, 0 is the background.
    Source: Xiao, Rasul & Vollgraf 2017, https://github.com/zalandoresearch/fashion-mnist, MIT licence.

    >>> images = load_images()
    >>> images.train.shape, images.held_out.shape, images.names[images.train_labels[0]]
    ((7000, 28, 28), (3000, 28, 28), 'boot')
    """
    with np.load(BUNDLE, allow_pickle=False) as file:
        return Images(*(file[field] for field in Images._fields[:4]), FASHION)


def load_idx(folder, names=tuple("0123456789")):
    """Load the four original IDX files of MNIST or Fashion-MNIST, gzipped or not, from ``folder``.

    Shapes: ``train (n, h, w)``, ``held_out (m, h, w)``, both uint8. Pass ``names=FASHION`` for Fashion-MNIST.
    Errors: FileNotFoundError for a missing file; ValueError for a wrong magic number, a truncated file,
    labels that do not match their images in number, or a label without a name.
    Source: the IDX format as described by LeCun, Cortes & Burges with MNIST.

    >>> load_idx("nowhere")
    Traceback (most recent call last):
    FileNotFoundError: the folder must hold train-images-idx3-ubyte or train-images-idx3-ubyte.gz: nowhere ...
    """
    train = _read_pair(Path(folder), "train", names)
    held_out = _read_pair(Path(folder), "t10k", names)
    return Images(*train, *held_out, tuple(names))


def _read_pair(folder, part, names):
    """Return the images and labels of one part, "train" or "t10k"; ValueError unless they fit each other."""
    images_file, labels_file = (
        _find(folder, f"{part}-{kind}-ubyte") for kind in ("images-idx3", "labels-idx1")
    )
    images, labels = _read_idx(images_file, dims=3), _read_idx(labels_file, dims=1)
    if len(images) != len(labels):
        raise ValueError(
            f"every image must have one label: {images_file.name} has {len(images)} images, "
            f"{labels_file.name} has {len(labels)} labels; take both files from the same data set"
        )
    if labels.size and labels.max() >= len(names):
        raise ValueError(
            f"every label must have a name: {labels_file.name} has label {labels.max()}, "
            f"names has {len(names)}; pass names=... with at least {labels.max() + 1}"
        )
    return images, labels


def _find(folder, name):
    """Return the path of an IDX file, gzipped or not."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"the folder must hold {name} or {name}.gz: {folder} holds neither; "
        "put the four original IDX files there"
    )


def _read_idx(path, dims):
    """Read one IDX file: 0, 0, 8 (for uint8), the number of dimensions, big-endian sizes, the values."""
    data = _read_bytes(path)
    magic, expected = data[:4].hex(), f"000008{dims:02x}"
    if magic != expected:
        raise ValueError(
            f"{path.name} must start with the magic number {expected}: got {magic or 'an empty file'}; "
            "take the original file again"
        )
    head = 4 + 4 * dims
    if len(data) < head:
        raise _damaged(path, f"{head} bytes of header", len(data))
    shape = struct.unpack(f">{dims}I", data[4:head])
    if len(data) != head + math.prod(shape):
        raise _damaged(path, f"{head + math.prod(shape)} bytes, as its header says", len(data))
    return np.frombuffer(data, np.uint8, offset=head).reshape(shape).copy()


def _damaged(path, rule, got):
    """Return the ValueError for a file of another length than its header says."""
    return ValueError(f"{path.name} must hold {rule}: got {got}; the file is damaged, fetch it again")


def _read_bytes(path):
    """Return the bytes of a file, unpacked if it is gzipped."""
    data = path.read_bytes()
    if not data.startswith(GZIP_MAGIC):
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(
            f"{path.name} must be a whole gzip file: got {len(data)} bytes that do not decompress; "
            "the file is damaged, fetch it again"
        ) from error


def _first_of_each(images, labels, count):
    """Keep the first ``count`` images of each class, in their original order."""
    keep = np.sort(np.concatenate([np.flatnonzero(labels == c)[:count] for c in np.unique(labels)]))
    return images[keep], labels[keep]


def make_bundle(folder, out=BUNDLE, train=700, held_out=300):
    """Write the bundle ``out`` from the IDX files in ``folder``: the first images of each class."""
    full = load_idx(folder, FASHION)
    parts = *_first_of_each(*full[:2], train), *_first_of_each(*full[2:4], held_out)
    np.savez_compressed(out, **dict(zip(Images._fields[:4], parts, strict=True)))


if __name__ == "__main__":
    make_bundle(sys.argv[1])
