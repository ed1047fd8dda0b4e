// A photo is made smaller before it is sent, which saves the telephone's data. Without this the server does it.
"use strict";

async function shrink(file, longest, accepted) {
  if (!file.type.startsWith("image/")) return file;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  const better = drawn.size < file.size || !accepted.includes(file.type);
  return better ? new File([drawn], "photo.jpg", { type: "image/jpeg" }) : file;
}

for (const input of document.querySelectorAll("input[data-shrink]")) {
  input.addEventListener("change", async () => {
    const chosen = input.files;
    const sent = new DataTransfer();
    for (const file of chosen) {
      // What this browser cannot draw goes as it is.
      sent.items.add(await shrink(file, Number(input.dataset.shrink), input.accept).catch(() => file));
    }
    if (input.files === chosen) input.files = sent.files;
  });
}
