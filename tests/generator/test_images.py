"""The bundled images are what they are said to be, and no damaged file gets in."""

import gzip
import hashlib
import struct

import numpy as np
import pytest

from tconv_helpers.generator.images import BUNDLE, FASHION, load_idx, load_images, make_bundle

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write_data_set(folder, pack=lambda data: data, suffix="", per_class=3):
    """Write a data set of 2 x 3 images and 10 classes; image i is all i, its label i % 10."""
    count = 10 * per_class
    pixels = np.repeat(np.arange(count, dtype=np.uint8), 6).reshape(count, 2, 3)
    labels = np.arange(count, dtype=np.uint8) % 10
    for name, array in zip(FILES, (pixels, labels, pixels[::-1], labels[::-1]), strict=True):
        (folder / (name + suffix)).write_bytes(pack(idx(array)))
    return pixels, labels


def test_the_bundle_is_balanced_and_has_no_image_twice():
    images = load_images()
    assert np.bincount(images.train_labels).tolist() == [700] * 10
    assert np.bincount(images.held_out_labels).tolist() == [300] * 10
    everything = np.concatenate([images.train, images.held_out])
    assert everything.shape == (10_000, 28, 28) and everything.dtype == np.uint8
    assert len({image.tobytes() for image in everything}) == 10_000
    assert images.names == FASHION and len(FASHION) == 10


def test_the_bundle_holds_the_pixels_that_its_licence_note_names():
    data = b"".join(field.tobytes() for field in load_images()[:4])
    digest = hashlib.sha256(data).hexdigest()
    note = BUNDLE.with_suffix(".txt").read_text()
    assert digest in note and "MIT" in note and "Zalando" in note
    assert "python -m tconv_helpers.generator.images FOLDER" in note


def test_the_bundle_is_a_few_megabytes():
    assert BUNDLE.stat().st_size < 5_000_000


@pytest.mark.parametrize("pack, suffix", [(lambda data: data, ""), (gzip.compress, ".gz")])
def test_idx_files_gzipped_or_not_give_the_arrays(tmp_path, pack, suffix):
    pixels, labels = write_data_set(tmp_path, pack, suffix)
    images = load_idx(tmp_path, FASHION)
    np.testing.assert_array_equal(images.train, pixels)
    np.testing.assert_array_equal(images.train_labels, labels)
    np.testing.assert_array_equal(images.held_out, pixels[::-1])
    np.testing.assert_array_equal(images.held_out_labels, labels[::-1])
    assert images.names == FASHION


def test_digits_are_the_names_unless_others_are_given(tmp_path):
    write_data_set(tmp_path)
    assert load_idx(tmp_path).names == tuple("0123456789")


def test_making_the_bundle_keeps_the_first_of_each_class_in_file_order(tmp_path):
    write_data_set(tmp_path)
    make_bundle(tmp_path, tmp_path / "bundle.npz", train=2, held_out=1)
    with np.load(tmp_path / "bundle.npz") as bundle:
        assert bundle["train"][:, 0, 0].tolist() == list(range(20))
        assert bundle["held_out"][:, 0, 0].tolist() == list(range(29, 19, -1))
        assert bundle["held_out_labels"].tolist() == list(range(9, -1, -1))


def test_making_the_bundle_twice_gives_the_same_bytes(tmp_path):
    write_data_set(tmp_path)
    for name in ("a.npz", "b.npz"):
        make_bundle(tmp_path, tmp_path / name, train=2, held_out=1)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


TRAIN_IMAGES, TRAIN_LABELS = FILES[:2]
GZIPPED = gzip.compress(idx(np.zeros(30, np.uint8)))
DAMAGES = {
    "truncated": (
        TRAIN_IMAGES,
        lambda data: data[:-1],
        "train-images-idx3-ubyte must hold 196 bytes, as its header says: got 195; "
        "the file is damaged, fetch it again",
    ),
    "too long": (
        TRAIN_LABELS,
        lambda data: data + b"\0",
        "train-labels-idx1-ubyte must hold 38 bytes, as its header says: got 39; "
        "the file is damaged, fetch it again",
    ),
    "header cut": (
        TRAIN_IMAGES,
        lambda data: data[:10],
        "train-images-idx3-ubyte must hold 16 bytes of header: got 10; the file is damaged, fetch it again",
    ),
    "labels for images": (
        TRAIN_IMAGES,
        lambda data: idx(np.zeros(30, np.uint8)),
        "train-images-idx3-ubyte must start with the magic number 00000803: got 00000801; "
        "take the original file again",
    ),
    "a web page": (
        TRAIN_LABELS,
        lambda data: b"<html>",
        "train-labels-idx1-ubyte must start with the magic number 00000801: got 3c68746d; "
        "take the original file again",
    ),
    "empty": (
        TRAIN_LABELS,
        lambda data: b"",
        "train-labels-idx1-ubyte must start with the magic number 00000801: got an empty file; "
        "take the original file again",
    ),
    "another set's labels": (
        TRAIN_LABELS,
        lambda data: idx(np.zeros(29, np.uint8)),
        "every image must have one label: train-images-idx3-ubyte has 30 images, "
        "train-labels-idx1-ubyte has 29 labels; take both files from the same data set",
    ),
    "a label without a name": (
        TRAIN_LABELS,
        lambda data: idx(np.full(30, 10, np.uint8)),
        "every label must have a name: train-labels-idx1-ubyte has label 10, names has 10; "
        "pass names=... with at least 11",
    ),
    "gzip cut": (
        TRAIN_LABELS,
        lambda data: GZIPPED[:20],
        "train-labels-idx1-ubyte must be a whole gzip file: got 20 bytes that do not decompress; "
        "the file is damaged, fetch it again",
    ),
    "gzip with a flipped byte": (
        TRAIN_LABELS,
        lambda data: GZIPPED[:-6] + bytes([GZIPPED[-6] ^ 1]) + GZIPPED[-5:],
        f"train-labels-idx1-ubyte must be a whole gzip file: got {len(GZIPPED)} bytes that do not "
        "decompress; the file is damaged, fetch it again",
    ),
}


@pytest.mark.parametrize("name, damage, message", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_gets_one_clear_sentence(tmp_path, name, damage, message):
    write_data_set(tmp_path)
    path = tmp_path / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError) as caught:
        load_idx(tmp_path)
    assert str(caught.value) == message


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        load_idx(tmp_path)
    assert str(caught.value) == (
        "the folder must hold train-images-idx3-ubyte or train-images-idx3-ubyte.gz: "
        f"{tmp_path} holds neither; put the four original IDX files there"
    )
