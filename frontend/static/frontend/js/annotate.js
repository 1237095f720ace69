// Keys, quick hand-over to the next item, and the outbox. Without this script the form works as an ordinary form.
import { forget, keep, send, waiting } from "./outbox.js";

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
  else if (hiddenSince !== null) [hiddenFor, hiddenSince] = [hiddenFor + performance.now() - hiddenSince, null];
});
document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  submit(event.submitter?.value ?? "submit");
});
document.addEventListener("change", (event) => {
  if (event.target.name === "primary" && event.target.value === chosen("secondary")) setSecondary("");
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
    off.addEventListener("change", () => localStorage.setItem(KEYS_OFF, off.checked ? "yes" : "no"));
  }
  showWaiting();
}

function chosen(name) {
  return form().querySelector(`[name=${name}]:checked`)?.value ?? "";
}

function setSecondary(value) {
  for (const input of form().querySelectorAll("[name=secondary]")) input.checked = input.value === value;
}

function onKey(event) {
  if (!form() || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const isTyping = event.target.matches("textarea, input[type=text], select");
  if (isTyping || localStorage.getItem(KEYS_OFF) === "yes") return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (digit) return act(event, () => chooseLabel(digit, event.shiftKey));
  if (event.key === "Enter" && !event.target.closest("button, a, summary")) return act(event, () => submit("submit"));
  const actions = { Backspace: goBack, s: skip, f: flag, g: guidelines, "?": help };
  if (actions[event.key]) return act(event, actions[event.key]);
  const step = form().querySelector(`[name=confidence][data-hotkey="${CSS.escape(event.key.toLowerCase())}"]`);
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
  const entry = { key: fields.key, url: location.pathname, fields };
  if (action === "submit" && (!fields.primary || !fields.confidence)) return say(!fields.primary ? "Choose a label first." : "Say how sure you are.");
  isSending = true;
  if (action === "submit") keep(entry);
  try {
    await show(await send(entry));
    forget(entry.key);
  } catch {
    say("No connection. Your answer is kept on this computer and sent as soon as the server answers.");
    showWaiting();
  } finally {
    isSending = false;
  }
}

// The server answers with the next page, or with this one and what is wrong with it.
async function show(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = page.querySelector("main");
  if (!main || !page.querySelector(".tabs")) return location.reload(); // signed out: the answer stays in the outbox
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  if (response.redirected) history.replaceState(null, "", response.url);
  document.querySelector("main").focus({ preventScroll: true });
  scrollTo(0, 0);
  prepare();
}

function say(text) {
  form().querySelector("[data-said]")?.remove();
  const line = Object.assign(document.createElement("p"), { className: "error", role: "alert", textContent: text });
  line.dataset.said = "";
  form().prepend(line);
}

function showWaiting() {
  const place = document.querySelector("[data-outbox]");
  const n = waiting().length;
  if (place) [place.hidden, place.textContent] = [n === 0, `${n} waiting to be sent`];
}

async function sendWaiting() {
  if (isSending || waiting().length === 0 || !form()) return;
  isSending = true;
  try {
    for (const entry of waiting()) {
      const response = await send(entry);
      const isCurrent = form() && field("key").value === entry.key;
      if (response.ok || response.status === 409 || response.status === 422) forget(entry.key);
      if (isCurrent) await show(response);
    }
  } catch {
    // still no answer: the next round tries again
  } finally {
    isSending = false;
    showWaiting();
  }
}
