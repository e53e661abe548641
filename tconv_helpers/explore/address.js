// The state of an explorer in an address, #x=1,3,2&stride=2: address.py and the traits in JavaScript.
// explorer: { kind, traits }, of each trait { kind, least, most, rule, way_out }, and the bounds of `cells`.

const WHOLE = /^-?[0-9]{1,6}$/;

function whole(text) {
  if (!WHOLE.test(text)) throw new RangeError();
  return Number(text) + 0; // no -0
}

function decoded(text) {
  if (!/^(?:[^%]|%[0-9A-Fa-f]{2})*$/.test(text)) throw new RangeError();
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RangeError();
  }
}

const wholes = (text) => text.split(",").map(whole);
const asItIs = (text) => text;
const READ = {
  Whole: whole,
  Wholes: wholes,
  Square: (text) => text.split(";").map(wholes),
  Text: decoded,
  Word: asItIs,
};
const WRITE = {
  Whole: String,
  Wholes: (values) => values.join(","),
  Square: (rows) => rows.map((row) => row.join(",")).join(";"),
  Text: (text) => encodeURIComponent(text).replace(/[!'()*]/g, asPercent),
  Word: asItIs,
};

function asPercent(letter) {
  return `%${letter.charCodeAt().toString(16).toUpperCase()}`;
}

const within = (value, [least, most]) => least <= value && value <= most;
const FITS = {
  Whole: (value, bounds) => within(value, bounds),
  Wholes: (values, bounds, cells) => within(values.length, bounds) && values.every((v) => within(v, cells)),
  Square: (rows, bounds, cells) =>
    within(rows.length, bounds) && rows.every((row) => FITS.Wholes(row, [rows.length, rows.length], cells)),
  Text: (text, bounds) => within([...text].length, bounds),
  Word: (word, [words]) => words.includes(word),
};

// { name: value } of an address; RangeError, in the library's words, for what is no state
export function stateOf(address, { kind, traits, cells }) {
  const state = {};
  const text = address.slice(address.lastIndexOf("#") + 1);
  for (const part of text ? text.split("&") : []) {
    const end = part.indexOf("=");
    if (end < 0) {
      throw new RangeError(`each part of a link must be name=value: got ${part}; copy the whole link`);
    }
    const [name, given] = [part.slice(0, end), part.slice(end + 1)];
    if (!Object.hasOwn(traits, name)) {
      throw new RangeError(`${kind} has no ${name}; it has ${Object.keys(traits).join(", ")}`);
    }
    state[name] = read(name, given, traits[name], cells);
  }
  return state;
}

function read(name, given, { kind, least, most, rule, way_out }, cells) {
  try {
    const value = READ[kind](given);
    if (FITS[kind](value, [least, most], cells)) return value;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new RangeError(`${name} must be ${rule} in this explorer: got ${name}=${given}; use ${way_out}`);
}

export function addressOf(state, { traits }) {
  const parts = Object.keys(traits).map((name) => `${name}=${WRITE[traits[name].kind](state[name])}`);
  return `#${parts.join("&")}`;
}
