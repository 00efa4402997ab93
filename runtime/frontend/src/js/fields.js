// Rich inputs are custom elements around a plain input. Each is fetched when the first one appears, and one which
// arrives in a swapped fragment starts by itself. One that a lost network keeps away comes when there is one again;
// until then its plain input is there.

const PARTS = {
  "lookup-field": () => import("./lookup-field.js"),
  "choices-field": () => import("./choices-field.js"),
  "tags-field": () => import("./choices-field.js"),
  "date-field": () => import("./date-field.js"),
  "rich-field": () => import("./rich-field.js"),
  "lines-field": () => import("./small-fields.js"),
  "color-field": () => import("./small-fields.js"),
  "json-field": () => import("./small-fields.js"),
};

export function upgradeFields(page) {
  const load = () => {
    for (const [name, fetchPart] of Object.entries(PARTS)) {
      if (!customElements.get(name) && page.querySelector(name)) fetchPart().catch(() => {});
    }
  };
  load();
  page.addEventListener("htmx:after:swap", load);
  page.addEventListener("strata:fields", load);
  addEventListener("online", load);
}
