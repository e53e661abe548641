"""Layers that PyTorch accepts for some input, written in whatever form."""

FORMS = {
    "Conv": "in_channels out_channels kernel_size stride padding dilation",
    "ConvTranspose": "in_channels out_channels kernel_size stride padding output_padding",
    "MaxPool": "kernel_size stride padding dilation",
    "AvgPool": "kernel_size stride padding",
}


def written(rng, rank, name, values):
    """Return a layer's code: some values by place, the others by keyword, one number or one for each axis."""
    names = FORMS[name].split()
    first = rng.randint(FORMS[name].count("channels"), len(names))  # by place until here

    def text(parameter):
        value = values[parameter]
        one = not isinstance(value, tuple) or (rng.random() < 0.5 and len(set(value)) == 1)
        return str(value[0] if one and isinstance(value, tuple) else value)

    given = [text(parameter) for parameter in names[:first]]
    rest = names[first:] + [extra for extra in values if extra not in names]
    rng.shuffle(rest)
    given += [f"{parameter}={text(parameter)}" for parameter in rest]
    return f"nn.{name}{rank}d({', '.join(given)})"


def any_layer(rng, rank):
    """Return the code of a layer that PyTorch accepts, for some input."""

    def each(least, most):
        return tuple(rng.randint(least, most) for _ in range(rank))

    name = rng.choice([*FORMS, "ConvTranspose", "Upsample", "ReLU"])
    if name == "Upsample":
        return f"nn.Upsample(scale_factor={rng.choice([2, 3, 1.5])})"
    if name == "ReLU":
        return "nn.ReLU()"
    stride, dilation, size = each(1, 3), each(1, 2), each(1, 5)
    values = {"kernel_size": size, "stride": stride, "padding": each(0, 2)}
    if "Pool" in name:
        values["padding"] = tuple(min(p, m // 2) for p, m in zip(values["padding"], size, strict=True))
        values["ceil_mode"] = rng.random() < 0.5
    if name != "AvgPool":
        values["dilation"] = dilation
    if name == "ConvTranspose":
        values["output_padding"] = tuple(rng.randrange(s) for s in stride)
    if "Conv" in name:
        values |= {"in_channels": 1, "out_channels": 1, "bias": False}
    return written(rng, rank, name, values)


# A model from 28 to 14 to 28, however it is written
FORMS_OF_A_MODEL = {
    "as it prints itself": "(0): Conv2d(1, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))\n"
    "(1): ReLU()\n"
    "(2): ConvTranspose2d(8, 1, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))",
    "a class": "class Net(nn.Module):\n    def __init__(self, width=8):\n        super().__init__()\n"
    "        self.down = nn.Conv2d(1, width, 3, 2, 1)  # half, as Conv2d(1, 8, 5) would\n"
    "        self.up = nn.ConvTranspose2d(width, 1, 4, stride=2,\n            padding=1)\n"
    "    def forward(self, x):\n        return torch.tanh(self.up(F.relu(self.down(x))))",
    "Keras": "x = layers.Conv2D(8, 3, strides=2, padding='same')(x)\n"
    'x = layers.Conv2DTranspose(1, 4, strides=(2, 2), padding="same", activation="tanh")(x)',
}

# Numbers that do not fit a layer, and how the sentence on them begins
NUMBERS_THAT_DO_NOT_FIT = [
    ("nn.Conv2d(1, 2, k)", "Line 1: kernel_size must be a number"),
    ("nn.Conv2d(1, 2)", "Line 1: nn.Conv2d must have a kernel_size"),
    ("nn.Conv2d(1, 2, 9)", "Line 1: the kernel must fit into the padded input"),
    ("nn.Conv2d(1, 2, 3, (1, 1, 1))", "Line 1: stride must have a number for each axis"),
    ("nn.ConvTranspose2d(1, 2, 3, 2, output_padding=2)", "Line 1: output_padding must be smaller"),
    ("nn.Conv2d(1, 2, 3, stride=2, padding='same')", "Line 1: padding='same' needs stride 1"),
    ("nn.Conv2d(1, 2, 3, stride='two')", "Line 1: stride must be"),
    ("nn.Conv2d(1, 2, 3, stride=1.5)", "Line 1: stride must be"),
    ("nn.Conv2d(1, 2, 3, stride=-1)", "Line 1: stride must be"),
    ("nn.Conv2d(1, 2, kernel_size=constructor)", "Line 1: kernel_size must be a number, or a tuple"),
    ("nn.MaxPool2d(2, padding='toString')", "Line 1: padding must be a number from 0 up: got toString"),
    ("nn.MaxPool2d(2, padding='__proto__')", "Line 1: padding must be a number from 0 up: got __proto__"),
    ("nn.MaxPool2d(2, padding='true')", "Line 1: padding must be a number from 0 up: got true"),
    ("nn.PixelUnshuffle(2)", "Line 1: the size must be a multiple"),
    ("nn.Upsample()", "Line 1: Upsample must have"),
    ("nn.ConvTranspose2d(1, 2, 3, padding='same')", "Line 1: padding must be a number"),
    ("nn.MaxPool2d(2, padding='same')", "Line 1: padding must be a number"),
    ("Conv2DTranspose(1, 3, padding=1)", "Line 1: padding must be 'same' or 'valid' in Keras"),
    ("nn.Upsample(scale_factor=inf)", "Line 1: scale_factor must be a number"),
    ("nn.Upsample(size=0)", "Line 1: size must be a number from 1 up"),
    ("nn.PixelUnshuffle(0)", "Line 1: downscale_factor must be a number from 1 up"),
    ("Conv2D(1, 3, strides=0, padding='same')", "Line 1: stride must be a number from 1 up"),
]
