// Keeps the look and one page about nobody; every other page comes from the network or not at all.
const NAME = "tideover-{{ version }}";
const KEPT = {{ kept|safe }};
self.addEventListener("install", (event) => event.waitUntil(
  caches.open(NAME).then((it) => it.addAll(KEPT)).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((it) => it !== NAME).map((it) => caches.delete(it)))).then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") { event.respondWith(fetch(event.request).catch(() => caches.match("/me/offline/"))); return; }
  if (KEPT.includes(new URL(event.request.url).pathname)) event.respondWith(caches.match(event.request).then((it) => it || fetch(event.request)));
});
self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : {};
  event.waitUntil(self.registration.showNotification(said.title || "", { body: said.body || "", lang: said.lang, dir: said.dir, tag: said.tag, data: "/me/" }));
});
self.addEventListener("notificationclick", (event) => { event.notification.close(); event.waitUntil(clients.openWindow(event.notification.data)); });
