// An answer that the server has not confirmed stays here, in the browser, and is sent again with
// the same key until it is. Each person on this computer has an outbox of their own; nobody's
// answers are sent in somebody else's name.
const STORE = "halftone-outbox";

const person = () => document.body.dataset.person;

function all() {
  return JSON.parse(localStorage.getItem(STORE) ?? "[]");
}

function write(entries) {
  if (entries.length) localStorage.setItem(STORE, JSON.stringify(entries));
  else localStorage.removeItem(STORE);
}

export function waiting() {
  return all().filter((entry) => entry.person === person() && !entry.refused);
}

export function refused() {
  return all().filter((entry) => entry.person === person() && entry.refused);
}

export function keep(entry) {
  write([...all().filter((other) => other.key !== entry.key), { ...entry, person: person() }]);
}

export function forget(key) {
  write(all().filter((entry) => entry.key !== key));
}

// The server answered and said no: kept to be shown and copied, not sent again.
export function refuse(entry, reason) {
  keep({ ...entry, refused: reason });
}

// Resolves with the answer of the server; rejects when there was none, or the server failed.
export async function send(entry) {
  const response = await fetch(entry.url, {
    method: "POST",
    body: new URLSearchParams(entry.fields),
    headers: {
      "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
      "Halftone-Script": "1",
    },
    credentials: "same-origin",
    signal: AbortSignal.timeout(20000),
  });
  if (response.status >= 500) throw new Error(`the server answered ${response.status}`);
  return response;
}

// Only a receipt with the answer's own key says that it is stored.
export function isStored(response, entry) {
  return response.headers.get("Halftone-Receipt") === entry.key;
}

// Only a problem document of our own is a refusal. A sign-in page, or a page of whatever stands
// in between, is neither: then the answer waits.
export function isRefused(response) {
  return response.headers.has("Halftone-Problem");
}

// Signed out, or the cookie that forms are checked by went with the session.
export function isSignIn(response) {
  const isLogin =
    response.redirected && new URL(response.url).pathname.endsWith("/accounts/login/");
  return isLogin || (response.status === 403 && !isRefused(response));
}
