// The Python that gives what an explorer shows: PyTorch's call and the course's.

import DEFAULTS from "../defaults.json" with { type: "json" };

const list = (values) => `[${values.map((v) => (Array.isArray(v) ? list(v) : v)).join(", ")}]`;
const floats = (values) => `[${values.map((v) => (Array.isArray(v) ? floats(v) : `${v}.`)).join(", ")}]`;

// ", stride=2", of the settings that are not as they are by default
function settingsOf(state) {
  const given = Object.keys(DEFAULTS).filter((name) => name in state && state[name] !== DEFAULTS[name]);
  return given.map((name) => `, ${name}=${state[name]}`).join("");
}

const torch = (expression) => `import torch\nimport torch.nn.functional as F\n\n${expression}`;
const signal = (values) => `torch.tensor([[${floats(values)}]])`;
const course = (names, expression) => `from tconv_helpers import ${names}\n\n${expression}`;

// y of a signal and a kernel
const transposed = (state) => [
  torch(`F.conv_transpose1d(${signal(state.x)}, ${signal(state.k)}${settingsOf(state)})`),
  course("conv_transpose", `conv_transpose(${list(state.x)}, ${list(state.k)}${settingsOf(state)})`),
];

// The stored generator's image, by PyTorch; `layer` counts from 1
function latent({ turn, tilt, label, layer, kernel }) {
  const factor = layer === 1 ? "kernel_size" : "stride";
  const swap = `layer.weight.data = swap_kernel(
    layer.weight.data, "${kernel}", factor=layer.${factor}[0], padding=layer.padding[0]
)`;
  return `import torch
from tconv_helpers import as_images, draw_latents, load_generator, swap_kernel

generator = load_generator()
layer = [generator.first, *generator.ups][${layer - 1}]
${swap}
turn, tilt = torch.tensor([${turn}., ${tilt}.]).deg2rad()
a, b, c = draw_latents(generator, 3, torch.Generator().manual_seed(0))
z = tilt.cos() * (turn.cos() * a + turn.sin() * b) + tilt.sin() * c
as_images(generator(z[None], torch.tensor([${label}])).detach())[0]`;
}

// By kind of explorer: state -> [PyTorch's code, the course's]; the last expression of each is the result
export const CODE = {
  TransposedExplorer: transposed,
  BackwardExplorer: (state) => [
    torch(`F.conv_transpose1d(${signal(state.dy)}, ${signal(state.k)})`),
    course("signal_convolution", `signal_convolution(${list(state.dy)}, ${list(state.k)})`),
  ],
  SpectrumExplorer: transposed,
  ToeplitzExplorer: (state) => [
    torch(`F.conv1d(torch.eye(${state.n})[:, None], ${signal(state.k)}${settingsOf(state)})[:, 0].T`),
    course("conv_matrix", `conv_matrix(${list(state.k)}, ${state.n}${settingsOf(state)})`),
  ],
  StampExplorer: (state) => [
    torch(`F.conv_transpose2d(${signal(state.y)}, ${signal(state.k)}${settingsOf(state)})`),
    `import numpy as np\n${course(
      "conv_transpose",
      `conv_transpose(np.array([[${list(state.y)}]]), np.array([[${list(state.k)}]])${settingsOf(state)})`,
    )}`,
  ],
  CheckerboardExplorer: (state) => [
    torch(`F.conv_transpose1d(torch.ones(1, 1, 8), ${signal(state.k)}${settingsOf(state)})`),
    course("phase_sums", `phase_sums(${list(state.k)}, ${state.stride})`),
  ],
  LatentExplorer: ({ turn, tilt, label, layer, kernel }) => [
    latent({ turn, tilt, label, layer, kernel }),
    course(
      "LatentExplorer",
      `LatentExplorer(turn=${turn}, tilt=${tilt}, layer=${layer}, kernel="${kernel}").images[${label}]`,
    ),
  ],
  ShapeExplorer: (state) => [
    state.text,
    course("fix_shape", `fix_shape(${JSON.stringify(state.text)}, ${state.n}, wanted=${state.wanted})`),
  ],
};
