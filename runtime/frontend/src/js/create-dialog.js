// The form for a new record in a dialog over another form. Answers with the record as an option, or nothing.
export function createInDialog(address, close, words) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.innerHTML = '<div class="dialog-head"><button class="btn ghost icon" type="button" data-close>✕</button></div><div class="dialog-body"></div>';
  dialog.querySelector("[data-close]").setAttribute("aria-label", close);
  document.body.append(dialog);
  return new Promise((answer) => {
    let made = null;
    dialog.addEventListener("strata:created", (event) => {
      made = event.detail;
      dialog.close();
    });
    dialog.addEventListener("click", (event) => event.target.closest("[data-close]") && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(made?.value ? { value: made.value, text: made.text } : null);
    });
    dialog.showModal();
    open(dialog, address, words);
  });
}

async function open(dialog, address, words) {
  const body = dialog.querySelector(".dialog-body");
  await window.htmx.ajax("GET", `${address}?dialog=1`, { target: body, swap: "innerHTML" });
  const first = body.querySelector("input.input:not([type=hidden])");
  if (first && !first.value) first.value = words;
  first?.focus();
}
