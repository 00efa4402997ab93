// <rich-field>: text with bold, lists and links around a <textarea> that holds its HTML. The server cleans what
// arrives; without script the textarea takes plain text.
import { Editor } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";

const TOOLS = [
  ["bold", "bold", (edit) => edit.toggleBold()],
  ["italic", "italic", (edit) => edit.toggleItalic()],
  ["heading", "heading", (edit) => edit.toggleHeading({ level: 2 })],
  ["list", "bulletList", (edit) => edit.toggleBulletList()],
  ["list-numbers", "orderedList", (edit) => edit.toggleOrderedList()],
  ["quote", "blockquote", (edit) => edit.toggleBlockquote()],
  ["link", "link", null],
  ["arrow-back-up", "", (edit) => edit.undo()],
  ["arrow-forward-up", "", (edit) => edit.redo()],
];

class RichField extends HTMLElement {
  connectedCallback() {
    const text = this.querySelector("textarea");
    if (!text || this.editor) return;
    this.text = text;
    text.hidden = true;
    const place = document.createElement("div");
    place.className = "rich-edit";
    const bar = document.createElement("div");
    bar.className = "rich-bar";
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", this.dataset.label);
    this.append(bar, place);
    this.editor = new Editor({
      element: place,
      content: text.value,
      injectCSS: false, // the style sheet has what it needs; the page allows no others
      editable: !this.closest("fieldset[disabled]"),
      extensions: [StarterKit.configure({ link: { openOnClick: false } })],
      editorProps: { attributes: { "aria-label": this.dataset.label, role: "textbox", "aria-multiline": "true", class: "rich input" } },
      onUpdate: () => this.collect(),
      onTransaction: () => this.mark(bar),
    });
    this.buttons(bar);
    if (text.autofocus) this.editor.commands.focus();
  }

  disconnectedCallback() {
    this.editor?.destroy();
    this.editor = null;
  }

  set fixed(value) {
    this.editor?.setEditable(!value);
  }

  fill([value]) {
    this.text.value = value;
    this.editor?.commands.setContent(value);
  }

  buttons(bar) {
    const names = this.dataset.tools.split("|");
    const sprite = document.querySelector("svg use").getAttribute("href").split("#")[0];
    TOOLS.forEach(([sign, mark, act], at) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn ghost sm", title: names[at] });
      button.innerHTML = `<svg class="i i-sm" aria-hidden="true"><use href="${sprite}#${sign}"/></svg>`;
      button.setAttribute("aria-label", names[at]);
      if (mark) button.dataset.mark = mark;
      button.addEventListener("click", () => (act ? act(this.editor.chain().focus()).run() : this.link(names[at])));
      bar.append(button);
    });
  }

  link(name) {
    const address = prompt(name, this.editor.getAttributes("link").href ?? "https://");
    const edit = this.editor.chain().focus().extendMarkRange("link");
    if (address) edit.setLink({ href: address }).run();
    else if (address === "") edit.unsetLink().run();
  }

  mark(bar) {
    for (const button of bar.querySelectorAll("[data-mark]")) {
      button.setAttribute("aria-pressed", String(this.editor?.isActive(button.dataset.mark) ?? false));
    }
  }

  collect() {
    this.text.value = this.editor.isEmpty ? "" : this.editor.getHTML();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("rich-field", RichField);
