// The page of an item: which proposal the keys are about, the way from question to question, the language of
// the metadata, the way back to the list. Without this script everything is there, one below the other.

import { register } from "./keys.js";

const main = document.getElementById("main");
const words = document.querySelector("[data-item-keys]")?.dataset;
const TEXT = "textarea, input:not([type=radio], [type=checkbox], [type=hidden], [type=button], [type=submit], [type=range])";
const FIRST = "input:not([type=hidden]), textarea, select, [data-tool], button";

const visible = (element) => element.checkVisibility();

// --- proposals ---------------------------------------------------------------------------------

// The current one was gone to, or it is the first without one's answer after the last that was answered.
let at = null;
let chosen = false;

const proposals = () => [...document.querySelectorAll(".proposal")].filter(visible);
const waits = (one) => one.querySelector(".vote") && !one.querySelector("[aria-pressed=true]");

function current() {
  const every = proposals();
  const place = every.findIndex((one) => one.id === at);
  if (chosen && place >= 0) return every[place];
  return [...every.slice(place + 1), ...every].find(waits);
}

function mark() {
  const now = current();
  for (const one of document.querySelectorAll(".proposal")) one.classList.toggle("current", one === now);
}

function go(step) {
  const every = proposals();
  const now = every.indexOf(current());
  const next = every[now < 0 ? (step > 0 ? 0 : every.length - 1) : now + step];
  if (!next) return false;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", (event) => {
  const one = event.target.closest(".proposal");
  if (one) [at, chosen] = [one.id, true];
  mark();
});
document.addEventListener("htmx:afterSettle", (event) => {
  const done = event.target.closest?.(".proposal");
  if (done && !waits(done)) [at, chosen] = [done.id, false];
  mark();
});
// What one just added can be changed or taken back by its keys, also from elsewhere on the page.
document.addEventListener("htmx:load", (event) => {
  const task = event.target.closest?.(".task");
  if (!task) return;
  for (const one of document.querySelectorAll(".proposal.latest")) one.classList.remove("latest");
  [...task.querySelectorAll(".proposal[data-mine]")].at(-1)?.classList.add("latest");
});

// --- questions ---------------------------------------------------------------------------------

const questions = () => [...document.querySelectorAll(".task")];

function enter(task) {
  if (!task) return false;
  const folded = task.closest("details");
  if (folded) folded.open = true;
  const fields = [...task.querySelectorAll(FIRST)].filter((each) => !each.disabled && visible(each) && !each.matches(":disabled"));
  const target = fields.find((each) => each.checked) ?? fields[0] ?? task.querySelector("h2");
  if (target.matches("h2")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  (folded ?? task).scrollIntoView({ block: "nearest" });
}

function turn(step) {
  const every = questions();
  const here = every.findIndex((task) => task.contains(document.activeElement) || task.closest("details")?.contains(document.activeElement));
  return enter(every[here < 0 ? (step > 0 ? 0 : every.length - 1) : here + step]);
}

// An opened question is seen from its beginning; maps in it learn how large they are by now.
function unfolded(details) {
  if (!details.open) return;
  dispatchEvent(new Event("resize"));
  mark();
  details.scrollIntoView({ block: "nearest" });
}

for (const details of document.querySelectorAll("details.question")) details.addEventListener("toggle", () => unfolded(details));

// Escape leaves a field: from there on keys are shortcuts again.
document.addEventListener("keydown", (event) => {
  const task = event.target.closest?.(".task");
  if (event.key !== "Escape" || event.defaultPrevented || !task || !event.target.matches(TEXT)) return;
  task.tabIndex = -1;
  task.focus({ preventScroll: true });
});

// On a phone the picture makes room while one types, and stays small from then on.
document.addEventListener("focusin", (event) => {
  if (event.target.matches(TEXT) && event.target.closest(".contribute .task")) main.classList.add("typing");
});

// --- metadata ----------------------------------------------------------------------------------

// As domain/metadata_values.py does it: what a field says in the chosen language goes before the rest.
function read(language) {
  let group = [];
  const show = () => {
    const has = group.some((each) => each.dataset.language === language);
    for (const each of group) each.hidden = has && each.dataset.language !== undefined && each.dataset.language !== language;
  };
  for (const each of document.querySelectorAll("dl.meta > *")) {
    if (each.matches("dt")) {
      show();
      group = [];
    } else group.push(each);
  }
  show();
}

for (const form of document.querySelectorAll("[data-metadata-language]")) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    read(target.value);
    document.cookie = `metadata-language=${encodeURIComponent(target.value)}; path=/; max-age=31536000; samesite=lax`;
  });
}

// --- the way back ------------------------------------------------------------------------------

// To the list as it was left: filtered and sorted.
function back(link) {
  const key = `list ${link.dataset.list}`;
  try {
    const from = document.referrer && new URL(document.referrer);
    if (from && from.origin === location.origin && from.pathname === link.pathname && from.search) sessionStorage.setItem(key, from.search);
    link.search = sessionStorage.getItem(key) ?? "";
  } catch {
    // the whole list, then
  }
}

document.querySelectorAll("[data-list]").forEach(back);

// --- keys --------------------------------------------------------------------------------------

if (words) {
  register("proposal-next", { keys: ["j"], label: words.nextProposal, run: () => go(1), repeat: true });
  register("proposal-previous", { keys: ["k"], label: words.previousProposal, run: () => go(-1), repeat: true });
  if (questions().length > 1) {
    register("question-next", { keys: ["t"], label: words.nextQuestion, run: () => turn(1) });
    register("question-previous", { keys: ["Shift+t"], label: words.previousQuestion, run: () => turn(-1) });
  }
  questions().slice(0, 10).forEach((task, place) => {
    const number = String(place + 1);
    register(`question-${number}`, { keys: [`g,${number.at(-1)}`], label: words.question.replace("#", number), run: () => enter(questions()[place]) });
  });
}
mark();
