// All that `render({ model, el })` needs where there is no widget manager: the values are the model.
export function host(values) {
  const listeners = new Set();
  return {
    get: (name) => values[name],
    set(changes) {
      Object.assign(values, changes);
      for (const listener of listeners) listener();
    },
    save_changes: () => {},
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
  };
}
