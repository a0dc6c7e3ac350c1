// The page's words, times and names, in the visitor's language.

const root = document.documentElement;
const texts = JSON.parse(document.getElementById("texts").textContent);
const zone = root.dataset.zone;

export const emojis = JSON.parse(document.getElementById("emojis").textContent);

export function words(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const format = (options) => new Intl.DateTimeFormat(root.lang, { timeZone: zone, ...options });
const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = format({ month: "short", day: "numeric", weekday: "short" });
const key = new Intl.DateTimeFormat("en-CA", { timeZone: zone });

export const timeText = (at) => clock.format(at);
export const dayKey = (at) => key.format(at);
export const dateText = (at) => day.format(at);

export function dayText(at, now) {
  if (dayKey(at) === dayKey(now)) return words("today");
  if (dayKey(at) === dayKey(now - 86_400_000)) return words("yesterday");
  return day.format(at);
}

// A span of milliseconds in days and hours.
export function spanText(span) {
  const hours = Math.round(span / 3_600_000);
  const parts = [];
  if (hours >= 24) parts.push(words("days", { n: Math.floor(hours / 24) }));
  if (hours % 24) parts.push(words("hours", { n: hours % 24 }));
  return parts.join(" ");
}

export const sizeText = (bytes) => `${Math.max(1, Math.round(bytes / 1024)).toLocaleString(root.lang)} KB`;

const graphemes = Intl.Segmenter ? new Intl.Segmenter(root.lang) : null;

export function initial(name) {
  const trimmed = name.trim();
  const first = graphemes ? graphemes.segment(trimmed)[Symbol.iterator]().next().value?.segment : [...trimmed][0];
  return (first ?? "?").toLocaleUpperCase();
}
