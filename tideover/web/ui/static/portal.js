// Everything works without this file. With it the way out leaves no trace in the history, a page can be read aloud, a passkey
// opens the door, and a page says kindly that the line is down.
(() => {
  for (const link of document.querySelectorAll("[data-leave]")) {
    link.addEventListener("click", (event) => { event.preventDefault(); document.documentElement.hidden = true; location.replace(link.href); });
  }

  const aloud = document.querySelector("[data-aloud]");
  if (aloud && "speechSynthesis" in window) {
    aloud.hidden = false;
    aloud.addEventListener("click", () => {
      if (speechSynthesis.speaking) { speechSynthesis.cancel(); return; }
      const said = document.querySelector("[data-spoken]") || document.getElementById("main");
      const words = new SpeechSynthesisUtterance(said.dataset?.spoken || said.innerText);
      words.lang = document.documentElement.lang;
      speechSynthesis.speak(words);
    });
  }

  if ("serviceWorker" in navigator && location.pathname.startsWith("/me/")) {
    navigator.serviceWorker.register("/me/sw.js", { scope: "/me/" }).catch(() => {});
  }

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (it) => it.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const post = async (address, body) => {
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token() }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const place = document.querySelector("[data-passkey]");
  if (place && window.PublicKeyCredential) {
    place.hidden = false;
    const said = place.querySelector("[data-passkey-said]");
    const tried = (work) => async () => { try { await work(); } catch { said.textContent = said.dataset.failed; } };
    place.querySelector("[data-passkey-use]")?.addEventListener("click", tried(async () => {
      const asked = (await post("/me/passkey/asked/", {})).publicKey;
      asked.challenge = bytes(asked.challenge);
      asked.allowCredentials = [];
      const got = await navigator.credentials.get({ publicKey: asked });
      const { response } = got;
      const told = await post("/me/passkey/used/", { id: got.id, rawId: text(got.rawId), type: got.type, response: {
        clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.authenticatorData), signature: text(response.signature) } });
      location.assign(told.next);
    }));
    place.querySelector("[data-passkey-make]")?.addEventListener("click", tried(async () => {
      const asked = (await post("/me/passkey/new/", {})).publicKey;
      asked.challenge = bytes(asked.challenge);
      asked.user.id = bytes(asked.user.id);
      asked.excludeCredentials = (asked.excludeCredentials || []).map((it) => ({ ...it, id: bytes(it.id) }));
      const got = await navigator.credentials.create({ publicKey: asked });
      await post("/me/passkey/made/", { id: got.id, rawId: text(got.rawId), type: got.type, response: {
        clientDataJSON: text(got.response.clientDataJSON), attestationObject: text(got.response.attestationObject) } });
      location.reload();
    }));
  }

  const pushed = document.querySelector("[data-push]");
  if (pushed && "PushManager" in window) {
    pushed.hidden = false;
    const said = pushed.querySelector("[data-push-said]");
    const told = (work, text) => async () => { try { await work(); said.textContent = text; } catch { said.textContent = said.dataset.failed; } };
    pushed.querySelector("[data-push-allow]").addEventListener("click", told(async () => {
      const worker = await navigator.serviceWorker.ready;
      const got = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(pushed.dataset.push) });
      await post("/me/push/allow/", got.toJSON());
    }, said.dataset.on));
    pushed.querySelector("[data-push-back]").addEventListener("click", told(() => post("/me/push/back/", {}), said.dataset.off));
  }
})();
