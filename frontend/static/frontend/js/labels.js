// The rows of the label editor: another one, up, down (buttons, or dragged), away. Names are
// numbered anew in the order of the page, so that the server reads the rows as they stand.
const form = document.querySelector("[data-labels]");
const rows = form.querySelector("[data-rows]");
const blank = form.querySelector("[data-blank]");
const total = form.querySelector("[name=labels-TOTAL_FORMS]");
const COLOURS = form.dataset.colours.split(" ");

function number() {
  [...rows.children].forEach((row, n) => {
    for (const part of row.querySelectorAll("[name], [id], [for]")) {
      for (const name of ["name", "id", "for"]) {
        const value = part.getAttribute(name);
        if (value)
          part.setAttribute(name, value.replace(/labels-(\d+|__prefix__)-/, `labels-${n}-`));
      }
    }
  });
  total.value = rows.children.length;
  form.dispatchEvent(new Event("labels-changed"));
}

function ready(row) {
  row.draggable = false;
  row.querySelector("[data-move]").hidden = false;
}

function more() {
  rows.append(blank.content.firstElementChild.cloneNode(true));
  const row = rows.lastElementChild;
  ready(row);
  const colour = row.querySelector("[type=color]");
  colour.value = COLOURS[(rows.children.length - 1) % COLOURS.length];
  number();
  row.querySelector("input").focus();
}

rows.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const row = button?.closest("[data-row]");
  if (!row) return;
  if ("up" in button.dataset) row.previousElementSibling?.before(row);
  if ("down" in button.dataset) row.nextElementSibling?.after(row);
  if ("drop" in button.dataset) {
    (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("input").focus();
    row.remove();
  } else button.focus();
  number();
});

// Dragged by the row itself, outside its fields, in which text is selected by dragging.
let dragged = null;
rows.addEventListener("pointerdown", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) row.draggable = !event.target.closest("input, button, label");
});
rows.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-row]");
});
rows.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-row]");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) over.before(dragged);
  else over.after(dragged);
});
rows.addEventListener("dragend", () => {
  dragged = null;
  number();
});

form.querySelector("[data-more]").addEventListener("click", more);
form.querySelector("[data-more]").hidden = false;
[...rows.children].forEach(ready);
