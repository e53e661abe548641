// A control: buttons of which one is pressed, the word that the trait of their name holds.

import { make, QUIET } from "./elements.js";

export const choice = (name) => (stage) => {
  const [words] = stage.bounds[name];
  const pressed = (word) => ({ type: "button", onclick: () => stage.set({ [name]: word }), ...QUIET });
  const buttons = words.map((word) => make("button", pressed(word), word));
  const named = { class: "buttons", role: "group", "aria-label": name };
  const group = make("span", named, make("i", {}, name), ...buttons);
  const update = (state) =>
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", words[i] === state[name]));
  return { element: group, update };
};
