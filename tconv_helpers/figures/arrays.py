"""Figures of arrays: matrices with their blocks, small images with their numbers, grids of pictures."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from ..marks import COLOURS, SHAPES
from . import style
from .style import CELL, CENTRED, FAINT, as_label, as_text, canvas, cell, drawing, in_words, role_of, words


def draw_matrix(A, k=None, title="A", blocks=None):
    """Draw a matrix, its nonzero entries printed, one shade for each value of the kernel: one per diagonal.

    A: dense, (rows, columns), at most about 20 by 20. k: the kernel whose entries name the shades; by
    default the distinct nonzero values in A. Entries that are 0 are dots. blocks: (rows, columns) of blocks
    to frame; equal blocks get one name, T1, T2, ..., and zero blocks none. ValueError if they do not fit.

    >>> draw_matrix(np.array([[1, 2, 0], [0, 1, 2]]))
    Matrix A, 2 rows by 3 columns. Row 1: 1 2 0. Row 2: 0 1 2.
    """
    A = np.asarray(A)
    rows, columns = A.shape
    if blocks and (rows % blocks[0] or columns % blocks[1]):
        raise ValueError(
            f"blocks must divide the matrix: got blocks={blocks} for {rows} by {columns}; "
            "use (output rows, image rows)"
        )
    entries = _blocks_in_words(A, blocks) if blocks else _rows_in_words(A)
    alt = f"Matrix {title}, {rows} rows by {columns} columns. {entries}"
    figure, ax = canvas(columns + 0.2, rows + 1.0, alt, left=0.8, top=1.3)
    ax.text((columns - 1) / 2, 0.8, f"${title}$   ({rows} × {columns})", **CENTRED)
    parts = _parts(A if k is None else np.asarray(k))
    for (i, u), value in np.ndenumerate(A):
        if value:
            cell(ax, "kernel", (u, -i), as_text(value), part=parts.get(value.item(), 1))
        else:
            ax.text(u, -i, "·", **CENTRED, color=FAINT)
    if blocks:
        _frame_blocks(ax, blocks, rows // blocks[0], columns // blocks[1])
    return figure


def _parts(values):
    """Return for each distinct nonzero value the part of the kernel's colour that it has, 1 the greatest."""
    values = sorted({*values[values != 0].tolist()})
    return {v: 0.15 + 0.85 * (j + 1) / len(values) for j, v in enumerate(values)}


def _frame_blocks(ax, blocks, high, wide):
    for i, j in np.ndindex(*blocks):
        corner = j * wide - 0.5, -(i + 1) * high + 0.5
        ax.add_patch(Rectangle(corner, wide, high, fc="none", ec="black", lw=1.2, zorder=3))


def _rows_in_words(A):
    return " ".join(f"Row {i + 1}: {in_words(row)}." for i, row in enumerate(A))


def _blocks_in_words(A, blocks):
    """Return row by row the names of the blocks, then each distinct block once."""
    named, rows = [], []
    for line in np.split(A, blocks[0]):
        row = []
        for block in np.split(line, blocks[1], axis=1):
            if block.any() and not any(np.array_equal(block, other) for other in named):
                named.append(block)
            numbers = [j + 1 for j, other in enumerate(named) if np.array_equal(block, other)]
            row.append(f"T{numbers[0]}" if numbers else "0")
        rows.append(f"Block row {len(rows) + 1}: {' '.join(row)}.")
    for j, block in enumerate(named):
        rows.append(f"T{j + 1}: " + ", ".join(in_words(line) for line in block) + ".")
    return " ".join(rows)


def draw_images(numbers=True, columns=4, framed=None, **images):
    """Draw small images side by side, each named by its keyword; more colour in a cell is a larger number.

    Each value: 2-D. A name that says input or starts with x takes the input's colour and sign, one with
    kernel or k the kernel's, any other the output's. numbers: whether to print them (``%g``, to two
    decimals) into the cells; the alt text has them either way, up to 100 an image. framed: for a name the
    part that gets a frame, as (first row, first column, rows, columns), counted from 1.

    >>> draw_images(x=[[1, 2], [3, 4]], y=[[0.125]], framed={"x": (2, 1, 1, 2)})
    x, 2 by 2. Row 1: 1 2. Row 2: 3 4. y, 1 by 1. Row 1: 0.12. A frame in x: row 2, columns 1 to 2.
    """
    images = {name: np.round(np.asarray(image, float), 2) + 0.0 for name, image in images.items()}
    parts = [_image_in_words(words(name), image) for name, image in images.items()]
    alt = " ".join(
        [*parts, *(_frame_in_words(words(name), *frame) for name, frame in (framed or {}).items())]
    )
    across = min(columns, len(images))
    down = -(-len(images) // across)
    tall, most = np.max([image.shape for image in images.values()], axis=0)
    side = CELL if numbers else min(CELL, 1.75 / most)
    titles = [f"{SHAPES[role_of(name)]['sign']} {as_label(name)}" for name in images]
    needed = [
        max(side * image.shape[1], style.width_of([title], 10)) + 0.35
        for title, image in zip(titles, images.values(), strict=True)
    ]
    widths = [max(needed[column::across]) for column in range(across)]
    figure = drawing(sum(widths), down * (side * tall + 0.5), alt)
    panels = figure.subplots(down, across, squeeze=False, width_ratios=widths).ravel()
    for ax, width, (name, image), title in zip(panels, widths * down, images.items(), titles, strict=False):
        _draw_image(ax, image, role_of(name), numbers)
        if framed and name in framed:
            top, left, rows, across = framed[name]
            corner = left - 1.5, 1.5 - top - rows
            ax.add_patch(Rectangle(corner, across, rows, fc="none", ec="black", lw=2.2, clip_on=False))
        ax.set(xlim=(-0.55, (width - 0.1) / side - 0.55), ylim=(-tall + 0.45, 0.55))
        ax.set(aspect="equal", anchor="NW")
        ax.set_title(title, fontsize=10, loc="left")
    for ax in panels:
        ax.axis("off")
    return figure


def _draw_image(ax, image, role, numbers):
    """Draw an image as cells with their numbers, or without them as pixels."""
    low, high = min(image.min(), 0), image.max()
    parts = np.minimum(0.08 + 0.92 * (image - low) / ((high - low) or 1), 1)
    if not numbers:
        shades = 1 - parts[..., None] * (1 - np.array(to_rgb(COLOURS[role])))  # on white
        corners = -0.5, image.shape[1] - 0.5, 0.5 - image.shape[0], 0.5
        ax.imshow(shades, extent=corners, interpolation="none")
        return
    for (i, j), value in np.ndenumerate(image):
        cell(ax, role, (j, -i), as_text(value), part=parts[i, j])


def _frame_in_words(name, top, left, rows, columns):
    return f"A frame in {name}: {_span('row', top, rows)}, {_span('column', left, columns)}."


def _span(what, first, count):
    return f"{what} {first}" if count == 1 else f"{what}s {first} to {first + count - 1}"


def _image_in_words(name, image):
    size = f"{name}, {image.shape[0]} by {image.shape[1]}"
    if image.size > 100:
        return f"{size}, from {as_text(image.min())} to {as_text(image.max())}."
    return f"{size}. {_rows_in_words(image)}"


def draw_grid(images, alt, columns=10, top=(), left=()):
    """Draw pictures in rows of ``columns``, with words above the columns and before the rows.

    images: grey (h, w) or in colour (h, w, 3), of any sizes; the smaller ones are enlarged by a whole factor,
    pixel by pixel. Whole numbers are levels from 0 to 255; other numbers, of grey pictures, are shaded from
    their least to their greatest. alt: what is to be seen, in words that hold for every run; the sizes and
    the names are added to it.

    >>> draw_grid(np.zeros((4, 2, 2), int), "Nothing.", columns=2, top=["a", "b"])
    Nothing. 2 rows of 2 pictures, 2 by 2 pixels. Columns: a, b.
    """
    images = [np.asarray(image) for image in images]
    rows, side = -(-len(images) // columns), max(image.shape[0] for image in images)
    height = min(2.0, 7.5 / columns)
    width = max(height * images[0].shape[1] / images[0].shape[0], style.width_of(top, 9) + 0.05)
    size = columns * width + style.width_of(left, 9) + 0.1, rows * height + 0.25 * bool(top)
    figure = drawing(*size, f"{alt} {_grid_in_words(images, rows, columns, top=top, left=left)}")
    panels = figure.subplots(rows, columns, squeeze=False)
    for ax, image in zip(panels.ravel(), images, strict=False):
        low, high = (0, 255) if image.dtype.kind in "iu" else (image.min(), image.max())
        factor = side // len(image)
        ax.imshow(
            image.repeat(factor, 0).repeat(factor, 1), cmap="gray", vmin=low, vmax=high, interpolation="none"
        )
    for ax in panels.ravel():
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    for ax, name in zip(panels[0], top, strict=False):
        ax.set_title(name, fontsize=9)
    for ax, name in zip(panels[:, 0], left, strict=False):
        ax.set_ylabel(name, fontsize=9, rotation=0, ha="right", va="center")
    figure.get_layout_engine().set(w_pad=0.01, h_pad=0.01, wspace=0.02, hspace=0.02)
    return figure


def _grid_in_words(images, rows, columns, *, top, left):
    sizes = " and ".join(dict.fromkeys(f"{image.shape[0]} by {image.shape[1]}" for image in images))
    names = [f" {kind}: {', '.join(words)}." for kind, words in (("Columns", top), ("Rows", left)) if words]
    count = f"{rows} rows of {columns}" if rows > 1 else f"{len(images)}"
    return f"{count} picture{'s' * (len(images) > 1)}, {sizes} pixels." + "".join(names)
