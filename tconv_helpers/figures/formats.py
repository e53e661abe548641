"""The formats of a figure: SVG that takes the ink of its page, and PNG on white where HTML is stripped.

The SVG is one `path` or `image` for each thing that Matplotlib draws, and nothing else: no style sheet, no
font, no script, no id (two figures of one page never collide), so that any sanitizer that lets SVG through
leaves the picture as it is. Black is the ink of the page (``currentColor``), white its ground (not drawn).
"""

from base64 import b64encode
from io import BytesIO

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.transforms import Bbox
from PIL import Image

UNITS = 20  # in a pixel of CSS: an SVG's coordinates are whole numbers of them
COMMANDS = {Path.MOVETO: "m", Path.LINETO: "l", Path.CURVE3: "q", Path.CURVE4: "c"}
DOTS = 120  # an inch of the PNG, and of the layout, so that both measure a text alike
SHADES, COLOURS = 32, 128  # of a PNG, whose palette makes it a quarter of its size; of one with a photograph
MARGIN = 0.03  # inches that ink keeps from the border


def room(figure):
    """Return the box in inches that a figure needs: its own, and more where its ink would leave it."""
    figure.draw_without_rendering()
    ink = [figure.get_tightbbox(renderer).padded(MARGIN) for renderer in (None, Pen(figure))]
    return Bbox.union([figure.bbox_inches, *ink])


def as_png(figure, box):
    """Return a box of a figure as PNG on white, in base64, at the figure's dots an inch."""
    figure.savefig(picture := BytesIO(), format="png", facecolor="white", bbox_inches=box)
    return _base64(Image.open(picture))


def as_svg(figure, box):
    """Return the elements of an SVG that draw a figure, and the viewBox of a box of it.

    >>> from tconv_helpers.figures.style import drawing
    >>> figure = drawing(1, 1, "A line.", layout=None)
    >>> _ = figure.text(0.5, 0.5, "-")
    >>> as_svg(figure, figure.bbox_inches)
    ('<path fill="currentColor" d="m97...z"/>', '0 0 1920 1920')
    """
    pen = Pen(figure)
    figure.draw(pen)
    (left, below), (right, above) = pen.units(box.get_points() * figure.dpi)
    return "".join(pen.elements), f"{left} {above} {right - left} {below - above}"


class Pen(RendererBase):
    """Write what Matplotlib draws as SVG elements; positions come in dots, from the lower left corner."""

    def __init__(self, figure):
        super().__init__()
        self.dpi, self.size, self.elements = figure.dpi, tuple(figure.bbox.size), []
        self.scale = 96 * UNITS / figure.dpi

    def get_canvas_width_height(self):
        return self.size

    def points_to_pixels(self, points):
        return points * self.dpi / 72

    def option_scale_image(self):
        return True  # an image that is not interpolated comes as it is, with the transform to its place

    def draw_path(self, gc, path, transform, rgbFace=None):
        fill = _ink("fill", rgbFace)
        stroke = _ink("stroke", gc.get_rgb()) if gc.get_linewidth() else {}
        if not fill and not stroke:
            return
        look = (fill or {"fill": "none"}) | stroke | {"d": self._data(path, transform)}
        if stroke:
            look |= {f"stroke-{kind}": value for kind, value in self._line(gc)}
        self._add("path", look)

    def _line(self, gc):
        """Yield the attributes of a stroke that are not SVG's own."""
        yield "width", self._length(gc.get_linewidth())
        if (join := gc.get_joinstyle()) != "miter":
            yield "linejoin", join
        if (cap := gc.get_capstyle()) != "butt":
            yield "linecap", "square" if cap == "projecting" else cap
        _, dashes = gc.get_dashes()
        if dashes:
            yield "dasharray", " ".join(str(self._length(dash)) for dash in dashes)

    def _length(self, points):
        return round(self.points_to_pixels(points) * self.scale)

    def _data(self, path, transform):
        """Return the data of a path, relative commands of whole numbers."""
        at = start = np.zeros(2, int)
        data = []
        for vertices, code in path.iter_segments(transform, simplify=False, curves=True):
            if code == Path.CLOSEPOLY:
                data.append("z")
                at = start
                continue
            points = self.units(vertices.reshape(-1, 2))
            data.append(COMMANDS[code] + " ".join(map(str, (points - at).flat)).replace(" -", "-"))
            at = points[-1]
            if code == Path.MOVETO:
                start = at
        return "".join(data)

    def units(self, points):
        """Return points as whole numbers of units from the upper left corner."""
        return np.rint(((0, self.size[1]) + points * (1, -1)) * self.scale).astype(int)

    def draw_image(self, gc, x, y, im, transform):
        """Write an image that is not interpolated, pixel by pixel; transform: from the unit square."""
        (left, above), (right, below) = self.units(np.add(transform.transform([[0, 0], [1, 1]]), (x, y)))
        place = {"x": left, "y": above, "width": right - left, "height": below - above}
        look = {"preserveAspectRatio": "none", "image-rendering": "pixelated"}
        self._add("image", place | look | {"href": f"data:image/png;base64,{_base64(Image.fromarray(im))}"})

    def _add(self, kind, attributes):
        said = "".join(f' {name}="{value}"' for name, value in attributes.items())
        self.elements.append(f"<{kind}{said}/>")


def _ink(kind, color):
    """Return the attributes of a fill or a stroke, none where nothing is to be seen."""
    if color is None or to_hex(color) == "#ffffff":
        return {}
    part = color[3] if len(color) > 3 else 1
    name = "currentColor" if to_hex(color) == "#000000" else to_hex(color)
    return ({kind: name} if part else {}) | ({f"{kind}-opacity": f"{part:.2g}"} if 0 < part < 1 else {})


def _base64(picture):
    """Return a Pillow image as PNG in base64."""
    picture = picture.convert("RGB")
    many = picture.getcolors(4096) is None  # grey levels and the colours of marks are fewer
    few = picture.quantize(COLOURS if many else SHADES, dither=Image.Dither.NONE)
    few.save(data := BytesIO(), "png", optimize=True)
    return b64encode(data.getvalue()).decode()
