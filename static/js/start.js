// The first page, made nicer: what is not ticked is not asked, and the float counts along.
"use strict";

const form = document.querySelector("form[data-start]");
const euros = new Intl.NumberFormat("fr-BE", { style: "currency", currency: "EUR" });

function cents(input) {
  const found = /^\s*([0-9]{1,6})(?:[.,]([0-9]{1,2}))?\s*€?\s*$/.exec(input.value);
  return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0")) : 0;
}

function ask() {
  for (const part of form.querySelectorAll("[data-needs]")) {
    const box = form.querySelector(`[name=uses][value=${part.dataset.needs}]`);
    part.hidden = Boolean(box) && !box.checked;
  }
  // What is not shown is not sent: neither in a hidden part nor in a part of a hidden part.
  for (const input of form.querySelectorAll("[data-needs] :is(input, select)")) {
    input.disabled = Boolean(input.closest("[data-needs][hidden]"));
  }
}

function count() {
  for (const money of form.querySelectorAll("[data-money]")) {
    const sums = [...money.querySelectorAll("[data-sign]:enabled")];
    const rest = sums.reduce((sum, input) => sum + Number(input.dataset.sign) * cents(input), 0);
    money.querySelector("[data-rest] .amount").textContent = euros.format(rest / 100);
    money.querySelector("[data-missing]").hidden = rest >= 0;
  }
}

function refresh() {
  ask();
  count();
}

form.addEventListener("input", refresh);
refresh();
