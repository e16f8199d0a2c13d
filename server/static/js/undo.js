// The notice of what was just done, with its button: it can be seen wherever the page is scrolled to, and
// goes when it is closed. Shift+U leads to all that one did in this visit.

import { register } from "./keys.js";

const messages = document.getElementById("messages");

function show(notice) {
  messages.classList.add("over");
  if (notice.querySelector("[data-close]")) return;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn quiet";
  close.dataset.close = "";
  close.textContent = messages.dataset.close;
  close.addEventListener("click", () => notice.remove());
  notice.querySelector("[data-buttons]")?.append(close);
}

function find() {
  messages.querySelectorAll("[data-undo]").forEach(show);
}

document.addEventListener("htmx:oobAfterSwap", find);
find();

if (messages.dataset.visit) register("visit", { keys: ["Shift+u"], label: messages.dataset.visit, run: () => location.assign("/account/visit") });
