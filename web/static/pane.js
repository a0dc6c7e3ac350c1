// One column: a chat's messages, and the line to write in.

import { CommandMenu } from "/static/commands.js";
import { draftOf, keepDraft } from "/static/drafts.js";
import { choose, isPicture, refusal, tellLeftOut } from "/static/files.js";
import { post, toast } from "/static/net.js";
import { letScroll, messageNode, nextByKey, node, redraw, showHowFar } from "/static/nodes.js";
import { brief, dayKey, dayText, words } from "/static/words.js";

const CLOSE_TO_END = 90;
const TOGETHER = 5 * 60_000;
const LONGEST = Number(document.documentElement.dataset.longest);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// Also where a page is no secure context and has no randomUUID.
const newAlbum = () => crypto.getRandomValues(new BigUint64Array(1))[0].toString(16);
export class Pane {
  constructor(room) {
    this.room = room;
    this.chat = "";
    this.about = null;
    this.files = [];
    this.underWay = null;
    this.tabShown = null;
    this.follows = true;
    this.top = 0;
    this.root = document.getElementById("pane").content.firstElementChild.cloneNode(true);
    for (const name of ["messages", "newer", "outside", "inside", "chips", "about", "composer", "people"]) {
      this[`${name}Node`] = this.root.querySelector(`.${name}`);
    }
    this.tabs = this.root.querySelector("[role=tablist]");
    this.text = this.root.querySelector("textarea");
    this.inputs = [...this.root.querySelectorAll("input[type=file]")];
    this.nodes = new Map();
    this.commands = new CommandMenu(this);
    this.listen();
    this.suggest();
  }

  listen() {
    this.composerNode.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("input", () => this.grow());
    this.text.addEventListener("paste", (event) => this.take(event.clipboardData?.files, event));
    for (const input of this.inputs) input.addEventListener("change", () => this.take(input.files));
    this.root.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.root.classList.add("dropping");
    });
    this.root.addEventListener("dragleave", () => this.root.classList.remove("dropping"));
    this.root.addEventListener("drop", (event) => {
      this.root.classList.remove("dropping");
      this.take(event.dataTransfer?.files, event);
    });
    this.aboutNode.querySelector("button").addEventListener("click", () => this.forget());
    this.newerNode.addEventListener("click", () => this.toEnd());
    this.messagesNode.addEventListener("scroll", () => this.scrolled());
    this.outsideNode.querySelector("button").addEventListener("click", () => this.room.join(this.chat));
    this.peopleNode.addEventListener("click", () => this.room.showPeople(this.chat, this.peopleNode));
    this.root.querySelector(".add-room").addEventListener("click", () => this.room.addRoom(this));
    this.tabs.addEventListener("keydown", (event) => this.turn(event));
    letScroll(this.tabs);
    this.root.querySelector(".skip").addEventListener("click", () => this.toLine());
  }

  // Enter sends, but not while an input method is choosing characters.
  key(event) {
    if (event.isComposing || event.keyCode === 229 || this.commands.key(event)) return;
    if (event.key === "Escape") this.forget();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.send();
  }

  turn(event) {
    const next = nextByKey([...this.tabs.children], event);
    if (!next) return;
    next.click();
    this.tabs.querySelector("[aria-selected=true]")?.focus();
  }

  // To where one writes, or comes in.
  toLine() {
    const line = this.insideNode.hidden ? this.outsideNode.querySelector("button") : this.text;
    line.focus();
  }

  // To another chat; what was begun in either stays there.
  turnTo(chat) {
    this.forget();
    this.chat = chat;
    this.text.value = draftOf(chat);
    this.grow();
  }

  grow() {
    if (!this.about?.edit) keepDraft(this.chat, this.text.value);
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
    this.commands.update();
  }

  suggest() {
    for (const said of words("try_words").split("|")) {
      const chip = node("button", { type: "button" }, said);
      chip.addEventListener("click", () => this.room.say(this.chat, said));
      this.chipsNode.append(chip);
    }
  }

  // What is about to be sent besides text: a reply, an edit, pictures, a recording or a file of text.

  show(title, text) {
    this.aboutNode.querySelector("b").textContent = title;
    this.aboutNode.querySelector("span").textContent = text;
    this.aboutNode.hidden = false;
    this.settled();
    this.text.focus();
  }

  reply(message) {
    this.forget();
    this.about = { reply: message.id };
    this.show(words("replying", { name: this.room.nameOf(message.member) }), this.room.glimpse(message));
  }

  edit(message) {
    this.forget();
    this.about = { edit: message.id };
    this.text.value = message.text;
    this.show(words("editing"), message.text);
    this.grow();
  }

  take(files, event) {
    const given = [...(files ?? [])];
    const chosen = choose(given);
    const isPasted = event?.type === "paste"; // perhaps beside text, which is taken then
    if (!given.length || (isPasted && !chosen.length)) return;
    event?.preventDefault(); // else the browser would leave for a dropped file
    const why = refusal(chosen);
    if (why) {
      toast(why);
      return;
    }
    tellLeftOut(given, chosen);
    if (this.about?.edit) this.forget();
    this.files = chosen;
    const [picture, paper] = this.inputs.map((input) => input.parentElement.classList);
    const arePictures = isPicture(chosen[0]);
    picture.toggle("chosen", arePictures);
    paper.toggle("chosen", !arePictures);
    const ready = arePictures ? words("picture_ready") : words("file_ready");
    if (chosen.length > 1) this.show(words("pictures_ready", { n: chosen.length }), "");
    else this.show(ready, chosen[0].name);
  }

  forget() {
    if (this.about?.edit) this.text.value = draftOf(this.chat);
    this.about = null;
    this.files = [];
    for (const input of this.inputs) {
      input.value = "";
      input.parentElement.classList.remove("chosen");
    }
    this.aboutNode.hidden = true;
    this.grow();
  }

  async send() {
    const text = this.text.value.trim();
    if (!text && !this.files.length) return;
    if ([...text].length > LONGEST) {
      toast(words("error_too_long"));
      return;
    }
    const { about, files, chat } = this;
    if (files.length && files === this.underWay) return;
    this.underWay = files;
    const sending = about?.edit
      ? post("edit", { member: this.room.speaker, message: about.edit, text })
      : this.say(text, about?.reply, files);
    const sent = await sending;
    if (this.underWay === files) this.underWay = null;
    if (sent === null) return;
    if (this.about === about && this.files === files) this.forget();
    if (draftOf(chat).trim() === text) keepDraft(chat, ""); // what was begun meanwhile stays
    if (this.chat !== chat) return;
    this.text.value = draftOf(chat);
    this.grow();
    this.toEnd();
  }

  // Several pictures are an album: one message after the other, the words with the first; here and by who speaks
  // now, whatever is shown meanwhile.
  async say(text, reply, files) {
    const { chat } = this;
    const album = files.length > 1 ? newAlbum() : "";
    const all = { member: this.room.speaker, album };
    const first = await this.room.say(chat, text, { ...all, reply, file: files[0] });
    if (first === null) return null;
    for (const file of files.slice(1)) {
      if ((await this.room.say(chat, "", { ...all, file })) === null) break; // it was said why
    }
    return first;
  }

  // What is shown.

  draw() {
    const { room } = this;
    const inside = room.isIn(this.chat);
    const name = room.nameOf(room.speaker);
    this.insideNode.hidden = !inside;
    this.outsideNode.hidden = inside;
    this.outsideNode.querySelector("span").textContent = words("not_here", { name });
    this.text.placeholder = words("write", { name: brief(name) });
    this.text.setAttribute("aria-label", words("write", { name }));
    const here = room.roomOf(this.chat);
    this.peopleNode.hidden = !here;
    this.peopleNode.textContent = here ? words("people", { n: here.members.length }) : "";
    this.drawTabs();
  }

  drawTabs() {
    const tab = (chat, label, tier) => {
      const chosen = chat === this.chat;
      const news = this.room.news.has(chat) ? "has-news" : null;
      const made = node(
        "button",
        {
          type: "button",
          role: "tab",
          title: label,
          "aria-selected": String(chosen),
          tabindex: chosen ? 0 : -1,
          class: news,
        },
        node("bdi", {}, label),
      );
      if (tier) made.append(node("span", { class: `tier-mark tier-${tier}` }, words("tier", { n: tier })));
      made.addEventListener("click", () => this.room.open(this, chat));
      return made;
    };
    const rooms = this.room.rooms.map((one) => tab(one.chat, one.title, one.tier));
    redraw(this.tabs, [...rooms, tab(this.room.privateChat(), words("private"))]);
    showHowFar(this.tabs);
    if (this.tabShown === this.chat) return; // who scrolled on to other tabs stays there
    this.tabShown = this.chat;
    this.tabs.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  fill() {
    this.nodes.clear();
    this.messagesNode.replaceChildren();
    for (const message of this.room.messagesOf(this.chat)) this.put(message, false);
    this.arrange();
    this.toEnd(false);
  }

  put(message, isNew) {
    const old = this.nodes.get(message.id);
    if (message.deleted) {
      old?.remove();
      this.nodes.delete(message.id);
      return;
    }
    const made = messageNode(message, this.room.view(this));
    if (isNew && !old) made.classList.add("arriving");
    this.nodes.set(message.id, made);
    if (old) old.replaceWith(made);
    else this.messagesNode.append(made);
  }

  // A message changed or came: draw it, and stay at the end if that is where one was.
  update(message) {
    const isNew = !this.nodes.has(message.id);
    this.put(message, true);
    this.arrange();
    if (this.follows || (isNew && message.member === this.room.speaker)) this.toEnd();
    else if (isNew) this.newerNode.hidden = false;
  }

  // These members were not known when their messages were drawn.
  name(members) {
    for (const message of this.room.messagesOf(this.chat)) {
      if (members.has(message.member) && this.nodes.has(message.id)) this.put(message, false);
    }
    this.arrange();
  }

  // Days between messages, and no name above every one of several by the same person.
  arrange() {
    for (const old of this.messagesNode.querySelectorAll(".day, .empty")) old.remove();
    const zone = this.room.zoneOf(this.chat);
    let before = null;
    for (const message of this.room.messagesOf(this.chat)) {
      const shown = this.nodes.get(message.id);
      if (!shown) continue;
      const isNewDay = !before || dayKey(before.at, zone) !== dayKey(message.at, zone);
      if (isNewDay) {
        const day = node("p", { class: "day" }, node("span", {}, dayText(message.at, this.room.now(), zone)));
        shown.before(day);
      }
      const together = !isNewDay && before.kind === "text" && before.member === message.member;
      shown.classList.toggle("follows", together && message.at - before.at < TOGETHER);
      before = message;
    }
    if (!before) this.messagesNode.append(node("p", { class: "empty" }, this.emptyText()));
  }

  emptyText() {
    const isPrivate = !this.room.roomOf(this.chat);
    return isPrivate ? words("empty_private", { name: this.room.nameOf(this.room.speaker) }) : words("empty");
  }

  // Where one is.

  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.messagesNode;
    return scrollHeight - scrollTop - clientHeight < CLOSE_TO_END;
  }

  toEnd(smoothly = true) {
    this.newerNode.hidden = true;
    this.follows = true;
    const behavior = smoothly && !calm.matches ? "smooth" : "instant";
    this.messagesNode.scrollTo({ top: this.messagesNode.scrollHeight, behavior });
  }

  // A picture arrived, or less room is left: if the end was in view, it still is.
  settled() {
    if (this.follows) this.toEnd(false);
  }

  // To a message, also to one from long ago.
  async jump(id) {
    while (Math.min(...this.nodes.keys()) > id && (await this.showOlder())); // each time some more
    const shown = this.nodes.get(id);
    if (!shown) return;
    shown.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
    shown.classList.add("highlight");
    setTimeout(() => shown.classList.remove("highlight"), 1_500);
  }

  // Who scrolls up reads; who is at the end, or on the way there, follows what comes.
  scrolled() {
    const { scrollTop } = this.messagesNode;
    if (this.isAtEnd()) {
      this.follows = true;
      this.newerNode.hidden = true;
    } else if (scrollTop < this.top) {
      this.follows = false;
    }
    this.top = scrollTop;
    if (scrollTop <= 60) this.showOlder();
  }

  // Draws what was said before, and leaves in view what is; whether there was anything.
  showOlder() {
    this.older ??= this.drawOlder().finally(() => {
      this.older = null;
    });
    return this.older;
  }

  // The other pane may have asked for the same already.
  async drawOlder() {
    const { chat } = this;
    if (!this.notDrawn().length) await this.room.older(chat);
    const messages = chat === this.chat ? this.notDrawn() : [];
    if (!messages.length) return false; // whoever is on the way to the end goes on
    const { scrollHeight, scrollTop } = this.messagesNode;
    for (const message of messages.toReversed()) {
      const made = messageNode(message, this.room.view(this));
      this.nodes.set(message.id, made);
      this.messagesNode.prepend(made);
    }
    this.arrange();
    const more = this.messagesNode.scrollHeight - scrollHeight; // the browser may have moved by it already
    this.messagesNode.scrollTop = scrollTop + more;
    return true;
  }

  notDrawn() {
    return this.room.messagesOf(this.chat).filter((one) => !this.nodes.has(one.id));
  }
}
