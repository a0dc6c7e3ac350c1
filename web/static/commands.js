// The bot's commands, offered while one is being written: taken by arrows and Enter, or by a tap.

import { node } from "/static/nodes.js";

const commands = JSON.parse(document.getElementById("commands").textContent);
const BEGUN = /^\/(\w*)$/;
let lists = 0;

export class CommandMenu {
  constructor(pane) {
    this.pane = pane;
    this.text = pane.text;
    this.list = pane.root.querySelector(".commands");
    this.shown = [];
    this.chosen = 0;
    lists += 1;
    this.list.id = `commands-${lists}`;
    this.text.setAttribute("aria-controls", this.list.id);
    this.text.setAttribute("aria-autocomplete", "list");
    this.text.addEventListener("blur", () => this.close());
    this.text.addEventListener("focus", () => this.update());
    const slash = pane.root.querySelector(".slash");
    for (const tapped of [this.list, slash]) {
      tapped.addEventListener("pointerdown", (event) => event.preventDefault()); // the line keeps the keyboard
    }
    slash.addEventListener("click", () => this.write("/"));
  }

  // What the one who speaks may do here, of which the name begins as what is written.
  fitting(begun) {
    const { room, chat } = this.pane;
    const place = room.roomOf(chat) ? "group" : "private";
    const mayMore = room.memberOf(room.speaker).role === "owner";
    return commands.filter(
      (one) => one.places.includes(place) && (mayMore || !one.needs_right) && one.name.startsWith(begun),
    );
  }

  update() {
    const begun = BEGUN.exec(this.text.value)?.[1].toLowerCase();
    const isWriting = document.activeElement === this.text && begun !== undefined;
    this.shown = isWriting ? this.fitting(begun) : [];
    if (this.shown.length === 0) {
      this.close();
      return;
    }
    this.list.replaceChildren(...this.shown.map((one, place) => this.option(one, place)));
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.choose(0);
  }

  option(command, place) {
    const name = node("b", {}, `/${command.name}`);
    const id = `${this.list.id}-${place}`;
    const made = node("div", { role: "option", id }, name, node("span", { dir: "auto" }, command.about));
    made.addEventListener("click", () => this.take(command));
    return made;
  }

  choose(place) {
    this.chosen = (place + this.shown.length) % this.shown.length;
    const options = [...this.list.children];
    for (const [index, option] of options.entries()) option.setAttribute("aria-selected", index === this.chosen);
    options[this.chosen].scrollIntoView({ block: "nearest" });
    this.text.setAttribute("aria-activedescendant", options[this.chosen].id);
  }

  // Whether a key was for the list. Enter behind a whole name sends it, as behind any other words.
  key(event) {
    if (this.list.hidden) return false;
    const command = this.shown[this.chosen];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isWhole = event.key === "Enter" && this.text.value.toLowerCase() === `/${command.name}`;
    if (step) this.choose(this.chosen + step);
    else if (event.key === "Escape") this.close();
    else if ((event.key === "Enter" && !event.shiftKey && !isWhole) || event.key === "Tab") this.take(command);
    else return false;
    event.preventDefault();
    return true;
  }

  take(command) {
    this.write(`/${command.name} `);
  }

  write(text) {
    this.text.value = text;
    this.text.focus();
    this.pane.grow();
  }

  close() {
    this.list.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }
}
