// The check result as a table one can act on. Every text comes from Python, already in the reader's language.

const COLUMNS = ["file", "sheet", "cell", "value", "reason", "hint"];
const PAGE = 50;

// Said outright, since a table laid out as blocks on a phone would lose them.
const ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };

const element = (tag, text, name) => {
  const made = document.createElement(tag);
  if (ROLES[tag]) made.setAttribute("role", ROLES[tag]);
  if (text !== undefined && text !== null) made.textContent = text;
  if (name) made.className = name;
  return made;
};

// Rows to show: of one severity or all, with their places in the whole list.
export const chosen = (rows, severity) =>
  rows.map((row, place) => ({ row, place })).filter(({ row }) => !severity || row.severity === severity);

function render({ model, el }) {
  el.classList.add("lsb-problems");
  let severity = "";
  let shown = PAGE;

  const filters = (rows, words) => {
    const bar = element("div", null, "lp-filters");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", words.show);
    for (const name of ["", "error", "warning"]) {
      const button = element("button", `${words[name || "all"]} ${chosen(rows, name).length}`);
      button.type = "button";
      button.dataset.show = name || "all";
      button.setAttribute("aria-pressed", String(name === severity));
      button.addEventListener("click", () => {
        severity = name;
        shown = PAGE;
        draw();
        el.querySelector(`button[data-show="${name || "all"}"]`).focus();
      });
      bar.append(button);
    }
    return bar;
  };

  const line = ({ row, place }, words) => {
    const tr = element("tr", null, row.severity);
    tr.dataset.row = place;
    tr.append(element("th", row.severity === "error" ? words.error : words.warning));
    tr.firstChild.scope = "row";
    tr.firstChild.setAttribute("role", "rowheader");
    for (const name of COLUMNS) tr.append(element("td", row[name] === null ? "—" : row[name], name));
    const act = element("td", null, "act");
    if (row.fix) {
      const button = element("button", words.fix);
      button.type = "button";
      button.setAttribute("aria-label", `${words.fix} ${row.file} ${row.sheet || ""} ${row.cell || ""}`);
      button.addEventListener("click", () => {
        model.set("picked", { row: place, at: Date.now() });
        model.save_changes();
      });
      act.append(button);
    }
    tr.append(act);
    return tr;
  };

  const draw = () => {
    const rows = model.get("rows") || [];
    const words = model.get("words") || {};
    el.replaceChildren();
    el.hidden = !rows.length;
    if (!rows.length) return;
    const some = chosen(rows, severity);
    const box = element("div", null, "lp-scroll");
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", words.caption);
    const table = element("table");
    table.append(element("caption", words.caption, "lp-hidden"));
    const head = element("tr");
    for (const name of ["severity", ...COLUMNS, "act"]) {
      const cell = element("th", words[name]);
      cell.scope = "col";
      cell.setAttribute("role", "columnheader");
      head.append(cell);
    }
    table.append(element("thead"), element("tbody"));
    table.tHead.append(head);
    for (const each of some.slice(0, shown)) table.tBodies[0].append(line(each, words));
    box.append(table);
    el.append(filters(rows, words), box);
    if (some.length > shown) {
      const more = element("button", words.more.replace("{n}", some.length - shown));
      more.type = "button";
      more.dataset.show = "more";
      more.addEventListener("click", () => {
        shown += 4 * PAGE;
        draw();
      });
      el.append(more);
    }
  };

  const fresh = () => {
    severity = "";
    shown = PAGE;
    draw();
  };
  el.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab would take arrows and letters
  model.on("change:rows", fresh);
  draw();
  return () => model.off("change:rows", fresh);
}

export default { render };
