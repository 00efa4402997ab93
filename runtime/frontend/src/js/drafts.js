// A half-filled form survives a reload: its values wait in this tab's session storage until it is saved or discarded.
// Leaving a page with unsaved values asks first.

const PREFIX = "strata-draft:";

export function keepDrafts(page) {
  restoreIn(page);
  page.addEventListener("htmx:after:swap", () => restoreIn(page));
  page.addEventListener("input", (event) => remember(event.target.closest?.("form[data-draft]")));
  page.addEventListener("change", (event) => remember(event.target.closest?.("form[data-draft]")));
  page.addEventListener("submit", (event) => event.target.matches?.("form[data-draft]") && (event.target.dataset.dirty = ""));
  page.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-discard]");
    if (button) forget(button.closest("form"));
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
    const kept = form.hasAttribute("data-refused") ? null : sessionStorage.getItem(PREFIX + form.dataset.draft);
    if (kept) fill(form, JSON.parse(kept));
  }
}

function remember(form) {
  if (!form) return;
  const values = [...new FormData(form)].filter(([name, value]) => !name.startsWith("_") && typeof value === "string");
  sessionStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify({ version: form.elements._version?.value, values }));
  form.dataset.dirty = "yes";
}

function fill(form, kept) {
  if (kept.version !== form.elements._version?.value) return sessionStorage.removeItem(PREFIX + form.dataset.draft);
  for (const [name, value] of kept.values) {
    const field = form.elements[name];
    const one = field instanceof RadioNodeList ? field[field.length - 1] : field;
    if (one?.type === "checkbox") one.checked = value === one.value;
    else if (one?.tagName === "SELECT" && ![...one.options].some((option) => option.value === value)) continue;
    else if (one) one.value = value;
  }
  form.dataset.dirty = "yes";
  form.querySelector("[data-draft-notice]")?.removeAttribute("hidden");
}

function forget(form) {
  sessionStorage.removeItem(PREFIX + form.dataset.draft);
  form.dataset.dirty = "";
  location.reload();
}
