"""The photograph is Matplotlib's, in grey and small; its file says so."""

import json
from importlib.resources import files

import matplotlib.cbook
import numpy as np
from PIL import Image

from tconv_helpers.explore.photograph import noise, photograph, seen

STORED = json.loads((files("tconv_helpers.explore") / "photograph.json").read_text())


def test_it_is_matplotlibs_sample():
    """Within 2 grey levels: another decoder of JPEG may round otherwise."""
    with Image.open(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)) as original:
        comment = original.info["comment"].decode().rstrip("\0")
        assert comment.replace("http://", "") in STORED["source"]
        side = range(0, 315, 9)
        grey = np.asarray(original.convert("L").crop((108, 22, 423, 337)), int)
    ours = [[grey[u : u + 9, v : v + 9].mean() for v in side] for u in side]
    assert np.abs(np.array(ours) - photograph()).max() <= 2
    assert "(108, 22, 423, 337)" in STORED["made"] and "9 x 9" in STORED["made"]
    assert "public domain" in STORED["credit"] and "grace_hopper.jpg" in STORED["source"]


def test_the_noise_of_a_seed_is_the_same_each_time():
    assert (noise(3) == noise(3)).all() and (noise(3) != noise(4)).any()
    assert noise().shape == photograph().shape and noise().min() >= 0 and noise().max() <= 255


def test_what_is_seen_is_the_middle_in_all_grey_levels():
    image = np.add.outer(1000 * np.arange(101), np.arange(101))
    window = STORED["window"]
    assert seen(image).shape == (window, window) and seen(image[:9, :9]).shape == (9, 9)
    assert (seen(image)[0, 0], seen(image)[-1, -1]) == (0, 255)
    assert (seen(image) == seen(image[15:85, 15:85])).all()
    assert (seen(np.full((3, 3), 7)) == 0).all()
