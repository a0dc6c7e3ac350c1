// What is being written in each chat: it waits there, also while the page is loaded anew.

const KEY = "drafts";
const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");

export const draftOf = (chat) => kept[chat] ?? "";

export function keepDraft(chat, text) {
  kept[chat] = text;
  sessionStorage.setItem(KEY, JSON.stringify(kept));
}
