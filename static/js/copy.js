// Copies a text of the page, opens the share sheet where the phone has one. Words come from the page.
"use strict";

function said(button) {
  const before = button.innerHTML;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.innerHTML = before; }, 2000);
}

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text.trim());
  } catch {
    // Plain http on a local network has no clipboard: select it, so that one long press copies.
    getSelection().selectAllChildren(source);
    return;
  }
  if (button.dataset.done) said(button);
}

for (const button of document.querySelectorAll("[data-send]")) button.hidden = !navigator.share;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-send]");
  if (!button) return;
  if (button.dataset.copy) copy(button);
  else navigator.share({ text: button.dataset.send, url: button.dataset.url }).catch(() => {});
});
