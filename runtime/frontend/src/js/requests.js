// What every request which htmx sends needs: the CSRF token. One listener, because htmx 4 does not inherit hx-headers.

export function guardRequests(page) {
  const token = page.querySelector('meta[name="csrf-token"]')?.content;
  page.addEventListener("htmx:config:request", (event) => {
    const { request } = event.detail.ctx;
    if (token && request.method.toUpperCase() !== "GET") request.headers["X-CSRF-Token"] = token;
  });
  page.addEventListener("htmx:after:swap", () => {
    const first = page.querySelector(".main [autofocus]") ?? page.querySelector(".main [role=alert][tabindex]");
    if (first && !first.dataset.focused) {
      first.dataset.focused = "yes";
      first.focus();
    }
  });
}
