// The command palette: the search box of the top bar, opened anywhere by Ctrl+K or by using the box itself.
// Results come from the server. The arrow keys move the focus from hit to hit; typing goes on in the box.

export function openPalette(page) {
  const dialog = page.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const open = (words = "") => {
    if (!dialog.open) dialog.showModal();
    input.value = words || input.value;
    input.select();
    input.dispatchEvent(new Event("open"));
  };
  page.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.isComposing) {
      event.preventDefault();
      open();
    }
  });
  page.querySelector("[data-palette] input")?.addEventListener("click", (event) => open(event.target.value));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => move(event, dialog, input));
  dialog.addEventListener("submit", (event) => {
    if (event.target.contains(input)) {
      event.preventDefault();
      dialog.querySelector(".hit")?.click();
    } else if (event.target.dataset.preference) dialog.close();
  });
}

function move(event, dialog, input) {
  if (event.isComposing) return;
  // A search input would only empty itself.
  if (event.key === "Escape") return dialog.close();
  const hits = [...dialog.querySelectorAll(".hit")];
  const at = hits.indexOf(dialog.ownerDocument.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && hits.length) {
    event.preventDefault();
    const next = at + step;
    if (at >= 0 && next < 0) input.focus();
    else hits[(next + hits.length) % hits.length].focus();
  } else if (at >= 0 && (event.key.length === 1 || event.key === "Backspace") && event.key !== " " && !event.ctrlKey && !event.metaKey) {
    input.focus();
  }
}
