// Rich inputs are custom elements around a plain input. Each is fetched when the first one appears, and one which
// arrives in a swapped fragment starts by itself. One that a lost network keeps away comes when there is one again;
// until then its plain input is there.

const PARTS = {
  "lookup-field": () => import("./lookup-field.js"),
  "choices-field": () => import("./choices-field.js"),
  "tags-field": () => import("./choices-field.js"),
  "date-field": () => import("./date-field.js"),
  "file-field": () => import("./file-field.js"),
  "rich-field": () => import("./rich-field.js"),
  "lines-field": () => import("./small-fields.js"),
  "color-field": () => import("./small-fields.js"),
  "json-field": () => import("./small-fields.js"),
};

let styled;

// The look of the rich inputs comes with the first of them.
function style() {
  styled ??= new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = document.querySelector("meta[name=widgets]").content;
    link.onload = done;
    link.onerror = () => { link.remove(); styled = undefined; done(); };
    document.head.append(link);
  });
  return styled;
}

export function upgradeFields(page) {
  const load = () => {
    for (const [name, fetchPart] of Object.entries(PARTS)) {
      if (!customElements.get(name) && page.querySelector(name)) style().then(fetchPart).catch(() => {});
    }
  };
  load();
  page.addEventListener("htmx:after:swap", load);
  page.addEventListener("strata:fields", load);
  addEventListener("online", load);
}
