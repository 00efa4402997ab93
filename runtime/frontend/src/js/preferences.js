// Theme and density: shown at once, remembered in a cookie which the server reads for the next page.
// The buttons belong to plain forms, so they also work without this script.

const YEAR = 31_536_000;
const OTHER = { light: "dark", dark: "light", cozy: "compact", compact: "cozy" };

export function followPreferences(page) {
  page.addEventListener("submit", (event) => {
    const kind = event.target.dataset?.preference;
    if (!kind) return;
    event.preventDefault();
    const value = OTHER[current(page, kind)];
    page.documentElement.dataset[kind] = value;
    event.target.elements[kind].value = OTHER[value];
    const path = event.target.dataset.path || "/";
    page.cookie = `strata_${kind}=${value}; path=${path}; max-age=${YEAR}; samesite=lax`;
  });
}

function current(page, kind) {
  const chosen = page.documentElement.dataset[kind];
  if (chosen) return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
