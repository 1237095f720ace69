// An answer that the server has not confirmed stays here, in the browser, and is sent again with the same key until it is.
const STORE = "halftone-outbox";

export function waiting() {
  return JSON.parse(localStorage.getItem(STORE) ?? "[]");
}

export function keep(entry) {
  const others = waiting().filter((other) => other.key !== entry.key);
  localStorage.setItem(STORE, JSON.stringify([...others, entry]));
}

export function forget(key) {
  localStorage.setItem(STORE, JSON.stringify(waiting().filter((entry) => entry.key !== key)));
}

// Resolves with the answer of the server, whatever it says; rejects when there was none.
export async function send(entry) {
  const response = await fetch(entry.url, {
    method: "POST",
    body: new URLSearchParams(entry.fields),
    headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
    credentials: "same-origin",
    signal: AbortSignal.timeout(20000),
  });
  if (response.status >= 500) throw new Error(`the server answered ${response.status}`);
  return response;
}
