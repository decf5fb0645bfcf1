"use strict";
// Shows the rows that the filters leave, and of them only those that are seen: a
// report of many thousand rows stays quick.
(() => {
  const { columns, rows, moods, texts } = JSON.parse(document.getElementById("data").textContent);
  const at = Object.fromEntries(columns.map((column, i) => [column.name, i]));
  const shownColumns = columns.filter((column) => column.shown);
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const byId = (id) => document.getElementById(id);
  const viewport = byId("viewport"), head = byId("table").tHead.rows[0], body = byId("table").tBodies[0];
  const search = byId("search"), code = byId("code"), statuses = byId("statuses"), form = byId("filters");
  const beyond = 12; // rows that are made beyond each edge of what is seen
  const notReached = "not-reached";
  let left = rows; // those that the filters leave, in order
  let sorted = { column: null, falling: false };

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const codeOf = (row) => row[at.Status] === "pending" ? notReached : row[at.Code];
  const words = (n) => n.toLocaleString("en") + (n === 1 ? " row" : " rows");
  const counted = (of) => {
    const counts = new Map();
    for (const row of rows) counts.set(of(row), (counts.get(of(row)) || 0) + 1);
    return counts;
  };

  // What a cell says. That of changes is a list of three for each: the place of the field's
  // name in texts, what it was, and what it will be.
  const changesOf = (value) => {
    const changes = [];
    for (let i = 0; i < value.length; i += 3) changes.push([texts[value[i]], value[i + 1], value[i + 2]]);
    return changes;
  };
  const listOf = (column, value) => column.kind === "texts" ? value.map((place) => texts[place]) : value;
  const quoted = (value) => `“${value}”`;
  const said = (column, value) => {
    switch (column.kind) {
      case "changes": return changesOf(value).map(([name, old, now]) => old === "" ? `${name} ${quoted(now)}` : `${name} ${quoted(old)} → ${quoted(now)}`).join(", ");
      case "list": case "texts": return listOf(column, value).join("; ");
    }
    return value;
  };

  // What is searched: all that a row says, in lower case; made once, at the first search.
  let searched = null;
  const textOf = (row) => {
    if (!searched) searched = new Map(rows.map((each) => [each, columns.map((column, i) => said(column, each[i])).join("\n").toLowerCase()]));
    return searched.get(row);
  };

  function filter() {
    const wanted = search.value.trim().toLowerCase();
    const only = new Set([...statuses.querySelectorAll("input:checked")].map((box) => box.value));
    left = rows.filter((row) =>
      (only.size === 0 || only.has(row[at.Status])) &&
      (code.value === "" || codeOf(row) === code.value) &&
      (wanted === "" || textOf(row).includes(wanted)));
    if (sorted.column) order();
    byId("shown").textContent = left.length === rows.length ? words(rows.length) : `${words(left.length)} of ${rows.length.toLocaleString("en")}`;
    viewport.scrollTop = 0;
    draw(true);
  }

  function order() {
    const i = at[sorted.column.name], turn = sorted.falling ? -1 : 1;
    const text = (row) => said(sorted.column, row[i]);
    const compare = sorted.column.figure ? (a, b) => a[i] - b[i] : (a, b) => collator.compare(text(a), text(b));
    left = left.slice().sort((a, b) => turn * compare(a, b) || a[at.Row] - b[at.Row]);
  }

  function sortBy(column) {
    sorted = { column, falling: sorted.column === column && !sorted.falling };
    for (const cell of head.cells) {
      const mine = cell.dataset.name === column.name;
      cell.setAttribute("aria-sort", mine ? (sorted.falling ? "descending" : "ascending") : "none");
    }
    filter();
  }

  const height = () => parseFloat(getComputedStyle(document.documentElement).fontSize) * 2.375; // --row
  let drawn = { first: -1, last: -1 };

  function draw(anew) {
    const one = height();
    const first = Math.max(0, Math.floor(viewport.scrollTop / one) - beyond);
    const last = Math.min(left.length, Math.ceil((viewport.scrollTop + viewport.clientHeight) / one) + beyond);
    if (!anew && first === drawn.first && last === drawn.last) return;
    drawn = { first, last };
    const focused = body.contains(document.activeElement) ? document.activeElement.closest("tr").rowIndexInAll : -1;
    const made = [space(first * one)];
    for (let i = first; i < last; i++) made.push(line(left[i], i));
    made.push(space((left.length - last) * one));
    body.replaceChildren(...made);
    byId("table").setAttribute("aria-rowcount", left.length + 1);
    if (focused >= 0 && !anew) focus(focused, true);
  }

  function space(height) {
    const row = element("tr", undefined, "space"), cell = element("td");
    row.setAttribute("aria-hidden", "true");
    cell.style.height = height + "px";
    row.append(cell);
    return row;
  }

  function line(row, index) {
    const tr = element("tr", undefined, "row");
    tr.rowIndexInAll = index;
    tr.setAttribute("aria-rowindex", index + 2);
    for (const column of shownColumns) {
      const value = row[at[column.name]], cell = element("td", undefined, column.class);
      if (column.name === "Row") {
        const button = element("button", value);
        button.type = "button";
        button.setAttribute("aria-label", `Row ${value}: details`);
        cell.append(button);
      } else if (column.name === "Status") {
        cell.append(element("span", value, "badge " + (moods[value] || "")));
      } else {
        const text = said(column, value);
        cell.append(element("bdi", column.places === undefined ? text : text.toFixed(column.places)));
        if (!column.figure) cell.title = text;
      }
      tr.append(cell);
    }
    return tr;
  }

  function focus(index, still) {
    for (const tr of body.rows) {
      if (tr.rowIndexInAll === index) tr.querySelector("button").focus({ preventScroll: still });
    }
  }

  // In the details changes are a table, and lists are lists.
  function whole(column, value) {
    if (column.kind === "changes") {
      const table = element("table", undefined, "changes"), head = table.createTHead().insertRow(), rest = table.createTBody();
      for (const name of ["Field", "Now", "Then"]) {
        const cell = element("th", name);
        cell.scope = "col";
        head.append(cell);
      }
      for (const change of changesOf(value)) {
        const line = rest.insertRow();
        change.forEach((text, i) => {
          const cell = element(i === 0 ? "th" : "td");
          if (i === 0) cell.scope = "row";
          cell.append(element("bdi", text));
          line.append(cell);
        });
      }
      return table;
    }
    if (column.kind) {
      const list = element("ul", undefined, "lost");
      for (const text of listOf(column, value)) {
        const item = element("li");
        item.append(element("bdi", text));
        list.append(item);
      }
      return list;
    }
    return element("bdi", value);
  }

  function details(row) {
    byId("details-title").textContent = `Row ${row[at.Row]}: ${row[at.Alias]}`;
    const list = byId("details").querySelector("dl");
    list.replaceChildren(...columns.filter((column) => row[at[column.name]] !== "" && row[at[column.name]].length !== 0).map((column) => {
      const pair = element("div", undefined, column.long || column.kind ? "whole" : "");
      const value = element("dd");
      value.append(whole(column, row[at[column.name]]));
      pair.append(element("dt", column.title), value);
      return pair;
    }));
    byId("details").showModal();
  }

  function rowOf(target) {
    const tr = target.closest("tr.row");
    return tr ? left[tr.rowIndexInAll] : null;
  }

  for (const column of shownColumns) {
    const cell = element("th", undefined, column.class), button = element("button", column.title);
    cell.scope = "col";
    cell.dataset.name = column.name;
    cell.setAttribute("aria-sort", "none");
    button.type = "button";
    button.addEventListener("click", () => sortBy(column));
    cell.append(button);
    head.append(cell);
  }
  for (const [status, n] of counted((row) => row[at.Status])) {
    const label = element("label"), box = element("input");
    box.type = "checkbox";
    box.value = status;
    label.append(box, `${status} (${n.toLocaleString("en")})`);
    statuses.append(label);
  }
  for (const [name, n] of [...counted(codeOf)].sort((a, b) => b[1] - a[1])) {
    if (name === "") continue;
    const option = element("option", `${name} (${n.toLocaleString("en")})`);
    option.value = name;
    code.append(option);
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  viewport.addEventListener("scroll", () => requestAnimationFrame(() => draw(false)), { passive: true });
  addEventListener("resize", () => draw(true));
  body.addEventListener("click", (event) => {
    const row = rowOf(event.target);
    if (row) details(row);
  });
  body.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], tr = event.target.closest("tr.row");
    if (!step || !tr) return;
    event.preventDefault();
    const next = Math.min(left.length - 1, Math.max(0, tr.rowIndexInAll + step));
    const top = next * height(), room = viewport.clientHeight - 2 * height();
    if (top < viewport.scrollTop) viewport.scrollTop = top;
    if (top > viewport.scrollTop + room) viewport.scrollTop = top - room;
    draw(false);
    focus(next, true);
  });
  for (const button of document.querySelectorAll("button[data-code]")) {
    button.addEventListener("click", () => {
      form.reset();
      code.value = button.dataset.code;
      filter();
      byId("rows").scrollIntoView();
      viewport.focus({ preventScroll: true });
    });
  }
  filter();
})();
