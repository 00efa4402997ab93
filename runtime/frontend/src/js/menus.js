// Puts an opened popover beside the button which opened it; on a phone the style sheet puts it at the foot.

const GAP = 4;
const EDGE = 8;

export function placeMenus(page) {
  page.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.matches?.(".menu")) return;
    const opener = menu.opener ?? page.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    if (opener) place(menu, opener.getBoundingClientRect());
    const first = [...menu.querySelectorAll("a, input:not([type=hidden]), select, button")].find((part) => part.checkVisibility());
    (menu.querySelector("[autofocus]") ?? first)?.focus();
  }, true);
  page.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".menu");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!menu || !step || event.isComposing || event.target.matches("select, textarea")) return;
    const items = [...menu.querySelectorAll(".item")];
    if (!items.length) return;
    event.preventDefault();
    items[(items.indexOf(page.activeElement) + step + items.length) % items.length].focus();
  });
}

function place(menu, box) {
  const width = menu.offsetWidth;
  const left = Math.max(EDGE, Math.min(box.left, innerWidth - width - EDGE));
  const below = box.bottom + GAP;
  const top = below + menu.offsetHeight > innerHeight ? Math.max(EDGE, box.top - menu.offsetHeight - GAP) : below;
  menu.style.setProperty("--menu-left", `${left}px`);
  menu.style.setProperty("--menu-right", "auto");
  menu.style.setProperty("--menu-top", `${top}px`);
}
