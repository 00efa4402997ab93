// <date-field>: a calendar in the reader's language around a date input. Phones keep their own picker.
import flatpickr from "flatpickr";
import { MandarinTraditional } from "flatpickr/dist/l10n/zh-tw.js";
import { Mandarin } from "flatpickr/dist/l10n/zh.js";

const TOUCH = "(pointer: coarse)";
const LOCALES = { "zh-CN": Mandarin, "zh-TW": MandarinTraditional };

class DateField extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    if (!input || this.calendar || matchMedia(TOUCH).matches) return;
    const time = input.type === "datetime-local";
    const value = input.value;
    input.type = "text";
    input.value = value.replace("T", " ");
    input.placeholder = time ? "YYYY-MM-DD HH:MM" : "YYYY-MM-DD";
    this.calendar = flatpickr(input, {
      enableTime: time,
      time_24hr: true,
      dateFormat: time ? "Y-m-d H:i" : "Y-m-d",
      allowInput: true,
      disableMobile: true,
      appendTo: this.closest("dialog, [popover]") ?? undefined,
      locale: LOCALES[document.documentElement.lang] ?? { firstDayOfWeek: 1 },
    });
  }

  disconnectedCallback() {
    this.calendar?.destroy();
    this.calendar = null;
  }
}

customElements.define("date-field", DateField);
