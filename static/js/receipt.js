// A photo is made smaller before it is sent, which saves the telephone's data, and is shown. Without this the
// server makes it smaller.
"use strict";

async function drawn(file, longest) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.className = "receipt";
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}

async function smaller(file, canvas, accepted) {
  const packed = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  const better = packed.size < file.size || !accepted.includes(file.type);
  return better ? new File([packed], "photo.jpg", { type: "image/jpeg" }) : file;
}

async function shrink(input) {
  const chosen = input.files;
  const previews = input.closest(".receipt-field").querySelector("[data-previews]");
  const sent = new DataTransfer();
  const shown = [];
  for (const file of chosen) {
    try {
      const canvas = await drawn(file, Number(input.dataset.shrink));
      sent.items.add(await smaller(file, canvas, input.accept));
      shown.push(canvas);
    } catch {
      sent.items.add(file); // What this browser cannot draw goes as it is.
    }
  }
  if (input.files !== chosen) return;
  input.files = sent.files;
  previews.replaceChildren(...shown);
}

for (const input of document.querySelectorAll("input[data-shrink]")) {
  input.addEventListener("change", () => shrink(input));
}
