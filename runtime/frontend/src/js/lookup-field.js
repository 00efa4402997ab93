// <lookup-field>: a <select> which searches the server while one types.
// Without script the select offers the first records by title.
import TomSelect from "tom-select/dist/esm/tom-select.js";
import clearButton from "tom-select/dist/esm/plugins/clear_button/plugin.js";

TomSelect.define("clear_button", clearButton);

class LookupField extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    if (!select || this.widget) return;
    const label = this.dataset.label;
    this.widget = new TomSelect(select, {
      valueField: "value",
      labelField: "text",
      searchField: [],
      maxItems: 1,
      maxOptions: 50,
      loadThrottle: 180,
      preload: "focus",
      selectOnTab: true,
      closeAfterSelect: true,
      placeholder: this.dataset.placeholder,
      plugins: { clear_button: { title: this.dataset.clear, html: () => `<span class="clear-button" aria-hidden="true">✕</span>` } },
      shouldLoad: () => true,
      load: (text, done) => this.load(text, done),
      render: {
        option: (item, escape) => `<div>${escape(item.text)}${item.note ? `<small>${escape(item.note)}</small>` : ""}</div>`,
        item: (item, escape) => `<div>${escape(item.text)}</div>`,
        no_results: () => `<div class="no-results">${this.dataset.none}</div>`,
      },
    });
    select.setAttribute("aria-hidden", "true");
    this.widget.control_input.setAttribute("aria-label", label);
    for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
      if (select.hasAttribute(name)) this.widget.control_input.setAttribute(name, select.getAttribute(name));
    }
    if (select.getAttribute("aria-invalid") === "true") this.widget.wrapper.classList.add("invalid-field");
  }

  disconnectedCallback() {
    this.widget?.destroy();
    this.widget = null;
  }

  async load(text, done) {
    try {
      const answer = await fetch(`${this.dataset.source}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
      const { options } = await answer.json();
      this.widget.clearOptions((option) => this.widget.items.includes(String(option.value)));
      done(options);
    } catch {
      done();
    }
  }
}

customElements.define("lookup-field", LookupField);
