// The page's words, times and names, in the visitor's language.

const root = document.documentElement;
const texts = JSON.parse(document.getElementById("texts").textContent);
const usualZone = root.dataset.zone;
const BRIEF = 10;

export const emojis = JSON.parse(document.getElementById("emojis").textContent);

export function words(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// How times are written in a zone; that of the settings where a chat has none of its own.
function written(timeZone) {
  const format = (options) => new Intl.DateTimeFormat(root.lang, { timeZone, ...options });
  return {
    clock: format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    day: format({ month: "short", day: "numeric", weekday: "short" }),
    key: new Intl.DateTimeFormat("en-CA", { timeZone }),
  };
}

const known = new Map();
function inZone(zone = usualZone) {
  if (!known.has(zone)) known.set(zone, written(zone));
  return known.get(zone);
}

export const timeText = (at, zone) => inZone(zone).clock.format(at);
export const dayKey = (at, zone) => inZone(zone).key.format(at);
export const dateText = (at, zone) => inZone(zone).day.format(at);

export function dayText(at, now, zone) {
  if (dayKey(at, zone) === dayKey(now, zone)) return words("today");
  if (dayKey(at, zone) === dayKey(now - 86_400_000, zone)) return words("yesterday");
  return dateText(at, zone);
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

const list = new Intl.ListFormat(root.lang, { style: "narrow", type: "conjunction" });
export const listText = (names) => list.format(names);

const graphemes = Intl.Segmenter ? new Intl.Segmenter(root.lang) : null;

function letters(name) {
  return graphemes ? Array.from(graphemes.segment(name), ({ segment }) => segment) : [...name];
}

export function initial(name) {
  return (letters(name.trim())[0] ?? "?").toLocaleUpperCase();
}

// A name where there is little room, apart from the writing direction around it.
export function brief(name) {
  const all = letters(name);
  const cut = all.length > BRIEF ? `${all.slice(0, BRIEF).join("")}…` : name;
  return `\u2068${cut}\u2069`;
}
