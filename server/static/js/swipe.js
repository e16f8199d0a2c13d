// Swiping a picture away with a finger: to the right yes, to the left no, up not sure. While it moves it says
// what letting it go would mean; a short way back is no answer.

const FAR = 90; // pixels after which it is meant
const BEGUN = 8;

export function swipes(frame, answer) {
  let from = null;
  const label = document.createElement("span");
  label.className = "swiping";
  label.hidden = true;
  frame.append(label);

  function direction({ x, y }) {
    if (Math.max(Math.abs(x), -y) < FAR) return "";
    if (-y > Math.abs(x)) return "unsure";
    return x > 0 ? "yes" : "no";
  }

  function show(way) {
    const where = way ? direction(way) : "";
    label.hidden = !where;
    label.textContent = where ? frame.dataset[where] : "";
    label.className = `swiping ${where}`;
    frame.style.translate = way ? `${way.x}px ${Math.min(way.y, 0)}px` : "";
  }

  function end(event, meant) {
    if (from?.id !== event.pointerId) return;
    const where = meant ? direction(moved(event)) : "";
    from = null;
    frame.classList.remove("dragged");
    show(null);
    if (where) answer(where);
  }

  function moved(event) {
    return { x: event.clientX - from.x, y: event.clientY - from.y };
  }

  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" || !event.isPrimary || event.target.closest("a, button, summary, audio, video")) return;
    from = { id: event.pointerId, x: event.clientX, y: event.clientY };
  });
  frame.addEventListener("pointermove", (event) => {
    if (from?.id !== event.pointerId) return;
    const way = moved(event);
    if (!frame.classList.contains("dragged") && Math.hypot(way.x, way.y) > BEGUN) {
      frame.classList.add("dragged");
      frame.setPointerCapture(event.pointerId);
    }
    show(way);
  });
  frame.addEventListener("pointerup", (event) => end(event, true));
  frame.addEventListener("pointercancel", (event) => end(event, false));
}
