// Talking with the server, and telling the visitor what came of it.

import { words } from "/static/words.js";
import { node } from "/static/nodes.js";

const CROSS = "M6 6l12 12M18 6L6 18";

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// `stays`: it is important enough for a longer look. `act`: what a tap on the words does. What is said once more
// does not stand there twice.
export function toast(text, { stays = false, act = null } = {}) {
  const said = act ? node("button", { type: "button", class: "leads" }, text) : node("span", { dir: "auto" }, text);
  said.addEventListener("click", () => {
    if (act) shown.remove();
    act?.();
  });
  const shown = node("div", { class: "toast", role: stays ? "alert" : "status" }, said);
  const close = node("button", { type: "button", class: "plain", "aria-label": words("close") });
  close.append(icon(CROSS));
  close.addEventListener("click", () => shown.remove());
  shown.append(close);
  const toasts = document.getElementById("toasts");
  for (const old of [...toasts.children]) if (old.textContent === shown.textContent) old.remove();
  toasts.append(shown);
  setTimeout(() => shown.remove(), stays ? 12_000 : 4_000 + 50 * text.length);
}

export async function get(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// Sends an act; what came of it, or null after telling why not.
export async function post(act, data) {
  const isForm = data instanceof FormData;
  try {
    const answer = await fetch(`/room/${act}`, {
      method: "POST",
      headers: isForm ? {} : { "Content-Type": "application/json" },
      body: isForm ? data : JSON.stringify(data),
    });
    const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    if (answer.ok) return said;
    toast(words(`error_${said.error ?? (answer.status === 413 ? "too_large" : "network")}`));
  } catch {
    toast(words("error_network"));
  }
  return null;
}
