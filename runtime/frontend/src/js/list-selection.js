// Choosing rows: all of the page, a stretch with Shift, all that match; how many are chosen; the dialog of the form
// that changes them.

export function chooseRows(page) {
  let last = null;
  page.addEventListener("click", (event) => {
    const box = event.target.closest?.(".list .pick");
    if (box) last = stretch(rows(page), last, box, event.shiftKey);
    if (event.target.closest?.("[data-clear-selection]")) choose(page, false);
    if (event.target.closest?.("#bulk-dialog [data-close]")) closeDialog(page, event);
  });
  page.addEventListener("change", (event) => {
    if (event.target.matches(".pick-all")) choose(page, event.target.checked);
    if (event.target.matches(".pick, [name=all]")) show(page);
  });
  page.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target?.id === "bulk-body") openDialog(page);
    show(page);
  });
  addEventListener("pageshow", () => show(page));
}

const rows = (page) => [...page.querySelectorAll(".list .pick")];

function stretch(boxes, last, box, shift) {
  if (shift && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
  }
  return box;
}

function choose(page, chosen) {
  rows(page).forEach((box) => (box.checked = chosen));
  const every = page.querySelector("#selection [name=all]");
  if (every && !chosen) every.checked = false;
  show(page);
}

function show(page) {
  const boxes = rows(page);
  const chosen = boxes.filter((box) => box.checked).length;
  const every = page.querySelector("#selection [name=all]");
  if (every) every.closest("label").hidden = chosen < boxes.length;
  if (every && chosen < boxes.length) every.checked = false;
  const count = page.querySelector("[data-selected]");
  if (count) count.textContent = every?.checked ? count.dataset.every : count.dataset.selected.replace("{count}", chosen);
  const single = page.querySelector("[data-single]");
  if (single) {
    single.disabled = chosen > 1;
    single.title = chosen > 1 ? single.dataset.single : "";
  }
  const all = page.querySelector(".list .pick-all");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

function openDialog(page) {
  const dialog = page.getElementById("bulk-dialog");
  if (dialog && !dialog.open) dialog.showModal();
  dialog?.querySelector("[autofocus], [aria-invalid=true]")?.focus();
}

function closeDialog(page, event) {
  event.preventDefault();
  page.getElementById("bulk-dialog").close();
}
