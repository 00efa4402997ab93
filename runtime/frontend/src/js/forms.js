// Forms of records: conditions answered by the server while one types, rows added and taken away, no form sent
// twice, and the way from a message to its input. What is typed is never replaced.

const PAUSE = 350;
const timers = new WeakMap();

export function tendForms(page) {
  start(page);
  page.addEventListener("htmx:after:swap", () => start(page));
  page.addEventListener("input", (event) => typed(event.target));
  page.addEventListener("change", (event) => typed(event.target));
  page.addEventListener("click", (event) => onClick(event));
  page.addEventListener("submit", (event) => guard(event), true);
  page.addEventListener("htmx:error", (event) => release(event.target));
  page.addEventListener("htmx:response:error", (event) => refused(event));
  addEventListener("pageshow", () => page.querySelectorAll("form[data-busy]").forEach(release));
}

function start(page) {
  for (const form of page.querySelectorAll("form[data-guard]:not([data-started])")) {
    form.dataset.started = "yes";
    const copied = new Set((form.dataset.copied ?? "").split(" "));
    form.automatic = new Map([...filled(form)].filter(([name]) => !copied.has(name)));
    for (const add of form.querySelectorAll("[data-add-row]")) add.hidden = false;
  }
}

// What the inputs hold by name; of several with one name, as of a checkbox and its "no", the last counts.
function filled(form) {
  return new Map([...new FormData(form)].filter(([name]) => !name.startsWith("_")));
}

// Conditions

function typed(target) {
  const form = target?.closest?.("form[data-preview]");
  if (target?.matches?.(".remove input")) target.closest("tr").classList.toggle("gone", target.checked);
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => ask(form), PAUSE));
}

async function ask(form) {
  const values = new FormData(form);
  for (const [name, value] of [...values]) if (value instanceof File) values.delete(name);
  const now = filled(form);
  const automatic = [...form.automatic].filter(([name, value]) => now.get(name) === value).map(([name]) => name);
  values.set("_auto", automatic.join(" "));
  form.asked = (form.asked ?? 0) + 1;
  const turn = form.asked;
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: values, headers: { "HX-Request": "true" } });
    if (answer.ok && turn === form.asked && form.isConnected) show(form, await answer.json());
  } catch {
    // Without an answer the form stays as it is; the save says the rest.
  }
}

function show(form, { fields, sections, values }) {
  for (const [name, state] of Object.entries(fields)) {
    const place = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
    if (place) stand(place, state);
  }
  for (const section of form.querySelectorAll("[data-section]")) {
    section.hidden = sections.includes(section.dataset.section) || !section.querySelector("[data-field]:not([hidden])");
  }
  // What was typed or chosen while the answer was on its way is not automatic any more.
  const now = filled(form);
  for (const [name, value] of Object.entries(values)) if (now.get(name) === form.automatic.get(name)) fill(form, name, value);
}

function stand(place, { visible, required, fixed, options, sign }) {
  place.hidden = !visible;
  const must = place.querySelector(".must");
  if (must) must.hidden = !required;
  const box = place.querySelector("fieldset.plain");
  if (box.disabled !== fixed) {
    box.disabled = fixed;
    const rich = box.querySelector("lookup-field, choices-field, tags-field, rich-field");
    if (rich) rich.fixed = fixed;
  }
  const prefix = sign && box.querySelector(".adorned > span:first-child");
  if (prefix) prefix.textContent = sign;
  const select = options && box.querySelector("select");
  if (select) narrow(select, new Set(options));
}

function narrow(select, offered) {
  for (const option of select.options) {
    const open = !option.value || offered.has(option.value);
    if (!open && option.selected && !select.multiple) select.value = "";
    option.hidden = option.disabled = !open;
  }
}

function fill(form, name, value) {
  const field = form.elements[name];
  const one = field instanceof RadioNodeList ? field[field.length - 1] : field;
  if (!one || one === document.activeElement || one.value === value) return;
  form.automatic.set(name, value);
  const rich = one.closest("lookup-field, tags-field, lines-field, rich-field");
  if (one.type === "checkbox") one.checked = value === "true";
  else if (rich) rich.fill(rich.localName === "tags-field" ? value.split(", ") : [value]);
  else if (field instanceof RadioNodeList) field.value = value;
  else one.value = value;
}

// Rows

function onClick(event) {
  const add = event.target.closest?.("[data-add-row]");
  if (add) addRow(add.closest("[data-rows]"))?.querySelector(".input, .select, .ts-control input")?.focus();
  const said = event.target.closest?.(".notice a[href^='#']");
  if (said) reach(event, document.getElementById(said.hash.slice(1)));
}

export function addRow(table, wanted) {
  const pattern = table.querySelector("template");
  if (!pattern) return null;
  const holder = document.createElement("tbody");
  holder.innerHTML = pattern.innerHTML.replaceAll("KEY", wanted ?? freeKey(table));
  const row = holder.querySelector("tr");
  table.querySelector("tbody").append(row);
  document.dispatchEvent(new Event("strata:fields"));
  return row;
}

function freeKey(table) {
  const taken = [...table.querySelectorAll("tbody [name]")].map((input) => input.name.split(".")[2]);
  let number = taken.length;
  while (taken.includes(`new${number}`)) number += 1;
  return `new${number}`;
}

function reach(event, target) {
  const first = target?.closest(".field, td, [data-rows]")?.querySelector(".ts-control input, input:not([type=hidden], [aria-hidden]), select:not([aria-hidden]), textarea:not([hidden]), [contenteditable]");
  if (!first) return;
  event.preventDefault();
  first.focus();
  first.scrollIntoView({ block: "center" });
}

// Sending

function guard(event) {
  const form = event.target;
  if (!form.matches?.("form[data-guard], form[data-inline], form.stage")) return;
  if (form.dataset.busy) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.busy = "yes";
}

// What was refused comes back as a new form; where the server failed, the form stays with all that is in it.
function refused(event) {
  release(event.target);
  const { ctx } = event.detail;
  if (ctx.response.status < 500 || !event.target.matches?.("form[data-guard], form[data-inline]")) return;
  ctx.swap = "none";
  event.target.ownerDocument.dispatchEvent(new Event("htmx:error"));
}

function release(target) {
  if (target?.dataset?.busy) delete target.dataset.busy;
}
