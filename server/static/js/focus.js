// One proposal at a time. The next ones are on the page already, hidden, their pictures loaded: an answer shows the
// next at once, and is sent in the background. Keys are those on the buttons (keys.js).
//
// The questions stand in one row, in their order; the one that is shown is `current`, those before it were looked
// at or answered, those after it wait. A question that the server refuses comes back to be the current one.

import { Outbox } from "./outbox.js";
import { swipes } from "./swipe.js";

const AHEAD = 4; // questions that wait on the page
const BEHIND = 20; // that one can go back to
const TOP = 60; // pixels of the bar at the top
const KNOWN = 150; // that we tell the server we have
const SWIPED = { yes: "approve", no: "reject", unsure: "unsure" };

const main = document.querySelector("[data-focus]");
const row = document.getElementById("questions");
const nothing = document.getElementById("nothing-left");
const steps = Object.fromEntries(["back", "undo", "next"].map((name) => [name, document.getElementById(`step-${name}`)]));
const counter = main.querySelector("[data-counter]");
const bar = main.querySelector(".so-far progress");
const why = document.getElementById("why-no");
const reasons = document.getElementById("reasons");
const unsent = document.getElementById("unsent");
const slug = main.dataset.focus.split("/")[2];

let current = row.querySelector(".judged");
let asking = false;
let exhausted = false;
let done = Number(counter.dataset.done);
let all = Number(counter.dataset.all);
let inRow = 0;
let refusedOne = null; // the rejection that a reason may be given for
const given = []; // { question, fields }: what was answered in this visit, the last one last
const seen = new Set();
const delivered = new Set(); // answers that the server has, or had

const outbox = new Outbox({
  address: main.dataset.focus,
  name: `answers ${main.dataset.person} ${slug}`,
  csrf: main.dataset.csrf,
  sent: (job, told) => {
    delivered.add(job.id);
    if (outbox.jobs().length) return; // it counts what is still on its way as waiting
    [done, all] = [told.today, told.today + told.waiting];
    count();
  },
  refused: comeBack,
  stuck: (words) => {
    unsent.hidden = false;
    unsent.textContent = `${words} ${main.dataset.signedOut}`;
  },
  waiting: (number) => {
    unsent.hidden = !number;
    unsent.textContent = number ? main.dataset.unsent.replace("{count}", number) : "";
  },
});

// --- what is on the page --------------------------------------------------------------------------

function questions() {
  return [...row.children];
}

function behind() {
  const list = questions();
  return current ? list.slice(0, list.indexOf(current)) : list;
}

function ahead() {
  const list = questions();
  return current ? list.slice(list.indexOf(current) + 1) : [];
}

function show(question, first = false) {
  current = question ?? null;
  for (const each of questions()) each.hidden = each !== current;
  nothing.hidden = Boolean(current) || asking || !exhausted;
  steps.back.disabled = !behind().length;
  steps.undo.disabled = !given.length;
  steps.next.disabled = !current;
  if (current) {
    // What has a size only once it is seen, such as a map, is drawn now.
    current.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    if (!first) current.querySelector("h2").focus({ preventScroll: true });
    if (!first && current.getBoundingClientRect().top < TOP) window.scrollTo(0, 0);
  }
  for (const old of behind().slice(0, -BEHIND)) old.remove();
  more();
}

function goOn() {
  if (current) delete current.dataset.fresh;
  show(ahead()[0]);
}

function adopt(question) {
  seen.add(question.dataset.id);
  const form = question.querySelector("form.answers");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(question, said(form, event.submitter));
  });
  const [range, output] = ["input[type=range]", "output"].map((each) => form.querySelector(each));
  range?.addEventListener("input", () => (output.textContent = range.value));
  if (!form.classList.contains("rated")) {
    const frame = question.querySelector("[data-swipe]");
    swipes(frame, (where) => answer(question, { verdict: SWIPED[where] }));
  }
}

function said(form, button) {
  if (button?.name === "mark") return { rating: button.value };
  if (button?.value) return { verdict: button.value };
  return { rating: form.elements.rating.value };
}

async function more() {
  if (asking || exhausted || ahead().length >= AHEAD) return;
  asking = true;
  const known = [...new Set([...outbox.ids(), ...[...seen].slice(-KNOWN)])].map((id) => ["known", id]);
  const missing = AHEAD - ahead().length;
  let failed = false;
  try {
    const answer = await fetch(`${main.dataset.focus}/next?${new URLSearchParams([["limit", missing], ...known])}`, { headers: { Accept: "text/html", "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.status);
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll(".judged");
    exhausted = !found.length;
    for (const each of found) put(document.adoptNode(each));
  } catch {
    failed = true;
  }
  asking = false;
  if (failed) setTimeout(more, 2000);
  if (current) more();
  else show(questions().find((each) => each.dataset.fresh));
}

function put(question) {
  if (document.getElementById(question.id)) return;
  question.hidden = true;
  question.dataset.fresh = "1";
  row.append(question);
  adopt(question);
}

// --- answering ------------------------------------------------------------------------------------

function answer(question, fields) {
  if (question !== current) return;
  question.querySelector(".refusal").hidden = true;
  outbox.drop(question.dataset.id);
  outbox.add(question.dataset.id, fields);
  mark(question, fields.verdict);
  const before = given.findIndex((each) => each.question === question);
  if (before >= 0) given.splice(before, 1);
  given.push({ question, fields });
  if (fields.verdict === "later") inRow = 0;
  else if (before < 0) [done, inRow] = [done + 1, inRow + 1];
  count();
  offerReason(question, fields);
  goOn();
}

function mark(question, verdict) {
  for (const button of question.querySelectorAll("[name=verdict][aria-pressed]"))
    button.setAttribute("aria-pressed", String(button.value === verdict));
}

function undo() {
  const last = given.pop();
  if (!last) return;
  const { question, fields } = last;
  const { id } = question.dataset;
  outbox.drop(id);
  // What is on its way, or has arrived, is taken back there.
  if (outbox.has(id) || delivered.has(id)) outbox.add(id, { verdict: "none" });
  if (fields.verdict !== "later") done -= 1;
  inRow = 0;
  mark(question, "");
  count();
  offerReason(null, {});
  if (!question.isConnected) row.insertBefore(question, current);
  document.getElementById("announce").textContent = main.dataset.takenBack;
  show(question);
}

// The server will not have it: it stands before us again, with its words.
function comeBack(job, words) {
  const at = given.findIndex((each) => each.question.dataset.id === job.id);
  const question = given[at]?.question ?? document.getElementById(`question-${job.id}`);
  if (at >= 0) given.splice(at, 1);
  if (job.fields.verdict !== "later" && job.fields.verdict !== "none") done -= 1;
  inRow = 0;
  count();
  if (!question) {
    unsent.hidden = false;
    unsent.textContent = words;
    return;
  }
  const place = question.querySelector(".refusal");
  place.textContent = main.dataset.refused.replace("{label}", question.dataset.label).replace("{words}", words);
  place.hidden = false;
  mark(question, "");
  if (current !== question) row.insertBefore(question, current);
  show(question);
}

function count() {
  const write = new Intl.NumberFormat(document.documentElement.lang);
  all = Math.max(all, done);
  const parts = [counter.dataset.today.replace("{done}", write.format(Math.max(done, 0))).replace("{all}", write.format(all))];
  if (inRow > 1) parts.push(counter.dataset.row.replace("{count}", write.format(inRow)));
  counter.textContent = parts.join(" · ");
  bar.setAttribute("aria-label", parts[0]);
  bar.max = all || 1;
  bar.value = Math.max(done, 0);
}

// --- the reason of a rejection, for who wants to give one ------------------------------------------

function offerReason(question, { verdict }) {
  if (!why) return;
  refusedOne = verdict === "reject" ? question : null;
  why.hidden = !refusedOne;
  const text = why.querySelector("[data-said]");
  if (refusedOne) text.textContent = text.dataset.said.replace("{label}", question.dataset.label);
}

why?.querySelector("button").addEventListener("click", () => reasons.showModal());
reasons?.addEventListener("keydown", (event) => {
  const button = /^[1-9]$/.test(event.key) && reasons.querySelector(`button[value="${event.key}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
reasons?.addEventListener("close", () => {
  const reason = reasons.returnValue;
  reasons.returnValue = "";
  if (!reason || !refusedOne) return;
  const last = given.find((each) => each.question === refusedOne);
  if (last) last.fields = { verdict: "reject", reason };
  outbox.drop(refusedOne.dataset.id);
  outbox.add(refusedOne.dataset.id, { verdict: "reject", reason });
  why.hidden = true;
  current?.querySelector("h2").focus({ preventScroll: true });
});

// --- steps ----------------------------------------------------------------------------------------

steps.undo.addEventListener("click", undo);
steps.back.addEventListener("click", () => show(behind().at(-1) ?? current));
// Looked at and left open: it comes again when the page is opened anew.
steps.next.addEventListener("click", goOn);
main.querySelector(".moves").hidden = false;
main.querySelector(".message.last")?.remove();
for (const each of questions()) adopt(each);
if (current && outbox.has(current.dataset.id)) current = null; // answered before the page was closed
show(current, true);
