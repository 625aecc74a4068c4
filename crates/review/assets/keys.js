// The keyboard: one table from keys to what they do.

/** What a key is called: what it writes, or where that is no Latin sign, as in Greek, what is written on it in English. */
function nameOf({ key, code, shiftKey }) {
  const [, letter, digit] = /^(?:Key([A-Z])|Digit([1-6]))$/.exec(code) ?? [];
  if (digit && !shiftKey && !/^[a-z?+=[\]-]$/i.test(key)) return digit;
  if (key.length === 1 && key > "~" && letter) return letter.toLowerCase();
  return key.length === 1 ? key.toLowerCase() : key;
}

const FIELDS = ["INPUT", "TEXTAREA", "SELECT"];

/** Calls what `bindings` has for a pressed key; a binding gets whether Shift is down. */
export function listen(bindings, isBlocked) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key.toLowerCase() !== "z" || event.altKey) return;
    }
    const typing = FIELDS.includes(event.target.tagName) && event.target.type !== "range";
    const sliding = event.target.type === "range" && event.key.startsWith("Arrow");
    const pressing = event.target.tagName === "BUTTON" && [" ", "Enter"].includes(event.key);
    if (typing || sliding || pressing || isBlocked()) return;
    const binding = bindings[nameOf(event)];
    if (!binding) return;
    event.preventDefault();
    if (event.repeat && !binding.repeats) return;
    binding.act(event.shiftKey);
  });
}

export const once = (act) => ({ act });
export const repeating = (act) => ({ act, repeats: true });
