// The menus of a list: the form of a filter opens beside its chip, fields are found by typing, columns move.

export function openMenus(page) {
  page.addEventListener("click", (event) => {
    const back = event.target.closest?.("#filter-menu [data-filter-back]");
    if (back) showFields(page, event);
    const mover = event.target.closest?.(".columns [name=up], .columns [name=down]");
    if (mover) move(event, mover.closest("li"), mover.name === "up" ? -1 : 1, mover);
  });
  page.addEventListener("keydown", (event) => {
    const item = event.target.closest?.(".columns li");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (item && step && event.altKey) move(event, item, step, event.target);
  }, true);
  page.addEventListener("htmx:after:swap", (event) => openBeside(page, event.detail.ctx));
  page.addEventListener("toggle", (event) => {
    if (event.target.id === "filter-menu" && event.newState === "closed") forget(page, event.target);
  }, true);
  page.addEventListener("input", (event) => event.target.matches?.("[data-narrow]") && narrow(event.target));
}

function openBeside(page, { sourceElement, target }) {
  const menu = sourceElement.dataset?.opens && page.getElementById(sourceElement.dataset.opens);
  if (!menu || target?.id !== "filter-form") return;
  menu.opener = sourceElement.closest(".chip");
  if (!menu.matches(":popover-open")) menu.showPopover();
}

function forget(page, menu) {
  menu.opener = null;
  page.getElementById("filter-form")?.replaceChildren();
}

function showFields(page, event) {
  event.preventDefault();
  page.getElementById("filter-form").replaceChildren();
  page.querySelector("#filter-fields input, #filter-fields a")?.focus();
}

function narrow(input) {
  const words = input.value.trim().toLowerCase();
  for (const item of input.parentElement.querySelectorAll(".item")) {
    item.hidden = !item.textContent.toLowerCase().includes(words);
  }
}

function move(event, item, step, focused) {
  event.preventDefault();
  event.stopPropagation();
  const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other || other.matches(":first-child")) return;
  if (step < 0) other.before(item);
  else other.after(item);
  focused.focus();
}
