// Keys of the item page: 1 yes, 2 no, 3 not sure on the current proposal; 0 not now; Enter or n next; z zoom.
// The current proposal holds the focus, or is the first one that waits for an answer. Silent while one types.

const VERDICTS = ["1", "2", "3"];

function current() {
  const all = [...document.querySelectorAll(".proposal:has(.vote)")];
  return all.find((one) => one.contains(document.activeElement)) ?? all.find((one) => !one.querySelector("[aria-pressed=true]"));
}

function mark() {
  const now = current();
  for (const one of document.querySelectorAll(".proposal")) one.classList.toggle("current", one === now);
}

function busy(target) {
  return target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat || busy(event.target)) return;
  // Enter presses what has the focus; only where nothing has, it means Next.
  if (event.key === "Enter" && event.target.closest("a, button, summary, [tabindex]:not([tabindex='-1'])")) return;
  const scope = VERDICTS.includes(event.key) ? current() : document;
  const button = [...(scope?.querySelectorAll("[data-key]") ?? [])].find((one) => one.dataset.key.split(" ").includes(event.key.length === 1 ? event.key.toLowerCase() : event.key));
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});

document.addEventListener("focusin", mark);
document.addEventListener("focusout", () => requestAnimationFrame(mark));
document.addEventListener("htmx:afterSettle", mark);
mark();
