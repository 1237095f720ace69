// What is chosen and typed and not yet sent, kept in this browser, so that a reload loses nothing.
const PREFIX = "halftone-draft";
const NAMES = ["primary", "secondary", "confidence", "rationale", "is_flagged"];

function place(form) {
  const { assignment, revision } = form.elements;
  return [PREFIX, document.body.dataset.person, assignment.value, revision.value].join(":");
}

export function keepDraft(form) {
  const chosen = Object.fromEntries(new FormData(form));
  const draft = Object.fromEntries(NAMES.map((name) => [name, chosen[name] ?? ""]));
  localStorage.setItem(place(form), JSON.stringify(draft));
}

export function forgetDraft(form) {
  localStorage.removeItem(place(form));
}

export function restoreDraft(form) {
  const stored = localStorage.getItem(place(form));
  if (!stored) return;
  const draft = JSON.parse(stored);
  for (const input of form.querySelectorAll("input[type=radio], input[type=checkbox]"))
    if (NAMES.includes(input.name)) input.checked = input.value === draft[input.name];
  form.elements.rationale.value = draft.rationale;
  if (draft.rationale) form.querySelector("details.more").open = true;
}

// Drafts of items that were answered long ago, or by somebody else on this computer.
export function sweepDrafts(most = 50) {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  for (const name of names.slice(0, Math.max(0, names.length - most)))
    localStorage.removeItem(name);
}
