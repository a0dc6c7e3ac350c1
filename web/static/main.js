// The room: who there is, who speaks, what was said; and the live line that keeps it true.

import { followButton, showAsk, showLarge, showMenu, showPeople } from "/static/above.js";
import { get, post, toast } from "/static/net.js";
import { BOT, avatar, letScroll, nextByKey, node, redraw, showHowFar } from "/static/nodes.js";
import { Pane } from "/static/pane.js";
import { dateText, dayKey, spanText, timeText, words } from "/static/words.js";

const PANES = 2;
const ANSWER_TIME = 15_000;
const AGAIN = 1_000;
const YEAR = 365 * 86_400;

class Room {
  constructor() {
    this.rooms = [];
    this.members = [];
    this.zones = {};
    this.chats = new Map();
    this.loads = new Map();
    this.ended = new Set();
    this.strangers = new Set();
    this.news = new Set();
    this.waiting = [];
    this.panes = [];
    this.speaker = Number(localStorage.getItem("speaker")) || 0;
    this.offset = 0;
    this.moving = false;
    this.asked = 0;
    this.castShown = null;
  }

  // Who and where.

  now = () => Date.now() + this.offset;
  roomOf = (chat) => this.rooms.find((one) => one.chat === chat);
  privateChat = () => `m${this.speaker}`;
  memberOf = (id) =>
    id === BOT ? { id: BOT, name: words("bot") } : (this.members.find((one) => one.id === id) ?? this.stranger(id));
  // Whose line is here before their name is.
  stranger = (id) => {
    this.strangers.add(id);
    return { id, name: "?" };
  };
  nameOf = (id) => this.memberOf(id).name;
  // A private chat lives by the clock of the first room that its member is in.
  zoneOf = (chat) => this.zones[chat] ?? this.zones[this.rooms.find((one) => one.members.includes(this.speaker))?.chat];
  isIn = (chat) => chat === this.privateChat() || Boolean(this.roomOf(chat)?.members.includes(this.speaker));
  messagesOf = (chat) => [...(this.chats.get(chat)?.values() ?? [])];

  glimpse(message) {
    const flat = (tree) => tree.map((part) => (typeof part === "string" ? part : flat(part.slice(2)))).join("");
    return message.text || flat(message.body) || message.file?.name || words("only_picture");
  }

  view(pane) {
    return {
      nameOf: this.nameOf,
      memberOf: this.memberOf,
      speaker: () => this.speaker,
      zone: this.zoneOf(pane.chat),
      press: (message, data, button) => this.press(message, data, button),
      react: (message, emoji) => this.react(message, emoji),
      menu: (message, button) => showMenu(this, pane, message, button),
      enlarge: showLarge,
      jump: (id) => pane.jump(id),
      settled: () => pane.settled(),
    };
  }

  // What the speaker does.

  say(chat, text, { member = this.speaker, reply = null, file = null, album = "" } = {}) {
    const form = new FormData();
    form.set("chat", chat);
    form.set("member", member);
    form.set("text", text);
    if (reply) form.set("reply_to", reply);
    if (album) form.set("album", album);
    if (file) form.set(file.type.startsWith("image/") ? "picture" : "file", file);
    this.asked = Date.now();
    return post("say", form);
  }

  async press(message, data, button) {
    button.classList.add("waiting");
    setTimeout(() => button.classList.remove("waiting"), 4_000);
    this.asked = Date.now();
    await post("press", { member: this.speaker, message: message.id, data });
  }

  react(message, emoji) {
    return post("react", { member: this.speaker, message: message.id, emoji });
  }

  join(chat) {
    return post("join", { member: this.speaker, room: this.roomOf(chat).id });
  }

  leave(chat) {
    return post("leave", { member: this.speaker, room: this.roomOf(chat).id });
  }

  // Whoever opens a room wants to see it.
  async addRoom(pane) {
    const asked = await showAsk(words("room_title"), { tier: true, longest: 48 });
    const form = asked && { title: asked.words, tier: asked.tier, member: this.speaker };
    if (!form || !(await post("add_room", form))) return;
    await this.people();
    await this.open(pane, this.rooms.at(-1).chat);
  }

  async addMember() {
    const asked = await showAsk(words("member_name"), { longest: 32 });
    const here = this.panes.map((pane) => this.roomOf(pane.chat)).find(Boolean) ?? this.rooms[0];
    if (asked) await post("add_member", { name: asked.words, room: here.id });
  }

  showPeople(chat, button) {
    showPeople(this, this.roomOf(chat), button);
  }

  speakAs(member) {
    const before = this.privateChat();
    this.speaker = member;
    this.asked = 0;
    localStorage.setItem("speaker", member);
    for (const pane of this.panes) {
      pane.forget();
      if (pane.chat === before) this.open(pane, this.privateChat());
      else pane.fill();
    }
    this.draw();
    this.tellAnswers();
  }

  // What is shown.

  async open(pane, chat) {
    if (pane.chat !== chat) pane.turnTo(chat);
    this.news.delete(chat);
    localStorage.setItem("chats", JSON.stringify(this.panes.map((one) => one.chat)));
    this.draw();
    this.drawClock();
    await this.load(chat);
    if (pane.chat === chat) pane.fill();
  }

  load(chat) {
    if (!this.loads.has(chat)) this.loads.set(chat, this.fetch(chat));
    return this.loads.get(chat);
  }

  // What arrives while the messages are on their way is newer than they are.
  async fetch(chat) {
    this.chats.set(chat, new Map());
    const { messages } = await get(`/room/messages?chat=${chat}`);
    this.chats.set(chat, new Map([...messages.map((one) => [one.id, one]), ...this.chats.get(chat)]));
  }

  async older(chat) {
    const known = this.messagesOf(chat);
    if (!known.length || this.ended.has(chat)) return [];
    const { messages } = await get(`/room/messages?chat=${chat}&before=${known[0].id}`);
    if (!messages.length) this.ended.add(chat);
    this.chats.set(chat, new Map([...messages, ...known].map((one) => [one.id, one])));
    return messages;
  }

  draw() {
    const cast = this.members.map((member) => {
      const speaks = member.id === this.speaker;
      const news = this.hasNews(member.id) ? "has-news" : null;
      const state = { "aria-pressed": String(speaks), tabindex: speaks ? 0 : -1, class: news };
      const made = node("button", { type: "button", ...state }, avatar(member));
      made.append(node("span", { dir: "auto" }, member.name));
      made.addEventListener("click", () => this.speakAs(member.id));
      return made;
    });
    const list = document.getElementById("cast");
    redraw(list, cast);
    showHowFar(list);
    for (const pane of this.panes) pane.draw();
    if (this.castShown === this.speaker) return; // who scrolled on to others stays there
    this.castShown = this.speaker;
    list.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  hasNews(member) {
    return this.news.has(`m${member}`) || this.waiting.some((answer) => answer.member === member);
  }

  drawClock() {
    const zone = this.zoneOf(this.panes[0]?.chat);
    const day = dayKey(this.now(), zone);
    if (day !== this.day) for (const pane of this.panes) pane.arrange();
    this.day = day;
    document.getElementById("day").textContent = dateText(this.now(), zone);
    document.getElementById("now").textContent = timeText(this.now(), zone);
    const ahead = spanText(this.offset);
    const text = this.moving ? words("moving") : ahead && words("ahead", { time: ahead });
    document.getElementById("ahead").textContent = text;
    document.querySelector(".clock").classList.toggle("moving", this.moving);
    for (const button of document.querySelectorAll("[data-step]")) button.disabled = this.moving;
  }

  // The live line.

  async start() {
    const { rooms, members, zones, answers, clock } = await get("/room/state");
    Object.assign(this, { rooms, members, zones, waiting: answers });
    this.setClock(clock);
    if (!members.some((one) => one.id === this.speaker)) this.speaker = (members[1] ?? members[0]).id;
    this.chats.clear();
    this.loads.clear();
    this.ended.clear();
    if (!this.panes.length) this.addPanes();
    await Promise.all(this.panes.map((pane) => this.open(pane, pane.chat)));
    this.tellAnswers();
  }

  addPanes() {
    const kept = JSON.parse(localStorage.getItem("chats") ?? "[]");
    const known = (chat) => this.roomOf(chat) || chat === this.privateChat();
    for (let place = 0; place < PANES; place += 1) {
      const usual = this.rooms[place]?.chat ?? this.privateChat();
      const pane = new Pane(this);
      this.panes.push(pane);
      document.getElementById("panes").append(pane.root);
      pane.turnTo(known(kept[place]) ? kept[place] : usual);
    }
  }

  async people() {
    const { rooms, members } = await get("/room/state");
    Object.assign(this, { rooms, members });
    this.draw();
    const strangers = new Set(this.strangers);
    this.strangers.clear();
    for (const pane of this.panes) pane.name(strangers);
  }

  message(message) {
    const chat = this.chats.get(message.chat);
    if (message.deleted) chat?.delete(message.id);
    else chat?.set(message.id, message);
    const shown = this.panes.filter((pane) => pane.chat === message.chat);
    for (const pane of shown) pane.update(message);
    const inView = shown.some((pane) => pane.root.offsetParent !== null);
    if (inView || message.kind !== "text" || message.deleted) return;
    this.news.add(message.chat);
    this.draw();
    if (message.member === BOT && message.chat === this.privateChat()) this.tellPrivate();
  }

  // What was asked for in a room may be answered in private, and what nobody asked for comes there: say where it
  // is, a tap leads there.
  tellPrivate() {
    const pane = this.panes[0];
    const isAnswer = !this.moving && Date.now() - this.asked < ANSWER_TIME;
    const text = isAnswer ? words("answered_privately") : words("wrote_privately");
    toast(text, { act: () => this.open(pane, this.privateChat()) });
  }

  answer(answer) {
    for (const button of document.querySelectorAll(".waiting")) button.classList.remove("waiting");
    if (!answer.text) return;
    this.waiting.push(answer);
    this.tellAnswers();
    this.draw();
  }

  // What a button answers is told to the one who pressed, once they are the one who looks.
  tellAnswers() {
    const mine = this.waiting.filter((answer) => answer.member === this.speaker);
    this.waiting = this.waiting.filter((answer) => answer.member !== this.speaker);
    for (const answer of mine) {
      toast(answer.text, { stays: answer.alert });
      post("shown", { press: answer.id });
    }
    if (mine.length) this.draw();
  }

  setZones(zones) {
    this.zones = zones;
    for (const pane of this.panes) pane.fill();
    this.drawClock();
  }

  setClock({ now, moving }) {
    this.offset = now - Date.now();
    if (Math.abs(this.offset) < 60_000) this.offset = 0;
    this.moving = moving;
    this.drawClock();
  }

  follow() {
    const line = new EventSource("/room/live");
    const lost = document.getElementById("lost");
    const hear = (what, act) => line.addEventListener(what, (event) => act(JSON.parse(event.data)));
    line.addEventListener("open", () => {
      lost.hidden = true;
      this.start();
    });
    line.addEventListener("error", () => {
      lost.hidden = false;
      if (line.readyState === EventSource.CLOSED) setTimeout(() => this.follow(), AGAIN); // refused: it does not try again
    });
    hear("message", (message) => this.message(message));
    hear("answer", (answer) => this.answer(answer));
    hear("clock", (clock) => this.setClock(clock));
    hear("zones", (zones) => this.setZones(zones));
    hear("people", () => this.people());
    hear("again", () => this.start());
  }
}

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=strict`;
}

const room = new Room();
room.follow();
setInterval(() => room.drawClock(), 1_000);

const cast = document.getElementById("cast");
letScroll(cast);
cast.addEventListener("keydown", (event) => nextByKey([...cast.children], event)?.focus());
followButton(document.getElementById("settings"), document.getElementById("settings-button"));
document.getElementById("add-member").addEventListener("click", () => room.addMember());
for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => post("clock", { by: button.dataset.step }));
}
document.getElementById("theme").addEventListener("change", (event) => {
  document.documentElement.dataset.theme = event.target.value;
  remember("theme", event.target.value);
});
document.getElementById("language").addEventListener("change", (event) => {
  remember("lang", event.target.value);
  location.replace("/");
});
