// Rich inputs are custom elements around a plain input. Each is fetched when the first one appears, and one which
// arrives in a swapped fragment starts by itself.

const PARTS = {
  "lookup-field": () => import("./lookup-field.js"),
  "date-field": () => import("./date-field.js"),
};

export function upgradeFields(page) {
  const load = () => {
    for (const [name, fetchPart] of Object.entries(PARTS)) {
      if (!customElements.get(name) && page.querySelector(name)) fetchPart();
    }
  };
  load();
  page.addEventListener("htmx:after:swap", load);
}
