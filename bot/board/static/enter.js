// The code of a link stands behind its #, which no server gets to see: put it into the form, and out of the history.
"use strict";
const code = location.hash.slice(1);
if (code) {
  const field = document.getElementById("code");
  field.value = code;
  field.closest(".code").hidden = true;
  history.replaceState(null, "", location.pathname);
  document.querySelector("button.main").focus();
}
