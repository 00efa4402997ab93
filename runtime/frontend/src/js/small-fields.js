// <lines-field>: a text of several lines as one input for each. <color-field>: a color as digits and as a picker.
// <json-field>: says while one leaves it whether the text is JSON. Without script each is its plain input.

class LinesField extends HTMLElement {
  connectedCallback() {
    const text = this.querySelector("textarea");
    if (!text || this.rows) return;
    this.text = text;
    text.hidden = true;
    this.rows = document.createElement("div");
    this.rows.className = "lines";
    const add = document.createElement("button");
    add.type = "button";
    add.className = "btn ghost sm";
    add.textContent = `＋ ${this.dataset.add}`;
    add.addEventListener("click", () => this.line("").focus());
    this.append(this.rows, add);
    this.fill([text.value]);
    this.addEventListener("keydown", (event) => this.onKey(event));
    if (text.autofocus) this.rows.querySelector("input").focus();
  }

  fill([value]) {
    this.rows.replaceChildren();
    this.text.value = value;
    const lines = value.split("\n").filter(Boolean);
    (lines.length ? lines : [""]).forEach((one) => this.line(one));
  }

  line(value) {
    const row = document.createElement("div");
    row.className = "row";
    const input = document.createElement("input");
    Object.assign(input, { className: "input", type: this.dataset.type, value, autocomplete: "off" });
    input.setAttribute("aria-label", `${this.dataset.label} ${this.rows.children.length + 1}`);
    if (this.dataset.limit) input.maxLength = Number(this.dataset.limit);
    if (this.text.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
    input.addEventListener("input", () => this.collect());
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "btn ghost icon", textContent: "✕" });
    remove.setAttribute("aria-label", this.dataset.remove);
    remove.addEventListener("click", () => this.remove_(row));
    row.append(input, remove);
    this.rows.append(row);
    return input;
  }

  remove_(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("input") ?? this.line("")).focus();
    this.collect();
  }

  onKey(event) {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || !event.target.matches(".input")) return;
    event.preventDefault();
    event.stopPropagation();
    this.line("").focus();
  }

  collect() {
    this.text.value = [...this.rows.querySelectorAll("input")].map((input) => input.value.trim()).filter(Boolean).join("\n");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

class ColorField extends HTMLElement {
  connectedCallback() {
    const [text, picker] = this.querySelectorAll("input");
    picker?.addEventListener("input", () => {
      text.value = picker.value;
    });
    text?.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value;
    });
  }
}

class JsonField extends HTMLElement {
  connectedCallback() {
    const text = this.querySelector("textarea");
    try {
      if (text.value) text.value = JSON.stringify(JSON.parse(text.value), null, 2);
    } catch {
      // What is no JSON stays as it was typed.
    }
    text.addEventListener("change", () => this.check(text));
  }

  check(text) {
    this.querySelector(".err")?.remove();
    try {
      if (text.value.trim()) JSON.parse(text.value);
      text.removeAttribute("aria-invalid");
    } catch (error) {
      const said = document.createElement("span");
      said.className = "err";
      said.setAttribute("role", "status");
      said.textContent = `${this.dataset.refused}: ${error.message}`;
      text.setAttribute("aria-invalid", "true");
      this.append(said);
    }
  }
}

customElements.define("lines-field", LinesField);
customElements.define("color-field", ColorField);
customElements.define("json-field", JsonField);
