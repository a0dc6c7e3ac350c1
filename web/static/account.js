// Shows the page anew whenever an account came or went, or is to be logged in by another code.

const SOON = 2_000;
const LATER = 10_000;
const page = document.documentElement;
const lost = document.getElementById("lost");

let next = 0;

async function look() {
  clearTimeout(next);
  try {
    const answer = await fetch("/account/state", { cache: "no-store" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { version } = await answer.json();
    if (version !== page.dataset.version) {
      location.reload();
      return;
    }
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
  const soon = "waits" in page.dataset || !lost.hidden;
  clearTimeout(next);
  next = setTimeout(look, soon ? SOON : LATER);
}

next = setTimeout(look, SOON);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
