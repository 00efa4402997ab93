// <file-field>: files are sent as soon as they are chosen or dropped, and the form holds what the server answers.
// A signature is drawn by hand and sent as a picture. Without script the form itself brings what was chosen.

const QUIET = { "Content-Type": "application/octet-stream", Accept: "application/json" };

class FileField extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector(".files");
    this.input.removeAttribute("name");
    this.input.addEventListener("change", () => this.chosen());
    this.append(this.line("small", this.dataset.drop, "muted drop"));
    for (const name of ["dragover", "dragleave", "drop"]) this.addEventListener(name, (event) => this.onDrag(event));
    if (this.dataset.way === "signature") this.pad();
    this.chosen(); // before this script was here
  }

  chosen() {
    this.take([...this.input.files]);
    this.input.value = "";
  }

  onDrag(event) {
    event.preventDefault();
    this.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop") this.take([...event.dataTransfer.files]);
  }

  take(files) {
    const some = this.dataset.several === undefined ? files.slice(0, 1) : files;
    for (const file of some) this.send(file, file.name);
  }

  async send(file, name) {
    const item = this.line("li", "");
    const said = this.line("span", `${name} – ${this.dataset.busy}`);
    said.setAttribute("role", "status");
    item.append(said);
    if (this.dataset.several === undefined) this.list.replaceChildren();
    this.list.append(item);
    const form = this.closest("form");
    if (form) form.dataset.busy = "yes";
    try {
      if (file.size > Number(this.dataset.limit)) throw new Error(this.dataset.large);
      this.hold(item, await this.sent(file, name));
    } catch (error) {
      said.className = "err";
      said.textContent = `${name}: ${error.message || this.dataset.failed}`;
    } finally {
      if (form) delete form.dataset.busy;
    }
  }

  async sent(file, name) {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const address = `${this.dataset.source}?name=${encodeURIComponent(name)}`;
    const answer = await fetch(address, { method: "POST", body: file, headers: { ...QUIET, "X-CSRF-Token": token } });
    if (answer.ok) return answer.json();
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail ?? this.dataset.failed);
  }

  hold(item, { value, name, note, preview }) {
    const label = this.line("label", "", "check");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: this.dataset.name, value, checked: true });
    label.append(box, name, " ", this.line("small", note, "muted num"));
    item.replaceChildren(label);
    if (preview && this.dataset.way !== "file") item.prepend(Object.assign(new Image(96, 96), { src: preview, alt: "", className: "thumb" }));
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  line(kind, text, look = "") {
    return Object.assign(document.createElement(kind), { textContent: text, className: look });
  }

  // Drawing

  pad() {
    const canvas = Object.assign(document.createElement("canvas"), { width: 600, height: 200, className: "pad" });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.dataset.sign);
    const pen = canvas.getContext("2d");
    Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...this.at(canvas, event));
      this.drawn = true;
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      pen.lineTo(...this.at(canvas, event));
      pen.stroke();
    });
    const row = this.line("div", "", "row");
    row.append(this.button(this.dataset.done, () => this.use(canvas)), this.button(this.dataset.clear, () => this.wipe(canvas, pen)));
    this.insertBefore(canvas, this.input);
    canvas.after(row);
  }

  at(canvas, event) {
    const place = canvas.getBoundingClientRect();
    return [((event.clientX - place.left) * canvas.width) / place.width, ((event.clientY - place.top) * canvas.height) / place.height];
  }

  use(canvas) {
    if (this.drawn) canvas.toBlob((picture) => this.send(picture, "signature.png"), "image/png");
  }

  wipe(canvas, pen) {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    this.drawn = false;
  }

  button(text, act) {
    const made = Object.assign(this.line("button", text, "btn sm"), { type: "button" });
    made.addEventListener("click", act);
    return made;
  }
}

customElements.define("file-field", FileField);
