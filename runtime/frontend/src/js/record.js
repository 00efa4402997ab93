// The record page: which sections are open is remembered; a value edited in place is saved by Enter, left by Escape.

const YEAR = 31_536_000;
const MOST = 60;

export function tendRecords(page) {
  page.addEventListener("click", (event) => {
    const section = event.target.closest?.("summary")?.closest("[data-fold]");
    if (section) remember(page, section.dataset.fold, !section.open);
  });
  page.addEventListener("keydown", leaveOrSave);
  page.addEventListener("htmx:before:request", (event) => {
    if (event.target.matches?.("form[data-inline]")) event.target.closest(".f")?.removeAttribute("hx-morph-skip");
  });
  page.addEventListener("htmx:after:swap", () => agreeOnVersion(page));
}

// The cookie is read by the server: the next page comes with the same sections open.
function remember(page, fold, open) {
  const kept = (page.cookie.match(/(?:^|; )strata_folds=([^;]*)/)?.[1] ?? "").split("!").filter(Boolean);
  const others = kept.filter((one) => one.slice(1) !== fold);
  const value = [...others, `${open ? "+" : "-"}${fold}`].slice(-MOST).join("!");
  const path = page.getElementById("record")?.dataset.path ?? "/";
  page.cookie = `strata_folds=${value}; path=${path}; max-age=${YEAR}; samesite=lax`;
}

function leaveOrSave(event) {
  const form = event.target.closest?.("form[data-inline]");
  if (!form || event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape") {
    event.preventDefault();
    form.querySelector("[data-cancel]").click();
  } else if (event.key === "Enter" && event.target.matches("select, input[type=checkbox], input[type=radio]")) {
    event.preventDefault();
    form.requestSubmit();
  }
}

// Another value may still be open when one is saved: it goes on from the version that this save made.
function agreeOnVersion(page) {
  const version = page.getElementById("record")?.dataset.version;
  if (!version) return;
  for (const input of page.querySelectorAll("#record form [name=_version]")) input.value = version;
}
