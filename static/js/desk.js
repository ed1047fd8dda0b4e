// Three letters find a line: hides what has no word that begins with what is typed.
"use strict";

const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-filter]");
  if (!field) return;
  const wanted = plain(field.value.trim());
  for (const line of document.querySelectorAll(field.dataset.filter)) {
    const words = plain(line.dataset.key || "").split(/\s+/);
    line.hidden = wanted !== "" && !words.some((word) => word.startsWith(wanted));
  }
});
