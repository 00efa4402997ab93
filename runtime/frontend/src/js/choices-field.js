// <choices-field>: several options of a list as chips. <tags-field>: words of one's own, parted by commas.
import { SelectWidget } from "./select-widget.js";

class ChoicesField extends SelectWidget {
  options() {
    return {
      plugins: this.remover(),
      hidePlaceholder: true,
      render: { no_results: () => `<div class="no-results">${this.dataset.none}</div>` },
    };
  }
}

class TagsField extends SelectWidget {
  options() {
    return {
      plugins: this.remover(),
      create: true,
      createOnBlur: true,
      persist: false,
      delimiter: ",",
      splitOn: /[,;，、；]/,
      render: { option_create: (item, escape) => `<div class="create">${this.dataset.createLabel} <b>${escape(item.input)}</b></div>`, no_results: null },
    };
  }
}

customElements.define("choices-field", ChoicesField);
customElements.define("tags-field", TagsField);
