// A message at the foot leaves after a while, unless somebody is about to use its button.

const STAY = 7000;

export function dismissToasts(page) {
  for (const toast of page.querySelectorAll(".toast")) {
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, STAY) : toast.remove());
    setTimeout(leave, STAY);
  }
}
