// What pages gain where scripts run; each works without it.
import { Button, CharacterCount, ErrorSummary, createAll, isSupported } from "/static/govuk-frontend.min.js";

document.body.classList.add("js-enabled");
if (isSupported()) {
  document.body.classList.add("govuk-frontend-supported");
  for (const component of [Button, CharacterCount, ErrorSummary]) {
    createAll(component);
  }
}
