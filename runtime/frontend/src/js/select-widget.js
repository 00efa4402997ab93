// What every <select> or <input> with a search, chips or remote options shares: Tom Select, its names for assistive
// technology, and the ways in which a form reads it, fills it and closes it.
import TomSelect from "tom-select/dist/esm/tom-select.js";
import clearButton from "tom-select/dist/esm/plugins/clear_button/plugin.js";
import removeButton from "tom-select/dist/esm/plugins/remove_button/plugin.js";

TomSelect.define("clear_button", clearButton);
TomSelect.define("remove_button", removeButton);

export class SelectWidget extends HTMLElement {
  connectedCallback() {
    const control = this.querySelector("select, input");
    if (!control || this.widget) return;
    this.widget = new TomSelect(control, { selectOnTab: true, onChange: () => announce(control), ...this.options(control) });
    control.setAttribute("aria-hidden", "true");
    const typed = this.widget.control_input;
    typed.setAttribute("aria-label", this.dataset.label);
    for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
      if (control.hasAttribute(name)) typed.setAttribute(name, control.getAttribute(name));
    }
    if (control.getAttribute("aria-invalid") === "true") this.widget.wrapper.classList.add("invalid-field");
    if (this.closest("fieldset[disabled]")) this.widget.disable();
    if (control.autofocus && this.closest("form")?.contains(document.activeElement ?? null) !== true) typed.focus();
  }

  disconnectedCallback() {
    this.widget?.destroy();
    this.widget = null;
  }

  // A form's conditions and drafts speak to the widget through these two.
  set fixed(value) {
    if (value) this.widget?.disable();
    else this.widget?.enable();
  }

  fill(values, texts = []) {
    values.forEach((value, at) => value && this.widget?.addOption({ value, text: texts[at] ?? value }));
    this.widget?.setValue(values.filter(Boolean), true);
  }

  remover() {
    return { remove_button: { title: this.dataset.remove, label: "×" } };
  }
}

// Tom Select changes the control without telling the form.
function announce(control) {
  control.dispatchEvent(new Event("input", { bubbles: true }));
}
