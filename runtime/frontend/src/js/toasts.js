// A message at the foot leaves after a while, unless somebody is about to use its button.
// Also says when the network is away: what is typed stays in the page until it is back.

const STAY = 7000;

export function dismissToasts(page) {
  page.querySelectorAll(".toast").forEach(dismiss);
  addEventListener("offline", () => say(page, "offline"));
  addEventListener("online", () => say(page, "online"));
  page.addEventListener("htmx:error", () => say(page, navigator.onLine ? "failed" : "offline"));
}

function say(page, kind) {
  tell(page, page.querySelector(".toasts")?.dataset[kind]);
}

export function tell(page, text) {
  const place = page.querySelector(".toasts");
  if (!text || !place || [...place.children].some((toast) => toast.textContent === text)) return;
  const toast = page.createElement("div");
  toast.className = "toast";
  toast.textContent = text;
  place.append(toast);
  dismiss(toast);
}

function dismiss(toast) {
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, STAY) : toast.remove());
  setTimeout(leave, STAY);
}
