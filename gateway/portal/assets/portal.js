// What pages gain where scripts run; each works without it.
import { Button, CharacterCount, ErrorSummary, createAll, isSupported } from "/static/govuk-frontend.min.js";

const TRIES = 4;
const PAUSE = 1500; // milliseconds before the second try; longer each time

document.body.classList.add("js-enabled");
if (isSupported()) {
  document.body.classList.add("govuk-frontend-supported");
  for (const component of [Button, CharacterCount, ErrorSummary]) {
    createAll(component);
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    const chosen = form.querySelector("input[type=file]");
    if (chosen.files.length === 0 || form.dataset.sending) return; // the server says what is missing
    event.preventDefault();
    form.dataset.sending = "1";
    send(form, new FormData(form), 1);
  });
}

// Send a file and show how far it is. A lost connection is tried again: the same file is kept once, however often it comes.
function send(form, data, attempt) {
  const shown = form.querySelector(".tc-progress");
  const label = shown.querySelector("label");
  const bar = shown.querySelector("progress");
  const request = new XMLHttpRequest();
  shown.hidden = false;
  label.textContent = shown.dataset.sending;
  shown.setAttribute("aria-live", "polite");
  bar.value = 0;
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (sent) => {
    if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total;
  });
  request.addEventListener("load", () => {
    if (request.status === 502 || request.status === 503 || request.status === 504) return again();
    if (request.status < 400) return window.location.assign(request.responseURL);
    show(request.responseText);
  });
  request.addEventListener("error", again);
  request.send(data);

  function again() {
    if (attempt >= TRIES) {
      delete form.dataset.sending;
      label.textContent = shown.dataset.stopped;
      addEventListener("online", () => form.dataset.sending || form.requestSubmit(), { once: true });
      return;
    }
    label.textContent = shown.dataset.failed;
    setTimeout(() => send(form, data, attempt + 1), PAUSE * attempt);
  }
}

// What the server answered instead of the next page: why the file was not taken.
function show(answer) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  createAll(ErrorSummary);
  for (const form of document.querySelectorAll("main form[data-upload]")) {
    form.removeAttribute("data-upload"); // sent plainly from now on
  }
}
