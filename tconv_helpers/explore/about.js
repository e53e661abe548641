// What each slider is, in a sentence: its tooltip. A slider whose name means something else has its own.

export const ABOUT = {
  n: "How many samples the input has.",
  "kernel size": "How many entries the kernel has.",
  stride: "How far apart are the places where the kernel is put.",
  padding: "A convolution puts so many zeros at each end; its transpose crops so many samples there.",
  output_padding: "So many more samples are kept at the end of the output.",
  dilation: "How far apart are the entries of the kernel: 1 is side by side.",
  u: "Which sample is lit, counted from 1.",
  layer: "Which layer's kernels are swapped, counted from 1.",
  turn: "An angle in degrees: it mixes the two draws a and b.",
  tilt: "An angle in degrees: it moves away from a and b, to the draw c.",
};
