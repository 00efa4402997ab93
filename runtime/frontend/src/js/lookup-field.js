// <lookup-field>: a <select> which searches the server while one types, and makes what it does not find.
import { SelectWidget } from "./select-widget.js";
import { createInDialog } from "./create-dialog.js";

const CREATE = "+";

class LookupField extends SelectWidget {
  options(select) {
    return {
      valueField: "value",
      labelField: "text",
      searchField: [],
      maxItems: select.multiple ? null : 1,
      maxOptions: 50,
      loadThrottle: 180,
      preload: "focus",
      closeAfterSelect: !select.multiple,
      hidePlaceholder: true,
      placeholder: this.dataset.placeholder,
      plugins: select.multiple ? this.remover() : { clear_button: { title: this.dataset.clear, html: () => `<span class="clear-button" aria-hidden="true">✕</span>` } },
      shouldLoad: () => true,
      load: (text, done) => this.load(text, done),
      onItemAdd: (value) => value === CREATE && this.create(),
      render: {
        option: (item, escape) => `<div${item.value === CREATE ? ' class="make"' : ""}>${escape(item.text)}${item.note ? `<small>${escape(item.note)}</small>` : ""}</div>`,
        item: (item, escape) => `<div>${escape(item.text)}</div>`,
        no_results: () => `<div class="no-results">${this.dataset.none}</div>`,
      },
    };
  }

  async load(text, done) {
    const among = this.parentElement.querySelector("[data-among]")?.value ?? "";
    try {
      const query = new URLSearchParams({ q: text, in: among });
      const answer = await fetch(`${this.dataset.source}?${query}`, { headers: { Accept: "application/json" } });
      const { options } = await answer.json();
      this.widget.clearOptions((option) => this.widget.items.includes(String(option.value)));
      done(this.dataset.create ? [...options, { value: CREATE, text: `＋ ${this.dataset.createLabel}` }] : options);
    } catch {
      done();
    }
  }

  async create() {
    const words = this.widget.lastQuery ?? "";
    this.widget.removeItem(CREATE, true);
    const made = await createInDialog(this.dataset.create, this.dataset.close, words);
    if (made) {
      this.widget.addOption(made);
      this.widget.addItem(made.value);
    }
    this.widget.focus();
  }
}

customElements.define("lookup-field", LookupField);

// Another kind of record chosen: what was found before belongs to the old one.
document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-among]")) return;
  const { widget } = event.target.parentElement.querySelector("lookup-field") ?? {};
  widget?.clear();
  widget?.clearOptions();
  widget?.load("");
});
