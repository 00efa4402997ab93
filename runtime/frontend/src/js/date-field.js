// <date-field>: a calendar in the reader's language around a date input. Phones keep their own picker.
import flatpickr from "flatpickr";
import { MandarinTraditional } from "flatpickr/dist/l10n/zh-tw.js";
import { Mandarin } from "flatpickr/dist/l10n/zh.js";

const TOUCH = "(pointer: coarse)";
const LOCALES = { "zh-CN": Mandarin, "zh-TW": MandarinTraditional };
const FORMS = {
  date: { looks: "YYYY-MM-DD", options: { dateFormat: "Y-m-d" } },
  "datetime-local": { looks: "YYYY-MM-DD HH:MM", options: { dateFormat: "Y-m-d H:i", enableTime: true } },
  time: { looks: "HH:MM", options: { dateFormat: "H:i", enableTime: true, noCalendar: true } },
};

class DateField extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    if (!input || this.calendar || matchMedia(TOUCH).matches) return;
    const form = FORMS[input.type];
    const value = input.value;
    input.type = "text";
    input.value = value.replace("T", " ");
    input.placeholder = form.looks;
    this.calendar = flatpickr(input, {
      ...form.options,
      time_24hr: true,
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
