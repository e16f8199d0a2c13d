// Says what an answer to htmx did: a notice for screen readers, a message where it failed.

const messages = document.getElementById("messages");

function say(kind, text) {
  const line = document.createElement("p");
  line.className = `message ${kind}`;
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn quiet";
  close.textContent = messages.dataset.close;
  close.addEventListener("click", () => line.remove());
  line.append(close);
  messages.classList.add("over");
  messages.replaceChildren(line);
}

// Where the button that was pressed is gone, its place keeps the focus: the next Tab goes on from there.
function hold(heading) {
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

// Errors for machines are problem+json (RFC 9457); `detail` is a sentence for people.
function words(answer) {
  try {
    const problem = JSON.parse(answer);
    return problem.detail || problem.title;
  } catch {
    return null;
  }
}

document.addEventListener("htmx:responseError", (event) => say("problem", words(event.detail.xhr.responseText) ?? messages.dataset.failed));
document.addEventListener("htmx:sendError", () => say("problem", messages.dataset.offline));
document.addEventListener("htmx:load", (event) => {
  const text = event.target.dataset?.announce;
  if (!text) return;
  document.getElementById("announce").textContent = text;
  if (document.activeElement === document.body) hold(event.target.querySelector("h2"));
});
