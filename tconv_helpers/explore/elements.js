// The elements of a page.

// Else JupyterLab takes the arrow keys for itself.
export const QUIET = { "data-lm-suppress-shortcuts": "true" };

// attributes: those that begin with "on" listen
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export const button = (word, onclick) => make("button", { type: "button", ...QUIET, onclick }, word);
