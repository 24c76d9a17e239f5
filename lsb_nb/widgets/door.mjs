// What a panel asks of JupyterLab: save this notebook, and links that open what lies beside it.
// JupyterLab shows its application to a page only where it was told to (`lsb lab` does); elsewhere Ctrl+S is pressed.

const application = () => window.jupyterapp || window.jupyterlab || null;

const settings = () => {
  const node = document.getElementById("jupyter-config-data");
  try {
    return node ? JSON.parse(node.textContent) : {};
  } catch {
    return {};
  }
};

// The notebook that holds an element: its panel in JupyterLab, or null.
const panelOf = (el) => {
  const app = application();
  if (!app || !app.shell || !app.shell.widgets) return null;
  for (const panel of app.shell.widgets("main")) {
    if (panel.context && panel.content && panel.node && panel.node.contains(el)) return panel;
  }
  return null;
};

// The notebook's path below the server's root, "" where it cannot be told.
export const pathOf = (el, address = window.location.pathname) => {
  const panel = panelOf(el);
  if (panel) return panel.context.path;
  const match = /\/(?:lab(?:\/workspaces\/[^/]+)?\/tree|notebooks|doc\/tree|voila\/render)\/(.+)$/.exec(address);
  return match ? decodeURIComponent(match[1]) : "";
};

// A path as seen from the root; null where it leads out of it.
export const join = (folder, path) => {
  const parts = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "..") {
      if (!parts.length) return null;
      parts.pop();
    } else if (part && part !== ".") parts.push(part);
  }
  return parts.join("/");
};

const encoded = (path) => path.split("/").map(encodeURIComponent).join("/");

const cellsOf = (panel) => {
  const model = panel.content.model && panel.content.model.sharedModel;
  if (!model || !model.cells) return null;
  return model.cells.map((cell) => [cell.cell_type, cell.getSource ? cell.getSource() : cell.source]);
};

const save = async (el) => {
  const panel = panelOf(el);
  if (!panel) {
    const keys = { key: "s", code: "KeyS", keyCode: 83, ctrlKey: true, bubbles: true, cancelable: true };
    el.dispatchEvent(new KeyboardEvent("keydown", keys));
    await new Promise((done) => setTimeout(done, 1500));
    const unsaved = document.querySelector(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty");
    return { status: unsaved ? "dirty" : "asked", path: pathOf(el), cells: null };
  }
  await panel.context.save();
  const dirty = Boolean(panel.context.model && panel.context.model.dirty);
  return { status: dirty ? "dirty" : "saved", path: panel.context.path, cells: cellsOf(panel) };
};

function render({ model, el }) {
  el.classList.add("lsb-door");
  let later = null;
  let here = "";
  const draw = (tries = 10) => {
    clearTimeout(later);
    el.replaceChildren();
    const links = model.get("links") || [];
    if (!links.length) return;
    const base = settings().baseUrl || "/";
    here = pathOf(el) || here;
    // a cell that is being scrolled or opened stands nowhere for a moment, and cannot tell which notebook it is in
    if (!here && tries > 0) later = setTimeout(() => draw(tries - 1), 500);
    const folder = here.split("/").slice(0, -1).join("/");
    const list = document.createElement("ul");
    for (const { text, path, kind } of links) {
      const item = document.createElement("li");
      const target = here ? join(folder, path) : null;
      if (target === null) {
        item.textContent = text;
      } else {
        const link = document.createElement("a");
        link.textContent = text;
        link.href = base + (kind === "notebook" ? "lab/tree/" : "files/") + encoded(target);
        link.target = "_blank";
        link.rel = "noopener";
        link.addEventListener("click", (event) => {
          const app = application();
          if (kind !== "notebook" || !app) return;
          event.preventDefault();
          app.commands.execute("docmanager:open", { path: target });
        });
        item.append(link);
      }
      list.append(item);
    }
    el.append(list);
  };
  const asked = async () => {
    const { id } = model.get("ask") || {};
    if (!id || id === (model.get("answer") || {}).id) return;
    let answer;
    try {
      answer = await save(el);
    } catch (error) {
      answer = { status: "failed", path: pathOf(el), cells: null, why: String((error && error.message) || error) };
    }
    model.set("answer", { id, ...answer });
    model.save_changes();
  };
  const changed = () => draw();
  later = setTimeout(draw, 0);
  model.on("change:links", changed);
  model.on("change:ask", asked);
  return () => {
    clearTimeout(later);
    model.off("change:links", changed);
    model.off("change:ask", asked);
  };
}

export default { render };
