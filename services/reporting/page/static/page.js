// The page works without this file; with it, the table sorts in place, the map answers to a
// pointer, and the form leaves empty fields out of the address.
"use strict";

const form = document.querySelector("form[data-working]");
form?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});
form?.addEventListener("submit", () => {
  form.setAttribute("aria-busy", "true");
  form.querySelector("button").textContent = form.dataset.working;
});
// A page taken back from the browser's memory is no longer working.
addEventListener("pageshow", (event) => event.persisted && form && location.reload());

const table = document.getElementById("table");
table?.tHead.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const head = link.closest("th");
  const first = head.cellIndex === 0 ? "ascending" : "descending";
  const other = first === "ascending" ? "descending" : "ascending";
  sort(head, head.getAttribute("aria-sort") === first ? other : first);
  history.replaceState(null, "", link.href.replace(/#.*/, ""));
});

function sort(head, order) {
  for (const each of head.parentNode.cells) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", order);
  const sign = order === "ascending" ? 1 : -1;
  const keyed = [...table.tBodies[0].rows].map((row) => [row.dataset.keys.split(" ").map(parseFloat), row]);
  keyed.sort(([a], [b]) => compare(a, b, head.cellIndex, sign));
  table.tBodies[0].append(...keyed.map(([, row]) => row));
}

// Places without a report stay last in both directions; the alphabet decides between equals.
function compare(a, b, column, sign) {
  const missing = isNaN(a[column]) - isNaN(b[column]);
  return missing || sign * (a[column] - b[column]) || a[0] - b[0];
}

const card = document.getElementById("card");
const land = document.querySelector(".land"); // an <svg> that listens for focus would take it
if (card && land) {
  const [text, place, events] = card.children;
  card.hidden = false;
  const show = (shape) => {
    if (!shape) return;
    text.textContent = shape.querySelector("title").textContent;
    place.href = shape.getAttribute("href");
    events.href = card.dataset.events + new URL(place.href).search;
    place.hidden = events.hidden = false;
  };
  for (const kind of ["pointerover", "focusin"])
    land.addEventListener(kind, (event) => show(event.target.closest("a")));
  let touched = false;
  land.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
  land.addEventListener("click", (event) => {
    const shape = event.target.closest("a");
    if (!shape || !touched) return;
    event.preventDefault(); // a finger has no hover: the first touch reads, the card's link leads on
    touched = false;
    show(shape);
  });
}
