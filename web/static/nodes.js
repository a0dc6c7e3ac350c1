// From data to nodes. What people write only ever becomes text.

import { initial, listText, sizeText, timeText, words } from "/static/words.js";

export const BOT = 0;
const TAGS = new Set(["b", "i", "u", "s", "code", "a", "blockquote"]);
const MORE = "⋯";
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export function node(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside);
  return made;
}

// Draws anew what a list holds; whoever was at one of its buttons still is.
export function redraw(list, made) {
  const place = [...list.children].indexOf(document.activeElement);
  list.replaceChildren(...made);
  if (place >= 0) list.children[Math.min(place, list.children.length - 1)]?.focus();
}

// The next of some buttons by the arrow keys, from the one that has the focus.
export function nextByKey(all, event) {
  const step = STEPS[event.key];
  if (step) event.preventDefault();
  return step && all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
}

// A row that can be scrolled sideways, by a wheel too, shows whether it goes on.
export function showHowFar(row) {
  row.classList.toggle("goes-on", row.scrollWidth - row.scrollLeft - row.clientWidth > 1);
}

export function letScroll(row) {
  row.addEventListener("scroll", () => showHowFar(row));
  row.addEventListener("wheel", (event) => row.scrollBy(event.deltaY, 0), { passive: true });
}

export function avatar(member) {
  if (member.id === BOT) {
    return node("span", { class: "avatar", "aria-hidden": "true" }, node("img", { src: "/static/icon.svg", alt: "" }));
  }
  return node("span", { class: `avatar tint-${1 + (member.id % 9)}`, "aria-hidden": "true" }, initial(member.name));
}

// The bot's text: a tree of [tag, address, ...inside] and strings, as the server made it.
function formatted(tree) {
  return tree.map((part) => {
    if (typeof part === "string") return part;
    const [tag, address, ...inside] = part;
    const made = node(TAGS.has(tag) ? tag : "span", {}, ...formatted(inside));
    if (tag === "a" && /^https?:\/\//.test(address)) {
      made.href = address;
      made.target = "_blank";
      made.rel = "noopener noreferrer";
    }
    return made;
  });
}

function quote(reply, nameOf, open) {
  const text = reply.deleted ? words("withdrawn") : reply.text || words("only_picture");
  const made = node(
    "button",
    { type: "button", class: "quote" },
    node("b", {}, nameOf(reply.member)),
    node("span", {}, text),
  );
  made.addEventListener("click", () => open(reply.id));
  return made;
}

function photo(message, name, open) {
  const image = node("img", {
    src: `/room/pictures/${message.picture}`,
    alt: words("picture_of", { name }),
    loading: "lazy",
  });
  const made = node("button", { type: "button", class: "photo", "aria-label": words("open_picture") }, image);
  made.addEventListener("click", () => open(image));
  return { made, image };
}

// A recording is played; any other file is only ever kept, never opened here.
function attachment(file) {
  if (file.media_type.startsWith("audio/")) {
    return node("audio", { src: `/room/files/${file.id}`, controls: "", preload: "metadata", class: "voice" });
  }
  const about = node("span", {}, node("b", { dir: "auto" }, file.name), node("small", {}, sizeText(file.size)));
  const sign = node("span", { class: "sign", "aria-hidden": "true" }, "⤓");
  return node("a", { href: `/room/files/${file.id}`, download: file.name, class: "file" }, sign, about);
}

function buttons(message, press) {
  const rows = message.buttons.map((row) =>
    node("div", {}, ...row.map((button) => {
      if (button.url) {
        return node("a", { href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.label);
      }
      const made = node("button", { type: "button" }, button.label);
      made.addEventListener("click", () => press(message, button.data, made));
      return made;
    })),
  );
  return node("div", { class: "buttons" }, ...rows);
}

function reactions(message, speaker, nameOf, react) {
  const pills = message.reactions.map(([emoji, members]) => {
    const names = listText(members.map(nameOf));
    const about = words("reaction", { emoji, n: members.length, names });
    const made = node(
      "button",
      { type: "button", "aria-pressed": String(members.includes(speaker)), "aria-label": about, title: names },
      members.length > 1 ? `${emoji} ${members.length}` : emoji,
    );
    made.addEventListener("click", () => react(message, emoji));
    return made;
  });
  return node("div", { class: "reactions" }, ...pills);
}

function bubble(message, view) {
  const made = node("div", { class: "bubble" });
  if (message.reply) made.append(quote(message.reply, view.nameOf, view.jump));
  if (message.picture !== null) {
    const shown = photo(message, view.nameOf(message.member), view.enlarge);
    shown.image.addEventListener("load", view.settled);
    made.append(shown.made);
  }
  if (message.file !== null) made.append(attachment(message.file));
  const isBot = message.member === BOT;
  const text = isBot ? formatted(message.body) : [message.text];
  const stamp = (message.edited ? `${words("edited")} ` : "") + timeText(message.at, view.zone);
  made.append(node("span", { class: "words", dir: "auto" }, ...text), node("span", { class: "stamp" }, stamp));
  return made;
}

// A line about somebody who came or left.
function line(message, view) {
  return node("p", { class: "line", "data-id": message.id }, words(message.kind, { name: view.nameOf(message.member) }));
}

export function messageNode(message, view) {
  if (message.kind !== "text") return line(message, view);
  const member = view.memberOf(message.member);
  const who = node("div", { class: "who", dir: "auto" }, member.name);
  if (member.role === "owner") who.append(node("b", {}, words("owner")));
  const column = node("div", { class: "column" }, who, bubble(message, view));
  if (message.buttons.length) column.append(buttons(message, view.press));
  if (message.reactions.length) column.append(reactions(message, view.speaker(), view.nameOf, view.react));
  const more = node(
    "button",
    { type: "button", class: "plain more", "aria-label": words("actions"), "aria-haspopup": "menu" },
    MORE,
  );
  more.addEventListener("click", () => view.menu(message, more));
  const kind = member.id === view.speaker() ? " own" : member.id === BOT ? " from-bot" : "";
  return node("article", { class: `message${kind}`, "data-id": message.id }, avatar(member), column, more);
}
