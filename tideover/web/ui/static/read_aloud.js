// Reads a text aloud where the phone has a voice for its language; without one, or without scripts, nothing is missing.
"use strict";
for (const article of document.querySelectorAll("[data-read-aloud]")) {
  const voices = window.speechSynthesis;
  if (!voices) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second read-aloud";
  const rest = () => { button.textContent = article.dataset.readAloud; };
  rest();
  button.addEventListener("click", () => {
    if (voices.speaking) { voices.cancel(); rest(); return; }
    const said = [...article.querySelectorAll("h1, h2, p, li, dt, dd")].map((it) => it.textContent.trim()).join(". ");
    const speech = new SpeechSynthesisUtterance(said);
    speech.lang = article.lang;
    speech.onend = rest;
    speech.onerror = rest;
    button.textContent = article.dataset.stopReading;
    voices.speak(speech);
  });
  article.querySelector("h1").after(button);
  window.addEventListener("pagehide", () => voices.cancel());
}
