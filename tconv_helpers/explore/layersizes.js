// The size that a layer makes of a size: layersizes.py in JavaScript, word for word; tests/browser/ proves
// both equal.

import DEFAULTS from "../defaults.json" with { type: "json" };
import { convOutputSize, convTransposeOutputSize } from "./operator.js";

export const PADDINGS = ["same", "valid"];
const isKeras = (layer) => layer.kind.startsWith("keras");

// The value of a layer's parameter along an axis
export function valueAt(layer, parameter, axis, ...otherwise) {
  let value = layer.value(parameter);
  if (Array.isArray(value)) {
    if (value.length !== (layer.rank ?? value.length) || axis >= value.length) {
      const got = value.join(", ");
      throw new RangeError(`${parameter} must have a number for each axis: got (${got}); use one number`);
    }
    value = value[axis];
  }
  if (value === null) return plainValue(layer, parameter, otherwise);
  const word = parameter === "padding" && PADDINGS.includes(value);
  if (parameter === "ceil_mode" || (word && (isKeras(layer) || layer.kind === "conv"))) return value;
  if (parameter === "padding" && isKeras(layer)) {
    throw new RangeError(`padding must be 'same' or 'valid' in Keras: got ${inPython(value)}; use 'same'`);
  }
  const least = parameter.endsWith("padding") ? 0 : 1;
  if (typeof value !== "number" || value < (parameter === "scale_factor" ? 0 : least)) {
    throw new RangeError(
      `${parameter} must be a number from ${least} up: got ${inPython(value)}; use ${least} or more`,
    );
  }
  if (parameter !== "scale_factor" && !Number.isInteger(value)) {
    throw new RangeError(`${parameter} must be a whole number: got ${value}; round it`);
  }
  return value;
}

const inPython = (value) => (value === true ? "True" : value === false ? "False" : value);

function plainValue(layer, parameter, otherwise) {
  if (otherwise.length) return otherwise[0];
  if (parameter === "padding" && isKeras(layer)) return "valid";
  if (parameter in DEFAULTS) return DEFAULTS[parameter];
  throw new RangeError(`${layer.name} must have a ${parameter}: got none; write ${parameter}=2`);
}

const convFormula = (n, m, { stride, padding, dilation }, round = "floor") =>
  `${round}((${n} + 2*${padding} - ${dilation}*(${m} - 1) - 1) / ${stride}) + 1`;

// For each kind of layer (n, get) -> [size, the formula with its numbers]
const RULES = {
  conv(n, get) {
    const [m, stride, asked, dilation] = [get("kernel_size"), get("stride"), get("padding"), get("dilation")];
    if (asked === "same" && stride !== 1) {
      const half = Math.floor(m / 2);
      throw new RangeError(`padding='same' needs stride 1: got stride=${stride}; use padding=${half}`);
    }
    if (asked === "same") return [n, "the same size"];
    const settings = { stride, padding: asked === "valid" ? 0 : asked, dilation };
    return [convOutputSize(n, m, settings), convFormula(n, m, settings)];
  },
  transpose(n, get) {
    const [m, stride, padding] = [get("kernel_size"), get("stride"), get("padding")];
    const [output_padding, dilation] = [get("output_padding"), get("dilation")];
    return [
      convTransposeOutputSize(n, m, { stride, padding, output_padding, dilation }),
      `(${n} - 1)*${stride} - 2*${padding} + ${dilation}*(${m} - 1) + ${output_padding} + 1`,
    ];
  },
  pool(n, get) {
    const [m, padding, dilation] = [get("kernel_size"), get("padding"), get("dilation")];
    const stride = get("stride", m);
    if (2 * padding > m) {
      const half = Math.floor(m / 2);
      throw new RangeError(`padding must be at most half the kernel: got ${padding}, ${m}; use ${half}`);
    }
    const settings = { stride, padding, dilation };
    if (!get("ceil_mode", false)) return [convOutputSize(n, m, settings), convFormula(n, m, settings)];
    let size = Math.ceil((n + 2 * padding - dilation * (m - 1) - 1) / stride) + 1;
    if (size < 1) convOutputSize(n, m, settings); // which says so
    if ((size - 1) * stride >= n + padding) size--; // the last window begins before the padding on the right
    return [size, convFormula(n, m, settings, "ceil")];
  },
  unpool(n, get) {
    const [m, padding] = [get("kernel_size"), get("padding")];
    const stride = get("stride", m);
    return [convTransposeOutputSize(n, m, { stride, padding }), `(${n} - 1)*${stride} - 2*${padding} + ${m}`];
  },
  upsample(n, get) {
    const [size, scale] = [get("size", null), get("scale_factor", null)];
    if (size !== null) return [size, `size=${size}`];
    if (scale === null) {
      throw new RangeError("Upsample must have a size or a scale_factor: got neither; write scale_factor=2");
    }
    if (Math.floor(n * scale) < 1) {
      throw new RangeError(`scale_factor must leave a sample: got ${scale} for ${n}; use a larger one`);
    }
    return [Math.floor(n * scale), `floor(${n}*${scale})`];
  },
  shuffle: (n, get) => [n * get("upscale_factor"), `${n}*${get("upscale_factor")}`],
  unshuffle(n, get) {
    const factor = get("downscale_factor");
    if (n % factor === 0) return [n / factor, `${n} / ${factor}`];
    throw new RangeError(`the size must be a multiple of downscale_factor: got ${n} and ${factor}; pad it`);
  },
  "keras conv"(n, get) {
    const [m, stride, dilation] = [get("kernel_size"), get("stride"), get("dilation")];
    if (get("padding") === "same") return [Math.ceil(n / stride), `ceil(${n} / ${stride})`];
    return [
      convOutputSize(n, m, { stride, dilation }),
      `floor((${n} - ${dilation}*(${m} - 1) - 1) / ${stride}) + 1`,
    ];
  },
  "keras pool"(n, get) {
    const m = get("kernel_size", 2);
    const stride = get("stride", m);
    if (get("padding") === "same") return [Math.ceil(n / stride), `ceil(${n} / ${stride})`];
    return [convOutputSize(n, m, { stride }), `floor((${n} - ${m}) / ${stride}) + 1`];
  },
  "keras transpose"(n, get) {
    const [m, stride, more] = [get("kernel_size"), get("stride"), get("output_padding", null)];
    const span = get("dilation") * (m - 1) + 1;
    const same = get("padding") === "same";
    if (more === null && same) return [n * stride, `${n}*${stride}`];
    if (more === null) {
      return [n * stride + Math.max(span - stride, 0), `${n}*${stride} + max(${span} - ${stride}, 0)`];
    }
    if (more >= stride) {
      throw new RangeError(
        `output_padding must be below the stride: got ${more}, ${stride}; use ${stride - 1}`,
      );
    }
    const crop = same ? 2 * Math.floor(span / 2) : 0;
    return [(n - 1) * stride + span - crop + more, `(${n} - 1)*${stride} + ${span} - ${crop} + ${more}`];
  },
  "keras upsample": (n, get) => [n * get("size", 2), `${n}*${get("size", 2)}`],
};

// [the size of a layer's output along an axis, the formula with its numbers]
export const sizeAfter = (layer, n, axis) =>
  RULES[layer.kind](n, (parameter, ...otherwise) => valueAt(layer, parameter, axis, ...otherwise));
