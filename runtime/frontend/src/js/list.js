// The list page: select all, how many are selected, a filter's value field that fits the chosen field,
// and arrow keys from row to row.

const rows = () => [...document.querySelectorAll(".list .pick")];

function showCount() {
  const boxes = rows();
  const chosen = boxes.filter((box) => box.checked).length;
  const count = document.querySelector("[data-selected]");
  if (count) count.textContent = count.dataset.selected.replace("{count}", chosen);
  const all = document.querySelector(".list .pick-all");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

let last = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest?.(".pick");
  if (!box) return;
  const boxes = rows();
  if (event.shiftKey && last && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
  }
  last = box;
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".pick-all")) rows().forEach((box) => (box.checked = event.target.checked));
  if (event.target.matches(".pick, .pick-all")) showCount();
  if (event.target.matches("[data-auto-submit]")) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-clear-selection]")) return;
  rows().forEach((box) => (box.checked = false));
  showCount();
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest?.(".list tbody tr");
  if (!step || !row || event.isComposing) return;
  const kind = event.target.matches(".pick") ? ".pick" : ".name a";
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  const target = next?.querySelector(kind);
  if (!target) return;
  event.preventDefault();
  target.focus();
});

document.addEventListener("htmx:after:swap", showCount);
addEventListener("pageshow", showCount);
