// One cell while it is edited: fetched, saved, given up. What it showed before waits here until the save is through.
import { tell } from "./toasts.js";

const HEADERS = { "HX-Request": "true", Accept: "text/html" };
const shown = new WeakMap();
const saving = new WeakMap();

export const closed = (cell) => !cell.querySelector(".cell-edit");

export async function edit(cell) {
  if (cell.getAttribute("aria-busy")) return;
  cell.setAttribute("aria-busy", "true");
  const answer = await ask(cell, { headers: HEADERS });
  cell.removeAttribute("aria-busy");
  if (!answer?.html.includes("cell-edit")) return fail(cell, answer);
  shown.set(cell, { nodes: [...cell.childNodes], was: null });
  put(cell, answer.html);
  shown.get(cell).was = typed(cell);
}

// Resolves to the cell that stands there now, or to null when it is still being edited or its row is gone.
export function save(cell) {
  if (!saving.has(cell)) saving.set(cell, post(cell).finally(() => saving.delete(cell)));
  return saving.get(cell);
}

export function leave(cell) {
  if (!shown.has(cell)) return cell;
  cell.classList.remove("editing");
  const { nodes } = shown.get(cell);
  shown.delete(cell);
  cell.replaceChildren(...nodes);
  return cell;
}

async function post(cell) {
  const form = cell.querySelector(".cell-edit");
  if (!form || !shown.has(cell)) return cell;
  if (typed(cell) === shown.get(cell).was) return leave(cell);
  const body = new URLSearchParams(new FormData(form));
  form.setAttribute("aria-busy", "true");
  const answer = await ask(cell, { method: "POST", headers: HEADERS, body });
  form.removeAttribute("aria-busy");
  if (answer?.status === 200) return replaceRow(cell, answer.html);
  if (answer?.html.includes("cell-edit")) put(cell, answer.html);
  else fail(cell, answer);
  return null;
}

function replaceRow(cell, html) {
  const row = cell.parentElement;
  const page = cell.ownerDocument;
  const made = page.createElement("template");
  made.innerHTML = `<table><tbody>${html}</tbody></table>`;
  const next = made.content.querySelector("tr");
  if (!next) {
    tell(page, cell.closest("table").dataset.gone);
    row.remove();
    return null;
  }
  const { cellIndex } = cell;
  const box = row.querySelector(".pick");
  if (box) next.querySelector(".pick").checked = box.checked;
  shown.delete(cell);
  row.replaceWith(next);
  return next.cells[cellIndex];
}

async function ask(cell, options) {
  const { cells, query } = cell.closest("table").dataset;
  try {
    const answer = await fetch(`${cells}/${cell.parentElement.dataset.id}/cell/${cell.dataset.field}${query}`, options);
    return { status: answer.status, html: await answer.text() };
  } catch {
    return null;
  }
}

function put(cell, html) {
  const page = cell.ownerDocument;
  const made = page.createElement("template");
  made.innerHTML = html;
  cell.classList.add("editing");
  cell.replaceChildren(page.importNode(made.content, true));
  page.dispatchEvent(new Event("strata:fields"));
  const lookup = cell.querySelector("lookup-field");
  if (lookup) customElements.whenDefined("lookup-field").then(() => lookup.widget?.focus());
  else cell.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  cell.querySelector("input.input")?.select?.();
}

function typed(cell) {
  const form = cell.querySelector(".cell-edit");
  return [...new FormData(form)].filter(([name]) => !name.startsWith("_")).map(([, value]) => value).join("\n");
}

function fail(cell, answer) {
  const made = cell.ownerDocument.createElement("template");
  made.innerHTML = answer?.html ?? "";
  const said = [...made.content.querySelectorAll("h1, p")].map((part) => part.textContent).join(" ");
  tell(cell.ownerDocument, said || cell.closest("table").dataset.failed);
}
