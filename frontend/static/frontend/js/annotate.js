// Keys, quick hand-over to the next item, drafts and the outbox. Without this script the form
// works as an ordinary form.
import { forgetDraft, keepDraft, restoreDraft, sweepDrafts } from "./draft.js";
import { meaningOf, showLayout } from "./keys.js";
import { forget, isRefused, isSignIn, isStored, keep, refuse, refused } from "./outbox.js";
import { send, waiting } from "./outbox.js";
import { localTimes } from "./times.js";

const KEYS_OFF = "halftone-keys-off";
const MARKS_OFF = "halftone-marks-off";
const RETRY_SECONDS = 5;
const WORTH_SAYING_MS = 1500; // an answer is usually stored sooner than that
const BUSY_MS = 300;
const SKIP_PAUSE_MS = 500; // a second click of a double click meets the next item
const UNDO_MS = 10_000;
let shownAt = performance.now();
let hiddenFor = 0;
let hiddenSince = null;
let isSending = false;
let mustSignIn = false;
let typedMeanwhile = [];

const form = () => document.querySelector("[data-answer]");
const field = (name) => form().elements[name];
const annotatePath = () => document.querySelector("[data-annotate]").dataset.annotate;
const isOff = (setting) => localStorage.getItem(setting) === "yes";

document.documentElement.classList.add("scripted");
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenSince = performance.now();
  else if (hiddenSince !== null) {
    hiddenFor += performance.now() - hiddenSince;
    hiddenSince = null;
  }
});
document.addEventListener("submit", (event) => {
  if (event.target !== form() && !event.target.matches("[data-undo]")) return;
  event.preventDefault();
  if (event.target.matches("[data-undo]")) post(event.target, "take-back");
  else submit(event.submitter?.value ?? "submit");
});
document.addEventListener("input", touched);
document.addEventListener("change", touched);
document.addEventListener("pointerdown", rememberSecond);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help-open]")) help();
});
document.addEventListener("keydown", onKey);
setInterval(sendWaiting, RETRY_SECONDS * 1000);
sweepDrafts();
prepare();
sendWaiting();

function prepare() {
  [shownAt, hiddenFor, hiddenSince] = [performance.now(), 0, null];
  for (const hidden of document.querySelectorAll("[data-help-open]")) hidden.hidden = false;
  rememberSetting("[data-keys-off]", KEYS_OFF);
  rememberSetting("[data-marks-off]", MARKS_OFF);
  document.documentElement.classList.toggle("no-marks", isOff(MARKS_OFF));
  if (form()) {
    for (const none of form().querySelectorAll(".no-second input")) none.checked = false;
    if (!form().querySelector("[role=alert]")) restoreDraft(form());
  }
  const undo = document.querySelector("[data-skipped]");
  if (undo) setTimeout(() => undo.remove(), UNDO_MS);
  showLayout();
  localTimes();
  showOutbox();
}

function rememberSetting(selector, setting) {
  const box = document.querySelector(selector);
  if (!box) return;
  box.checked = isOff(setting);
  box.addEventListener("change", () => {
    localStorage.setItem(setting, box.checked ? "yes" : "no");
    document.documentElement.classList.toggle("no-marks", isOff(MARKS_OFF));
  });
}

function touched(event) {
  if (!form()?.contains(event.target)) return;
  const { name, value } = event.target;
  if (name === "primary" && value === chosen("secondary")) setSecondary("");
  form().querySelector("[data-said]")?.remove();
  keepDraft(form());
}

function chosen(name) {
  return form().querySelector(`[name=${name}]:checked`)?.value ?? "";
}

function setSecondary(value) {
  for (const input of form().querySelectorAll("[name=secondary]"))
    input.checked = value !== "" && input.value === value;
  keepDraft(form());
}

// A second choice that is clicked or touched again is taken back.
function rememberSecond(event) {
  const input = event.target.closest("label.secondary")?.querySelector("input");
  if (!input?.checked) return;
  input.addEventListener("click", () => setSecondary(""), { once: true });
}

function onKey(event) {
  if (!form() || document.querySelector("dialog[open]")) return;
  const isTyping = event.target.matches("textarea, input[type=text], select");
  if (isTyping || isOff(KEYS_OFF)) return;
  const meaning = meaningOf(event);
  if (!meaning) return;
  if (meaning.action === "submit" && event.target.closest("button, a, summary")) return;
  if (meaning.action === "scroll" && !scrolls(event, meaning.key)) return;
  event.preventDefault();
  if (isSending) typedMeanwhile.push(meaning);
  else act(meaning);
}

function act(meaning) {
  const actions = { flag, guidelines, help, nothing: () => {}, scroll: () => {} };
  actions.skip = () => submit("skip");
  actions.submit = () => submit("submit");
  actions.back = () => document.querySelector("[data-back]")?.click();
  actions.undo = () => document.querySelector("[data-undo] button")?.click();
  actions.label = () => chooseLabel(meaning.hotkey, meaning.isSecond);
  actions.confidence = () =>
    form().querySelector(`[name=confidence][data-code="${meaning.code}"]`)?.click();
  actions[meaning.action]();
}

// The text scrolls from anywhere; radio buttons keep their arrows.
function scrolls(event, key) {
  const text = document.querySelector("[data-text]");
  const isOwn = event.target.matches("input, button, a, summary") && /Arrow| /.test(key);
  if (!text || isOwn || text.scrollHeight <= text.clientHeight) return false;
  const page = text.clientHeight * 0.9;
  const steps = { PageDown: page, " ": page, PageUp: -page, ArrowDown: 48, ArrowUp: -48 };
  if (key === "Home" || key === "End") text.scrollTop = key === "Home" ? 0 : text.scrollHeight;
  else text.scrollBy({ top: steps[key] });
  return true;
}

function chooseLabel(hotkey, isSecond) {
  const name = isSecond ? "secondary" : "primary";
  const input = form().querySelector(`[name=${name}][data-hotkey="${hotkey}"]`);
  if (!input) return;
  if (!isSecond) input.click();
  else if (input.value !== chosen("primary")) setSecondary(input.checked ? "" : input.value);
}

const flag = () => form().querySelector("[data-flag]").click();
const help = () => document.querySelector("[data-help]").showModal();
function guidelines() {
  const details = document.querySelector("[data-guidelines] details");
  details.open = !details.open;
}

function submit(action) {
  if (isSending) return;
  if (action === "skip" && performance.now() - shownAt < SKIP_PAUSE_MS) return;
  field("seconds").value = ((performance.now() - shownAt - hiddenFor) / 1000).toFixed(2);
  if (action === "submit" && !chosen("primary")) return say("Choose a label first.");
  if (action === "submit" && !chosen("confidence")) return say("Say how sure you are.");
  post(form(), action);
}

async function post(source, action) {
  const fields = { ...Object.fromEntries(new FormData(source)), action };
  delete fields.csrfmiddlewaretoken; // a later sending uses the token of its own page
  const entry = { key: fields.key, url: annotatePath(), fields };
  if (action === "submit") keep(entry);
  await busily(async () => {
    const response = await send(entry);
    await take(response, entry);
  });
}

// One sending at a time. What is typed meanwhile is meant for the next item.
async function busily(work) {
  isSending = true;
  const dim = setTimeout(
    () => document.querySelector("main").setAttribute("aria-busy", "true"),
    BUSY_MS,
  );
  const warn = setTimeout(showOutbox, WORTH_SAYING_MS);
  const before = form()?.elements.assignment.value;
  try {
    await work();
  } catch {
    if (form())
      say("No connection. Your answer is kept here and sent as soon as the server answers.");
  } finally {
    isSending = false;
    clearTimeout(dim);
    clearTimeout(warn);
    document.querySelector("main").removeAttribute("aria-busy");
    showOutbox();
    const typed = typedMeanwhile.splice(0);
    if (form() && form().elements.assignment.value !== before) typed.forEach(act);
  }
}

// What came back for the item that is shown: the next item, this one with what is wrong with it,
// or a page that is not ours. Then the answer stays in the outbox.
async function take(response, entry) {
  const stored = isStored(response, entry);
  mustSignIn = isSignIn(response);
  if (!stored && !isRefused(response)) return;
  const shown = form();
  const mine = shown && field("key").value === entry.key ? shown : null;
  if (stored && mine) forgetDraft(mine);
  forget(entry.key);
  await show(response, stored);
}

async function show(response, isNext) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = page.querySelector("main");
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  if (isNext) history.replaceState(null, "", annotatePath());
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
  prepare();
}

function say(text) {
  form().querySelector("[data-said]")?.remove();
  const line = Object.assign(document.createElement("p"), {
    className: "error",
    textContent: text,
  });
  line.setAttribute("role", "alert");
  line.dataset.said = "";
  form().prepend(line);
}

function showOutbox() {
  const place = document.querySelector("[data-outbox]");
  if (!place) return;
  const [n, lost] = [waiting().length, refused()];
  place.hidden = n === 0 && lost.length === 0;
  place.replaceChildren();
  if (n && mustSignIn) place.append(link(`Sign in to send ${n} answer${n > 1 ? "s" : ""}`));
  else if (n) place.append(`${n} waiting to be sent`);
  else if (lost.length)
    place.append(`${lost.length} not accepted: ${lost[0].refused} `, ...kept(lost));
}

function link(text) {
  const href = `${document.body.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
  return Object.assign(document.createElement("a"), { href, textContent: text });
}

function kept(lost) {
  const said = lost.map(({ fields }) => JSON.stringify(fields)).join("\n");
  return [
    button("Copy what I answered", () => navigator.clipboard.writeText(said)),
    button("I have seen it", () => {
      for (const entry of lost) forget(entry.key);
      showOutbox();
    }),
  ];
}

function button(text, onclick) {
  const made = { className: "plain", type: "button", textContent: text, onclick };
  return Object.assign(document.createElement("button"), made);
}

async function sendWaiting() {
  if (isSending || !document.querySelector("[name=csrfmiddlewaretoken]") || !waiting().length)
    return;
  await busily(async () => {
    for (const entry of waiting()) {
      const response = await send(entry);
      const isShown = form()?.elements.assignment.value === entry.fields.assignment;
      if (isShown) await take(response, entry);
      else if (isStored(response, entry)) forget(entry.key);
      else if (isRefused(response)) refuse(entry, await reasonOf(response));
      else mustSignIn = isSignIn(response);
    }
  });
}

async function reasonOf(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const said = page.querySelector("main .error, main .lead")?.textContent.trim();
  return said ?? `the server answered ${response.status}`;
}
