// Keys, quick hand-over to the next item, and the outbox. Without this script the form works as an ordinary form.
import { forget, isStored, keep, refuse, refused, send, waiting } from "./outbox.js";

const KEYS_OFF = "halftone-keys-off";
const RETRY_SECONDS = 5;
let shownAt = performance.now();
let hiddenFor = 0;
let hiddenSince = null;
let isSending = false;

const form = () => document.querySelector("[data-answer]");
const field = (name) => form().elements[name];

document.documentElement.classList.add("scripted");
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenSince = performance.now();
  else if (hiddenSince !== null)
    [hiddenFor, hiddenSince] = [hiddenFor + performance.now() - hiddenSince, null];
});
document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  submit(event.submitter?.value ?? "submit");
});
document.addEventListener("change", (event) => {
  if (event.target.name === "primary" && event.target.value === chosen("secondary"))
    setSecondary("");
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help-open]")) document.querySelector("[data-help]").showModal();
});
document.addEventListener("keydown", onKey);
setInterval(sendWaiting, RETRY_SECONDS * 1000);
prepare();

function prepare() {
  [shownAt, hiddenFor, hiddenSince] = [performance.now(), 0, null];
  const open = document.querySelector("[data-help-open]");
  if (open) open.hidden = false;
  const off = document.querySelector("[data-keys-off]");
  if (off) {
    off.checked = localStorage.getItem(KEYS_OFF) === "yes";
    off.addEventListener("change", () =>
      localStorage.setItem(KEYS_OFF, off.checked ? "yes" : "no"),
    );
  }
  showOutbox();
}

function chosen(name) {
  return form().querySelector(`[name=${name}]:checked`)?.value ?? "";
}

function setSecondary(value) {
  for (const input of form().querySelectorAll("[name=secondary]"))
    input.checked = input.value === value;
}

function onKey(event) {
  if (
    !form() ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    document.querySelector("dialog[open]")
  )
    return;
  const isTyping = event.target.matches("textarea, input[type=text], select");
  if (isTyping || localStorage.getItem(KEYS_OFF) === "yes") return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (digit) return act(event, () => chooseLabel(digit, event.shiftKey));
  if (event.key === "Enter" && !event.target.closest("button, a, summary"))
    return act(event, () => submit("submit"));
  const actions = { Backspace: goBack, s: skip, f: flag, g: guidelines, "?": help };
  if (actions[event.key]) return act(event, actions[event.key]);
  const step = form().querySelector(
    `[name=confidence][data-hotkey="${CSS.escape(event.key.toLowerCase())}"]`,
  );
  if (step) act(event, () => step.click());
}

function act(event, action) {
  event.preventDefault();
  action();
}

function chooseLabel(hotkey, isSecond) {
  const name = isSecond ? "secondary" : "primary";
  const input = form().querySelector(`[name=${name}][data-hotkey="${hotkey}"]`);
  if (!input) return;
  if (!isSecond) return input.click();
  if (input.value !== chosen("primary")) setSecondary(input.checked ? "" : input.value);
}

const skip = () => form().querySelector("[data-skip]")?.click();
const flag = () => form().querySelector("[data-flag]").click();
const help = () => document.querySelector("[data-help]").showModal();
const goBack = () => document.querySelector("[data-back]")?.click();
function guidelines() {
  const details = document.querySelector("[data-guidelines] details");
  details.open = !details.open;
}

async function submit(action) {
  if (isSending) return;
  field("seconds").value = ((performance.now() - shownAt - hiddenFor) / 1000).toFixed(2);
  const fields = { ...Object.fromEntries(new FormData(form())), action };
  delete fields.csrfmiddlewaretoken; // a later sending uses the token of its own page
  const entry = { key: fields.key, url: location.pathname, fields };
  if (action === "submit" && (!fields.primary || !fields.confidence))
    return say(!fields.primary ? "Choose a label first." : "Say how sure you are.");
  isSending = true;
  if (action === "submit") keep(entry);
  try {
    const response = await send(entry);
    if (await show(response)) forget(entry.key);
  } catch {
    say(
      "No connection. Your answer is kept on this computer and sent as soon as the server answers.",
    );
    showOutbox();
  } finally {
    isSending = false;
  }
}

// Shows the page that the server answered with: the next item, or this one and what is wrong with it. False when it is neither:
// signed out, say. Then the answer stays in the outbox, and signing in again sends it.
async function show(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = page.querySelector("main");
  if (!isStored(response) && !main?.querySelector("[data-answer]")) {
    location.reload();
    return false;
  }
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  if (response.redirected) history.replaceState(null, "", response.url);
  document.querySelector("main").focus({ preventScroll: true });
  scrollTo(0, 0);
  prepare();
  return true;
}

function say(text) {
  form().querySelector("[data-said]")?.remove();
  const line = Object.assign(document.createElement("p"), {
    className: "error",
    role: "alert",
    textContent: text,
  });
  line.dataset.said = "";
  form().prepend(line);
}

function showOutbox() {
  const place = document.querySelector("[data-outbox]");
  if (!place) return;
  const [n, lost] = [waiting().length, refused()];
  place.hidden = n === 0 && lost.length === 0;
  place.textContent = n
    ? `${n} waiting to be sent`
    : lost.length
      ? `${lost.length} not accepted: ${lost[0].refused} `
      : "";
  if (!n && lost.length)
    place.append(
      Object.assign(document.createElement("button"), {
        className: "plain",
        type: "button",
        textContent: "I have seen it",
        onclick: seen,
      }),
    );
}

function seen() {
  for (const entry of refused()) forget(entry.key);
  showOutbox();
}

async function sendWaiting() {
  if (isSending || !form()) return;
  isSending = true;
  try {
    for (const entry of waiting()) {
      const response = await send(entry);
      if (form() && field("key").value === entry.key) {
        if (await show(response)) forget(entry.key);
      } else if (isStored(response)) forget(entry.key);
      else refuse(entry, await reasonOf(response));
    }
  } catch {
    // still no answer: the next round tries again
  } finally {
    isSending = false;
    showOutbox();
  }
}

async function reasonOf(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return (
    page.querySelector("main .error, main .lead")?.textContent.trim() ??
    `the server answered ${response.status}`
  );
}
