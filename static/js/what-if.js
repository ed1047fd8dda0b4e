// Other weights, tried live: the server divides, so that both always agree. Nothing is saved.
"use strict";

const form = document.querySelector("form[data-what-if]");
let waiting;
let running;

async function refresh() {
  running?.abort();
  running = new AbortController();
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  try {
    const answer = await fetch(address, { signal: running.signal });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("what-if");
    if (fresh) document.getElementById("what-if").replaceWith(fresh);
  } catch {
    // The signal dropped: the button still asks.
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 150);
});
