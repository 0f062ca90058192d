// What html-validate asks of pages: all that it recommends, but for what is excepted here, each for a reason.
module.exports = {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    "doctype-style": ["error", { style: "lowercase" }], // HTML knows no case here; our templates keep to small letters
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "reset", "submit"] }], // boxes of one question
    "long-title": "off", // titles name documents, whose subjects are as long as they are
    "no-redundant-role": "off", // GOV.UK's date field is a group to old screen readers too
    "no-trailing-whitespace": "off", // blanks that components leave are taken by compression
    "prefer-native-element": "off", // GOV.UK's links that look like buttons
    "valid-id": ["error", { relaxed: true }], // parts of a field have a full stop in their names, as HTML allows
  },
};
