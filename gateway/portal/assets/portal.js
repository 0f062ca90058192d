// What pages gain where scripts run; each works without it.
import { Button, ErrorSummary, createAll } from "/static/govuk-frontend.min.js";

const TRIES = 4;
const PAUSE = 1500; // milliseconds before the second try; longer each time

document.body.classList.add("js-enabled", "govuk-frontend-supported"); // without the second, no component is made
enhance(document);

function enhance(scope) {
  for (const component of [Button, ErrorSummary]) createAll(component, undefined, scope);
  for (const list of scope.querySelectorAll("[data-narrow]")) narrow(list);
}

// A long list is narrowed to what has every word that is typed, as it begins and without diacritics. What is ticked stays
// in sight; what is unticked goes only with the next letter, for the focus is on it.
function narrow(list) {
  const box = list.querySelector("input[type=search]");
  const said = list.querySelector("[role=status]");
  const groups = [...list.querySelectorAll("[role=group]")];
  const rows = [...list.querySelectorAll(".govuk-checkboxes__item")].map((row) => {
    return { row, tick: row.querySelector("input"), words: fold(row.textContent) };
  });

  function sift() {
    const wanted = fold(box.value).trimEnd().split(/(?= )/);
    for (const { row, tick, words } of rows) row.hidden = !tick.checked && !wanted.every((word) => words.includes(word));
    for (const group of groups) group.hidden = !group.querySelector(".govuk-checkboxes__item:not([hidden])");
    count();
  }
  function count() {
    const shown = rows.filter(({ row }) => !row.hidden).length;
    const chosen = rows.filter(({ tick }) => tick.checked).length;
    said.textContent = said.dataset.words.replace("{shown}", shown).replace("{chosen}", chosen);
  }

  box.addEventListener("input", sift);
  box.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault()); // it would send the form
  list.addEventListener("change", count);
  list.querySelector(".tc-narrow").hidden = false;
  sift();
}

// The words of a text, each after a blank: "Sở Y tế" as " so y te".
function fold(text) {
  const plain = text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");
  return ` ${plain.replace(/[^a-z0-9]+/g, " ").trim()}`;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (!form) return;
  if (form.dataset.sending) return event.preventDefault();
  const chosen = [...form.querySelectorAll("input[type=file]")];
  if (chosen.every((box) => box.files.length === 0)) return; // the server says what is missing
  event.preventDefault();
  form.dataset.sending = "1";
  send(form, event.submitter, new FormData(form), 1);
});

// A tick for all boxes of one name in its form; nothing of it is sent, and it shows what they hold.
document.addEventListener("change", (event) => {
  if (event.target.dataset.all) boxesOf(event.target).forEach((box) => (box.checked = event.target.checked));
  sumUp();
});
document.addEventListener("htmx:afterSwap", sumUp);
addEventListener("pageshow", sumUp); // a browser that goes back ticks again what was ticked

function sumUp() {
  for (const all of document.querySelectorAll("input[data-all]")) {
    const ticked = new Set(boxesOf(all).map((box) => box.checked));
    all.checked = !ticked.has(false);
    all.indeterminate = ticked.size > 1;
  }
}

function boxesOf(all) {
  return [...all.form.elements].filter((box) => box.name === all.dataset.all);
}

// Send a form with files and show how far it is. A lost connection is tried again: the same file is kept once, however
// often it comes, and what the form commands is done once.
function send(form, pressed, data, attempt) {
  const shown = (pressed?.closest(".tc-paper") ?? form).querySelector(".tc-progress");
  const label = shown.querySelector("label");
  const bar = shown.querySelector("progress");
  const to = pressed?.hasAttribute("formaction") ? pressed.formAction : form.action;
  const request = new XMLHttpRequest();
  shown.hidden = false;
  label.textContent = shown.dataset.sending;
  shown.setAttribute("aria-live", "polite");
  bar.value = 0;
  request.open("POST", to);
  request.upload.addEventListener("progress", (sent) => {
    if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total;
  });
  request.addEventListener("load", () => {
    if (request.status === 502 || request.status === 503 || request.status === 504) return again();
    if (request.status < 400 && request.responseURL !== to) return window.location.assign(request.responseURL);
    show(request.responseText);
  });
  request.addEventListener("error", again);
  request.send(data);

  function again() {
    if (attempt >= TRIES) {
      delete form.dataset.sending;
      label.textContent = shown.dataset.stopped;
      addEventListener("online", () => form.dataset.sending || form.requestSubmit(pressed), { once: true });
      return;
    }
    label.textContent = shown.dataset.failed;
    setTimeout(() => send(form, pressed, data, attempt + 1), PAUSE * attempt);
  }
}

// What the server answered instead of the next page: the same one, with what was sent or why it was not taken.
function show(answer) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  const main = page.querySelector("main");
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  enhance(main);
  window.htmx?.process(main); // what renews itself goes on doing so
  if (!main.querySelector(".govuk-error-summary")) main.querySelector("[data-sent]")?.focus();
}
