// Which action a key stands for. Letters go by their place on the keyboard, so that they work on
// every layout; the number pad counts only as digits, so without NumLock it does nothing.
const ACTIONS = { KeyS: "skip", KeyF: "flag", KeyG: "guidelines", Backspace: "back" };
const ONCE = new Set(["skip", "flag", "guidelines", "back", "submit", "help", "undo"]);

export function meaningOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const meaning = read(event);
  return meaning && event.repeat && ONCE.has(meaning.action) ? { action: "nothing" } : meaning;
}

function read(event) {
  const digit = /^(Digit|Numpad)([1-9])$/.exec(event.code);
  if (digit) {
    const isDigit = digit[1] === "Digit" || /^[1-9]$/.test(event.key);
    return isDigit ? { action: "label", hotkey: digit[2], isSecond: event.shiftKey } : null;
  }
  if (event.key === "Enter") return { action: "submit" };
  if (event.key === "?") return { action: "help" };
  if (event.code === "KeyZ") return { action: "undo" };
  if (ACTIONS[event.code]) return { action: ACTIONS[event.code] };
  if (/^(Page(Up|Down)|Arrow(Up|Down)|Home|End| )$/.test(event.key))
    return { action: "scroll", key: event.key };
  if (/^Key[A-Z]$/.test(event.code)) return { action: "confidence", code: event.code };
  return null;
}

// Shows what stands on each key of this very keyboard, where the browser can tell.
export async function showLayout() {
  const layout = await navigator.keyboard?.getLayoutMap?.().catch(() => null);
  if (!layout) return;
  for (const shown of document.querySelectorAll("kbd[data-code]"))
    shown.textContent = layout.get(shown.dataset.code) ?? shown.textContent;
}
