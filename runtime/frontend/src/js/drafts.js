// A half-filled form survives a reload: its values wait in this tab's session storage until it is saved or discarded.
// Leaving a page with unsaved values asks first.
import { addRow } from "./forms.js";

const PREFIX = "strata-draft:";

export function keepDrafts(page) {
  restoreIn(page);
  page.addEventListener("htmx:after:swap", () => restoreIn(page));
  page.addEventListener("input", (event) => remember(event.target.closest?.("form[data-draft]")));
  page.addEventListener("change", (event) => remember(event.target.closest?.("form[data-draft]")));
  page.addEventListener("submit", (event) => event.target.matches?.("form[data-draft]") && (event.target.dataset.dirty = ""));
  page.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-discard], [data-leave]");
    if (button) forget(button.closest("form"), button.matches("[data-discard]"));
  });
  addEventListener("beforeunload", (event) => {
    if (page.querySelector('form[data-draft][data-dirty="yes"]')) event.preventDefault();
  });
  const saved = page.querySelector("[data-draft-saved]")?.dataset.draftSaved;
  if (saved) sessionStorage.removeItem(PREFIX + saved);
}

function restoreIn(page) {
  for (const form of page.querySelectorAll("form[data-draft]:not([data-restored])")) {
    form.dataset.restored = "yes";
    const refused = form.hasAttribute("data-refused");
    if (refused) form.dataset.dirty = "yes";
    const kept = refused ? null : sessionStorage.getItem(PREFIX + form.dataset.draft);
    if (kept) fill(form, JSON.parse(kept));
  }
}

// Names and values as the form would send them; of a select what its options are called, since a search found them.
function remember(form) {
  if (!form || form.dataset.busy) return;
  const values = [...new FormData(form)].filter(([name, value]) => !name.startsWith("_") && typeof value === "string");
  const called = {};
  for (const select of form.querySelectorAll("select")) {
    for (const option of select.selectedOptions) if (option.value) called[option.value] = option.text;
  }
  sessionStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify({ version: form.elements._version?.value, values, called }));
  form.dataset.dirty = "yes";
}

function fill(form, kept) {
  if (kept.version !== form.elements._version?.value) return sessionStorage.removeItem(PREFIX + form.dataset.draft);
  const byName = new Map();
  for (const [name, value] of kept.values) byName.set(name, [...(byName.get(name) ?? []), value]);
  for (const [name, values] of byName) {
    if (!form.elements[name]) addMissing(form, name);
    put(form.elements[name], values, kept.called ?? {});
  }
  form.dataset.dirty = "yes";
  form.querySelector("[data-draft-notice]")?.removeAttribute("hidden");
}

function addMissing(form, name) {
  const [rows, table, key] = name.split(".");
  const place = rows === "rows" && form.querySelector(`[data-rows="${CSS.escape(table)}"]`);
  if (place) addRow(place, key);
}

function put(field, values, called) {
  const controls = field instanceof RadioNodeList ? [...field] : [field].filter(Boolean);
  const last = values[values.length - 1];
  for (const control of controls) {
    if (control.type === "hidden") continue;
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else if (control.tagName === "SELECT") choose(control, values, called);
    else control.value = last;
  }
}

function choose(select, values, called) {
  for (const value of values) {
    if (value && ![...select.options].some((option) => option.value === value)) select.add(new Option(called[value] ?? value, value));
  }
  for (const option of select.options) option.selected = values.includes(option.value);
}

function forget(form, reload) {
  sessionStorage.removeItem(PREFIX + form.dataset.draft);
  form.dataset.dirty = "";
  if (reload) location.reload();
}
