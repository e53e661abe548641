// What was moved is there on the next day. JupyterLab's widget manager saves no state by itself, and where it
// is told to, only of what a kernel still holds. So each save of a page takes the state of all that it shows.

const STATES = "application/vnd.jupyter.widget-state+json";
const VIEW = "application/vnd.jupyter.widget-view+json";
const KEPT = Symbol.for("tconv.kept"); // on the manager: once a page, however many of its widgets ask for it

// `initialize`: anywidget calls it. Only JupyterLab and Notebook have a context: elsewhere it does nothing.
export function keep({ model }) {
  const manager = model.widget_manager;
  const page = manager?.context?.model;
  if (!page?.setMetadata) return;
  if (!manager[KEPT]) {
    manager[KEPT] = {};
    manager.context.saveState.connect((_, phase) => phase === "started" && store(manager, page));
  }
  // Of what no kernel holds, the state comes in a promise: too late once a save has begun
  const note = () => manager.get_state().then(({ state }) => (manager[KEPT] = state));
  model.on("comm_live_update", note);
  model.on("change", () => {
    page.dirty = true;
    note();
  });
}

function store(manager, page) {
  const stored = page.getMetadata("widgets")?.[STATES]?.state ?? {};
  const now = { ...manager[KEPT], ...manager.get_state_sync().state };
  const outputs = page.toJSON().cells.flatMap((cell) => cell.outputs ?? []);
  const shown = outputs.map(({ data }) => data?.[VIEW]?.model_id);
  const state = {};
  for (const id of shown) { // which grows: a widget may consist of others
    if (id in state || !(id in now || id in stored)) continue;
    state[id] = inForm(now[id], stored[id]);
    for (const [, part] of JSON.stringify(state[id].state).matchAll(/"IPY_MODEL_([^"]+)"/g)) shown.push(part);
  }
  if (Object.keys(state).length === 0) return page.deleteMetadata("widgets");
  return page.setMetadata("widgets", { [STATES]: { version_major: 2, version_minor: 0, state } });
}

// What is now, under the names that are stored: a save that changes nothing leaves each byte as it was.
function inForm(now, stored) {
  if (!now || !stored) return now ?? stored;
  const value = (name) => (name in now.state ? now.state[name] : stored.state[name]);
  return { ...now, state: Object.fromEntries(Object.keys(stored.state).map((name) => [name, value(name)])) };
}
