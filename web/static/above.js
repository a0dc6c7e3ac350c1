// What opens above the page: a message's menu, who is here, a question, a large picture.

import { post } from "/static/net.js";
import { avatar, nextByKey, node } from "/static/nodes.js";
import { emojis, words } from "/static/words.js";

const EDGE = 8;

// Beside a button, inside the window.
function place(card, button) {
  const near = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const left = Math.min(Math.max(EDGE, near.left + near.width / 2 - width / 2), innerWidth - width - EDGE);
  const below = near.bottom + EDGE;
  const top = below + height < innerHeight - EDGE ? below : Math.max(EDGE, near.top - height - EDGE);
  card.style.inset = `${top}px auto auto ${left}px`;
}

function open(card, button) {
  card.showPopover();
  place(card, button);
  button.setAttribute("aria-expanded", "true");
  card.ontoggle = (event) => {
    if (event.newState === "closed") button.removeAttribute("aria-expanded");
  };
  card.querySelector("button")?.focus({ focusVisible: false, preventScroll: true });
}

export function followButton(card, button) {
  card.addEventListener("toggle", () => place(card, button));
}

export function showMenu(room, pane, message, button) {
  const card = document.getElementById("menu");
  const entry = (label, act) => {
    const made = node("button", { type: "button", role: "menuitem" }, label);
    made.addEventListener("click", () => {
      card.hidePopover();
      act();
    });
    return made;
  };
  const isOwn = message.member === room.speaker;
  const faces = emojis.map((emoji) => entry(emoji, () => room.react(message, emoji)));
  const acts = [entry(words("reply"), () => pane.reply(message))];
  if (isOwn) {
    acts.push(entry(words("edit"), () => pane.edit(message)));
    acts.push(entry(words("withdraw"), () => post("withdraw", { member: room.speaker, message: message.id })));
  }
  card.replaceChildren(node("div", { class: "emojis", role: "group", "aria-label": words("react") }, ...faces), ...acts);
  card.onkeydown = (event) => nextByKey([...card.querySelectorAll("button")], event)?.focus();
  open(card, button);
}

export function showPeople(room, here, button) {
  const card = document.getElementById("people");
  const lines = here.members.map((id) => {
    const member = room.memberOf(id);
    const who = node("span", { class: "who", dir: "auto" }, member.name);
    if (member.role === "owner") who.append(node("b", {}, words("owner")));
    return node("div", {}, avatar(member), who);
  });
  card.replaceChildren(...lines);
  if (here.members.includes(room.speaker)) {
    const leave = node("button", { type: "button" }, words("leave"));
    leave.addEventListener("click", () => {
      card.hidePopover();
      room.leave(here.chat);
    });
    card.append(leave);
  }
  open(card, button);
}

// Asks for a name; resolves to the answer, or null when it was left.
export function showAsk(question, { tier = false, longest }) {
  const dialog = document.getElementById("ask");
  const form = dialog.querySelector("form");
  form.reset();
  document.getElementById("ask-title").textContent = question;
  form.elements.words.maxLength = longest;
  form.querySelector(".tier").hidden = !tier;
  dialog.returnValue = "";
  dialog.querySelector(".cancel").onclick = () => dialog.close("");
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        const said = form.elements.words.value.trim();
        const answered = dialog.returnValue === "yes" && said;
        resolve(answered ? { words: said, tier: Number(form.elements.tier.value) } : null);
      },
      { once: true },
    );
  });
}

export function showLarge(image) {
  const dialog = document.getElementById("large");
  const shown = dialog.querySelector("img");
  shown.src = image.src;
  shown.alt = image.alt;
  dialog.onclick = () => dialog.close();
  dialog.showModal();
}
