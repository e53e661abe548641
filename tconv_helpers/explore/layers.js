// Layers as people write them, read from text and never run: layers.py, word for word.
// tests/browser/ proves both equal.

const MOST_CHARACTERS = 20000;
const MOST_LAYERS = 100;

const CONV = "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode";
const TRANSPOSE =
  "in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode";
const POOL = "kernel_size stride padding dilation return_indices ceil_mode";
const KERAS = "filters kernel_size stride padding";
// What a layer is called, a point for its digit -> its kind, and its parameters by place
const KINDS = {
  "Conv.d": ["conv", CONV],
  "LazyConv.d": ["conv", CONV.replace("in_channels ", "")],
  "ConvTranspose.d": ["transpose", TRANSPOSE],
  "LazyConvTranspose.d": ["transpose", TRANSPOSE.replace("in_channels ", "")],
  "MaxPool.d": ["pool", POOL],
  "AvgPool.d": ["pool", "kernel_size stride padding ceil_mode"],
  "MaxUnpool.d": ["unpool", "kernel_size stride padding"],
  Upsample: ["upsample", "size scale_factor mode"],
  UpsamplingNearest2d: ["upsample", "size scale_factor"],
  UpsamplingBilinear2d: ["upsample", "size scale_factor"],
  PixelShuffle: ["shuffle", "upscale_factor"],
  PixelUnshuffle: ["unshuffle", "downscale_factor"],
  "Conv.D": ["keras conv", KERAS],
  "Conv.DTranspose": ["keras transpose", KERAS],
  "MaxPooling.D": ["keras pool", "kernel_size stride padding"],
  "AveragePooling.D": ["keras pool", "kernel_size stride padding"],
  "UpSampling.D": ["keras upsample", "size"],
};
