// Pictures fade in over their dominant colour; one that fails says so in words.

function watch(image) {
  const frame = image.closest(".picture");
  if (!frame || image.dataset.watched) return;
  image.dataset.watched = "1";
  if (image.complete) return frame.classList.toggle("missing", !image.naturalWidth);
  frame.classList.add("waiting");
  const settle = (missing) => () => {
    frame.classList.remove("waiting");
    frame.classList.toggle("missing", missing);
  };
  image.addEventListener("load", settle(false), { once: true });
  image.addEventListener("error", settle(true), { once: true });
}

const start = (root) => root.querySelectorAll("img[data-picture]").forEach(watch);
start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
