"""Pixels outside, uint8 (n, h, w), and inside the networks, float (n, 1, h, w) in [-1, 1]."""

import numpy as np
import torch


def as_tensor(images):
    """Return ``images`` as a float tensor for the networks.

    Shapes: uint8 or float ``(n, h, w)`` in 0 ... 255 to ``(n, 1, h, w)`` in [-1, 1].
    Errors: ValueError unless ``images`` has three dimensions.

    >>> import numpy as np
    >>> as_tensor(np.array([[[0, 255]]])).tolist()
    [[[[-1.0, 1.0]]]]
    """
    images = np.asarray(images)
    if images.ndim != 3:
        raise ValueError(
            f"images must have shape (n, height, width): got {images.shape}; pass image[None] for one image"
        )
    return torch.from_numpy(images.astype(np.float32))[:, None] / 127.5 - 1


def as_images(tensor):
    """Return what a generator drew as images: the inverse of ``as_tensor``, rounded to uint8.

    Shapes: float ``(n, 1, h, w)`` to uint8 ``(n, h, w)``; what lies beyond [-1, 1] becomes 0 or 255.

    >>> import torch
    >>> as_images(torch.tensor([[[[-1.0, 1.0]]]])).tolist()
    [[[0, 255]]]
    """
    return ((tensor[:, 0] + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).numpy()


def tile(images, columns=10):
    """Lay images out in rows of ``columns``, as one picture.

    Shapes: ``(n, h, w)`` to ``(rows * h, columns * w)``; places that are left over are 0.

    >>> import numpy as np
    >>> tile(np.array([[[1]], [[2]], [[3]]]), columns=2).tolist()
    [[1, 2], [3, 0]]
    """
    count, height, width = images.shape
    rows = -(-count // columns)
    sheet = np.zeros((rows * columns, height, width), images.dtype)
    sheet[:count] = images
    return sheet.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)
