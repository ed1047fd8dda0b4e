// The order form, made nicer: − and +, what is left over all main dishes, and the total on the button.
// Every word comes from the page, so that translations stay on the server.
"use strict";

const order = document.querySelector("form[data-order]");
const steppers = [...document.querySelectorAll(".stepper input")];
const euros = new Intl.NumberFormat("fr-BE", { style: "currency", currency: "EUR" });

const count = (input) => (/^[0-9]{1,3}$/.test(input.value) ? Number(input.value) : 0);

function due() {
  const food = steppers.reduce((sum, input) => sum + count(input) * Number(input.dataset.price || 0), 0);
  const handover = order.querySelector("input[data-fee]:checked");
  return food && handover ? food + Number(handover.dataset.fee) : food;
}

function room(input) {
  const own = Number(input.max || 999);
  if (input.dataset.kind !== "main" || !order?.dataset.mainsLeft) return own;
  const others = steppers.filter((one) => one !== input && one.dataset.kind === "main");
  return Math.min(own, others.reduce((left, one) => left - count(one), Number(order.dataset.mainsLeft)));
}

function refresh() {
  for (const input of steppers) {
    const box = input.parentElement;
    box.querySelector('[data-step="-1"]').disabled = count(input) <= Number(input.min || 0);
    box.querySelector('[data-step="1"]').disabled = count(input) >= room(input);
    input.closest(".dish")?.classList.toggle("dish-chosen", count(input) > 0);
  }
  for (const radio of document.querySelectorAll("[data-shows]")) {
    document.querySelector(radio.dataset.shows).hidden = !radio.checked;
  }
  const button = order?.querySelector("button[data-total]");
  if (!button) return;
  button.dataset.plain ||= button.textContent;
  const cents = due();
  // The isolate marks keep the amount in one piece between right-to-left words.
  const amount = `\u2068${euros.format(cents / 100)}\u2069`;
  button.textContent = cents ? button.dataset.total.replace("{amount}", amount) : button.dataset.plain;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  input.value = count(input) + Number(button.dataset.step);
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("input", refresh);
refresh();
