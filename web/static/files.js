// Which files go along with a message, and why the others do not.

import { toast } from "/static/net.js";
import { listText, words } from "/static/words.js";

const LARGEST = 5 * 1024 * 1024;
const LARGEST_FILE = Number(document.documentElement.dataset.largestFile);
const MOST_PICTURES = 9;

export const isPicture = (file) => file.type.startsWith("image/");
const isVoice = (file) => file.type.startsWith("audio/");
const isText = (file) => /^text\/(plain|csv)$|^$/.test(file.type) || /\.(txt|csv)$/i.test(file.name);

// Says which of the given files do not go along, and why.
export function tellLeftOut(given, chosen) {
  const left = given.filter((one) => !chosen.includes(one));
  const fits = (one) => isPicture(one) || isVoice(one) || isText(one);
  const [more, others] = [left.filter(fits), left.filter((one) => !fits(one))];
  const named = (files) => ({ names: listText(files.map(({ name }) => name)) });
  if (others.length) toast(words("left_out_kind", named(others)));
  if (more.length) toast(words("left_out_more", named(more)));
}

// What one message takes of the given files: all pictures, else one file.
export function choose(given) {
  const pictures = given.filter(isPicture);
  return pictures.length ? pictures : given.filter((one) => isVoice(one) || isText(one)).slice(0, 1);
}

// Why these files cannot be sent; nothing when they can.
export function refusal(files) {
  if (!files.length) return words("error_no_text");
  if (files.length > MOST_PICTURES) return words("error_many_pictures", { n: MOST_PICTURES });
  if (isText(files[0]) && files[0].size > LARGEST_FILE) return words("error_file_too_large");
  return files.some((one) => one.size > LARGEST) ? words("error_too_large") : "";
}
