// Theme and density: shown at once, remembered in a cookie which the server reads for the next page.
// The buttons belong to plain forms, so they also work without this script.

const YEAR = 31_536_000;
const DEVICE = "system";

export function followPreferences(page) {
  page.addEventListener("submit", (event) => {
    const kind = event.target.dataset?.preference;
    const button = event.submitter;
    if (!kind || !button) return;
    event.preventDefault();
    const value = "toggle" in button.dataset ? (isDark(page) ? "light" : "dark") : button.value;
    choose(page, kind, value, event.target.dataset.path || "/");
  });
}

function choose(page, kind, value, path) {
  const none = value === DEVICE;
  if (none) delete page.documentElement.dataset[kind];
  else page.documentElement.dataset[kind] = value;
  page.cookie = `strata_${kind}=${none ? "" : value}; path=${path}; max-age=${none ? 0 : YEAR}; samesite=lax`;
  for (const button of page.querySelectorAll(`[data-preference="${kind}"] button[aria-pressed]`)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}

function isDark(page) {
  const chosen = page.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
