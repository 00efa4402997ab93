// The script of every page. Pages show their data without it; it adds what HTML alone cannot do.
import "htmx.org/dist/htmx.esm.js";
import { guardRequests } from "./requests.js";
import { followPreferences } from "./preferences.js";
import { placeMenus } from "./menus.js";
import { openPalette } from "./palette.js";
import { listenForKeys } from "./keys.js";
import { keepDrafts } from "./drafts.js";
import { dismissToasts } from "./toasts.js";
import { upgradeFields } from "./fields.js";
import { tendRecords } from "./record.js";
import { tendForms } from "./forms.js";

guardRequests(document);
followPreferences(document);
placeMenus(document);
openPalette(document);
listenForKeys(document);
// What a form was filled with by itself is noted before a draft is put into it: the draft was typed.
tendForms(document);
keepDrafts(document);
dismissToasts(document);
upgradeFields(document);
tendRecords(document);

for (const step of document.querySelectorAll(".path [aria-current]")) {
  step.closest("ol").scrollLeft = step.offsetLeft - step.offsetWidth / 2;
}
