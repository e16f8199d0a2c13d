// Leaving the page of an item gives back the place that was kept: others can have the item.
//
//   <form data-leaving="/campaigns/x/items/y/release?turn=1">…csrf…</form>
//
// The turn tells this page from one that was opened since: loading it again keeps the item.
// A form that is sent from the page says itself what becomes of the item.

let sent = false;
document.addEventListener("submit", () => { sent = true; });
document.addEventListener("htmx:afterRequest", () => { sent = false; });

addEventListener("pagehide", () => {
  const form = document.querySelector("form[data-leaving]");
  if (!form || sent) return;
  navigator.sendBeacon(form.dataset.leaving, new FormData(form));
});
