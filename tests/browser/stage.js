// A page without JupyterLab: window.mount(module text, css, values) shows an explorer on a model that has no
// kernel.
window.mount = async (text, css, values, theme = {}) => {
  const module = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  for (const [name, value] of Object.entries(values)) {
    if (!value?.base64) continue;
    const bytes = Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt());
    values[name] = new DataView(bytes.buffer);
  }
  const model = host(values); // of host.js
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  for (const [name, value] of Object.entries(theme)) document.body.style.setProperty(name, value);
  const el = document.body.appendChild(document.createElement("div"));
  const dispose = module.default.render({ model, el });
  return Object.assign(window, { module, model, el, dispose });
};
