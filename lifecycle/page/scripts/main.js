import { byId, element } from "./dom.js";
import { speak, text } from "./texts.js";

const data = JSON.parse(byId("data").textContent ?? "");
speak(data.texts);
byId("play").append(element("h1", {}, text("title")));
