// Requests to this server, and to no other.

/** A refusal by the server, with its status. */
export class Refused extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

async function answer(response) {
  const body = await response.json().catch(() => ({ error: `the server answered ${response.status}` }));
  if (!response.ok) throw new Refused(response.status, body.error);
  return body;
}

async function ask(path, options) {
  try {
    return await answer(await fetch(path, options));
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(0, "the server does not answer; nothing was lost, try again when it runs");
  }
}

const post = (path, body) =>
  ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

export const status = () => ask("/api/status");
/** The next images; those at the places `holding` are not handed to others meanwhile. */
export const tasks = (queue, reviewer, count, holding = []) =>
  ask(`/api/tasks?${new URLSearchParams({ queue, reviewer, count, holding: holding.join(",") })}`);
export const decide = (message) => post("/api/decide", message);
export const undo = (reviewer) => post("/api/undo", { reviewer });

/** The red channel of a PNG, one byte per pixel. */
export async function pixels(path, width, height) {
  const response = await fetch(path);
  if (!response.ok) await answer(response);
  const bitmap = await createImageBitmap(await response.blob(), { colorSpaceConversion: "none" });
  if (bitmap.width !== width || bitmap.height !== height) throw new Refused(0, "a picture has another size than its image");
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Uint8Array(width * height);
  for (let pixel = 0; pixel < values.length; pixel += 1) values[pixel] = data[4 * pixel];
  return values;
}
