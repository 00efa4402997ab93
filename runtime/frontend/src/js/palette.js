// The command palette: the search box of the top bar, opened anywhere by Ctrl+K. Results come from the server.

export function openPalette(page) {
  const dialog = page.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  page.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.isComposing) {
      event.preventDefault();
      if (!dialog.open) dialog.showModal();
      input.select();
    }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => move(event, dialog));
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    (marked(dialog) ?? dialog.querySelector(".found a"))?.click();
  });
}

function marked(dialog) {
  return dialog.querySelector(".found a.now");
}

function move(event, dialog) {
  // A search input would only empty itself.
  if (event.key === "Escape" && !event.isComposing) return dialog.close();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.isComposing) return;
  event.preventDefault();
  const links = [...dialog.querySelectorAll(".found a")];
  if (!links.length) return;
  const at = links.indexOf(marked(dialog));
  links[at]?.classList.remove("now");
  const next = links[(at + step + links.length) % links.length];
  next.classList.add("now");
  next.scrollIntoView({ block: "nearest" });
}
