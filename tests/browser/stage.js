// A page without JupyterLab: window.mount(module text, css, values) shows an explorer on a model that has no
// kernel.
window.mount = async (text, css, values, theme = {}) => {
  const module = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  const listeners = new Set();
  const model = {
    get: (name) => values[name],
    set: (changes) => {
      Object.assign(values, changes);
      for (const listener of listeners) listener();
    },
    save_changes: () => {},
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
  };
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  for (const [name, value] of Object.entries(theme)) document.body.style.setProperty(name, value);
  const el = document.body.appendChild(document.createElement("div"));
  const dispose = module.default.render({ model, el });
  return Object.assign(window, { module, model, el, dispose });
};
