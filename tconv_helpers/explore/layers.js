// Layers as people write them, read from text and never run: layers.py in JavaScript, over the same table.

import TABLE from "../layers.json" with { type: "json" };

const fullmatch = (pattern) => new RegExp(`^(?:${pattern})$`);
const [KEEPS, HOLDS, NUMBER] = [TABLE.keeps, TABLE.holds, TABLE.number].map(fullmatch);
const NO_VALUE = Symbol("no value");
const WORDS = { None: null, True: true, False: false };

export class Layer {
  constructor(line, name, args) {
    Object.assign(this, { line, name, args });
    [this.kind, this.parameters] = TABLE.kinds[pattern(name)];
  }

  toString() {
    const written = this.args.map(([keyword, text]) => (keyword ? `${keyword}=${text}` : text));
    return `${this.name}(${written.join(", ")})`;
  }

  get rank() {
    const digit = /([123])[dD]/.exec(this.name);
    return digit ? Number(digit[1]) : null;
  }

  place(parameter) {
    const keyed = this.args.findIndex(([keyword]) => (TABLE.aliases[keyword] ?? keyword) === parameter);
    if (keyed >= 0) return keyed;
    const index = this.parameters.split(" ").indexOf(parameter);
    return index >= 0 && index < this.args.length && !this.args[index][0] ? index : -1;
  }

  value(parameter) {
    const place = this.place(parameter);
    if (place < 0) return null;
    const text = this.args[place][1];
    const value = plainOf(text);
    if (value !== NO_VALUE) return value;
    throw new RangeError(`${parameter} must be a number, or a tuple of them: got ${text}; write the number`);
  }

  changed(parameter, value) {
    const [place, text] = [this.place(parameter), written(value)];
    if (place < 0) return new Layer(this.line, this.name, [...this.args, [parameter, text]]);
    return new Layer(this.line, this.name, this.args.with(place, [this.args[place][0], text]));
  }
}

export function readLayers(text) {
  const { characters, layers: most } = TABLE.most;
  const length = [...text].length;
  if (length > characters) {
    throw new RangeError(
      `the text must have at most ${characters} characters: got ${length}; paste the layers alone`,
    );
  }
  const [words, layers] = [tokens(text), []];
  words.forEach(([line, word], index) => {
    const name = pattern(word);
    if (!isCall(words, index) || HOLDS.test(name) || KEEPS.test(name)) return;
    if (!(name in TABLE.kinds)) {
      throw new RangeError(
        `each layer must be one whose sizes are known: got ${word} in line ${line}; leave it out, ` +
          "or paste the layers before and after it one by one",
      );
    }
    layers.push(new Layer(line, word, argumentsOf(words, index + 1)));
  });
  if (!layers.length) {
    throw new RangeError("the text must hold a layer, such as nn.ConvTranspose2d(64, 32, 4, 2, 1): got none");
  }
  if (layers.length > most) {
    throw new RangeError(`there must be at most ${most} layers: got ${layers.length}; paste a part of them`);
  }
  return layers;
}

// nn.Conv2d as Conv.d
const lastPart = (word) => word.slice(word.lastIndexOf(".") + 1);
const pattern = (word) => lastPart(word).replace(/[123](?=[dD])/g, ".");

// [line, word] of each word and sign, without comments
function tokens(text) {
  let line = 1;
  const found = [];
  for (const [word] of text.matchAll(new RegExp(TABLE.token, "gu"))) {
    if (word === "\n") line++;
    else if (word[0] !== "#") found.push([line, word]);
  }
  return found;
}

function isCall(words, index) {
  const begins = index > 0 && ["class", "def"].includes(words[index - 1][1]);
  return words[index + 1]?.[1] === "(" && !begins && /^[A-Z]/.test(lastPart(words[index][1]));
}

function argumentsOf(words, start) {
  const parts = [[]];
  let depth = 0;
  for (const [, word] of words.slice(start + 1)) {
    depth += "([{".includes(word) - ")]}".includes(word);
    if (depth < 0) return parts.filter((part) => part.length).map(argument);
    if (depth === 0 && word === ",") parts.push([]);
    else parts.at(-1).push(word);
  }
  throw new RangeError(
    `each bracket must be closed: got one that opens in line ${words[start][0]} and stays open; close it`,
  );
}

function argument(words) {
  const keyword = words.length > 2 && words[1] === "=" ? words[0] : "";
  const text = words.slice(keyword ? 2 : 0).join(" ");
  return [keyword, text.replaceAll(" ,", ",").replaceAll("( ", "(").replaceAll(" )", ")")];
}

function plainOf(text) {
  if (Object.hasOwn(WORDS, text)) return WORDS[text];
  if ("\"'".includes(text[0])) return text.slice(1, -1);
  if ("([".includes(text[0])) {
    const parts = text.slice(1, -1).split(",").map((part) => part.trim()).filter(Boolean);
    const values = parts.map(plainOf);
    return values.length && values.every(Number.isInteger) ? values : NO_VALUE;
  }
  return NUMBER.test(text) ? Number(text) : NO_VALUE;
}

// As Python writes it
function written(value) {
  if (Array.isArray(value)) return `(${value.join(", ")})`;
  return typeof value === "string" ? `'${value}'` : String(value);
}
