// The form of a campaign: each question shows what matters to the kind of answer that is chosen.
// Without this script all of it is there.

function show(parts, isMeant) {
  for (const part of parts) part.hidden = !isMeant(part);
}

function fit(question) {
  const kind = question.querySelector("[data-kinds]").selectedOptions[0];
  const used = new Set(kind.dataset.uses.split(" "));
  show(question.querySelectorAll(":scope > [data-uses]"), (part) => used.has(part.dataset.uses));
  question.querySelector("span[data-comment]").textContent = kind.dataset.comment;
  const hints = [...question.querySelectorAll("[data-for]")];
  const isKnown = hints.some((hint) => hint.dataset.for === kind.value);
  show(hints, (hint) => hint.dataset.for === kind.value || (!isKnown && hint === hints[0]));
}

for (const question of document.querySelectorAll("[data-question]")) {
  question.querySelector("[data-kinds]").addEventListener("change", () => fit(question));
  fit(question);
}
