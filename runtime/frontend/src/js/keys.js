// Keyboard: "/" finds, "n" makes a new record, "e" edits, "c" clones, Ctrl+Enter saves. Never while somebody types or composes.

const SHORTCUTS = { "/": "[data-key=find]", n: "[data-key=new]", e: "[data-key=edit]", c: "[data-key=clone]" };

export function listenForKeys(page) {
  page.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return save(event);
    if (event.ctrlKey || event.metaKey || typing(event.target)) return;
    const wanted = SHORTCUTS[event.key] && page.querySelector(SHORTCUTS[event.key]);
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches("input")) wanted.focus();
    else wanted.click();
  });
}

function save(event) {
  const form = event.target.closest?.("form[method=post]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
}

function typing(element) {
  return element.matches?.("input, select, textarea, [contenteditable]") || Boolean(element.closest?.("dialog[open]"));
}
