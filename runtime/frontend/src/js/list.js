// The script of a list: choosing rows, the table by keyboard, the menus of filters and columns. Each part stands alone.
import { chooseRows } from "./list-selection.js";
import { openTable } from "./list-table.js";
import { openMenus } from "./list-menus.js";
import { tell } from "./toasts.js";

chooseRows(document);
openTable(document);
openMenus(document);

// What is refused keeps the rows that are there; the message comes at the foot.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx.response?.status >= 400 && ctx.target?.matches?.("#list, .more, #filter-form")) {
    event.preventDefault();
    tell(document, document.querySelector("[data-failed]")?.dataset.failed);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-auto-submit]")) event.target.form.requestSubmit();
});
