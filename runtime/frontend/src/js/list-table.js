// The table of a list by keyboard, as in a spreadsheet: arrows move, Enter, F2 or a double click edits, Enter saves and
// goes down, Tab to the side, Escape gives up. The server answers the row, or the input with what is wrong.
import { closed, edit, leave, save } from "./list-cell.js";
import { tell } from "./toasts.js";

const CELL = ".list tr[data-id] > td";
const MOVES = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

export function openTable(page) {
  page.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.(CELL);
    if (!cell || event.isComposing || event.defaultPrevented) return;
    if (cell.querySelector(".cell-edit")) whileEditing(event, cell);
    else if (!event.ctrlKey && !event.metaKey && !event.altKey) whileMoving(page, event, cell);
  });
  page.addEventListener("dblclick", (event) => {
    const cell = event.target.closest?.(CELL);
    if (!cell || cell.querySelector(".cell-edit") || event.target.closest("a, input")) return;
    event.preventDefault();
    begin(page, cell);
  });
  page.addEventListener("click", (event) => {
    const cell = event.target.closest?.(CELL);
    if (cell && !event.target.closest("a, input, button, select, form")) focus(cell);
  });
  page.addEventListener("submit", (event) => event.target.matches?.(".cell-edit") && event.preventDefault());
  page.addEventListener("focusout", (event) => {
    const cell = event.target.closest?.(".cell-edit")?.closest(CELL);
    const to = event.relatedTarget;
    if (!cell || cell.contains(to) || to?.closest(".flatpickr-calendar") || !page.hasFocus()) return;
    save(cell);
  });
}

function whileMoving(page, event, cell) {
  const own = event.target === cell;
  if (event.key === "F2" || (event.key === "Enter" && own)) act(event, () => begin(page, cell));
  else if (event.key === "Enter" && event.target.matches(".pick")) event.preventDefault();
  else if (event.key === " " && own) act(event, () => cell.parentElement.querySelector(".pick")?.click());
  else if (event.key === "Home" || event.key === "End") act(event, () => focus(edge(cell, event.key === "End")));
  else if (MOVES[event.key]) act(event, () => focus(beside(cell, MOVES[event.key])));
}

function whileEditing(event, cell) {
  const side = event.shiftKey ? -1 : 1;
  if (event.key === "Escape") act(event, () => focus(leave(cell)));
  else if (event.key === "Enter") act(event, () => saveAndGo(cell, [side, 0]));
  else if (event.key === "Tab") act(event, () => saveAndGo(cell, [0, side]));
}

async function saveAndGo(cell, move) {
  const now = await save(cell);
  if (now && closed(now)) focus(beside(now, move) ?? now);
}

function begin(page, cell) {
  if (cell.dataset.field) edit(cell);
  else tell(page, cell.closest("table").dataset.fixed);
}

function act(event, perform) {
  event.preventDefault();
  event.stopPropagation();
  perform();
}

function edge(cell, end) {
  return end ? cell.parentElement.lastElementChild : cell.parentElement.querySelector(".name");
}

function beside(cell, [down, side]) {
  let row = cell.parentElement;
  if (down) do row = down < 0 ? row.previousElementSibling : row.nextElementSibling; while (row?.matches(".group"));
  return row?.matches("[data-id]") ? row.cells[cell.cellIndex + side] : null;
}

function focus(cell) {
  if (!cell) return;
  const inner = cell.matches(".chk, .name") ? cell.querySelector("input, a") : null;
  if (!inner) cell.tabIndex = -1;
  (inner ?? cell).focus();
}
