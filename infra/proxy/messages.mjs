// Owns the view on a WebSocket's frames on their way out (RFC 6455, 5.2): enough of each header to know how long a message grows.
// Must never look into a payload.
const CONTROL = 0x8;

// Feed it the bytes as they come; it says when a message would pass `largest` bytes, before that frame's payload is let through.
export class MessageMeter {
  constructor(largest) {
    this.largest = largest;
    this.header = Buffer.alloc(0); // of a frame whose header has not come whole
    this.payloadLeft = 0n;
    this.message = 0n;
  }

  // Returns how many bytes of `chunk` may pass: fewer than all of them means that a message is too long.
  passable(chunk) {
    let at = 0;
    while (at < chunk.length) {
      if (this.payloadLeft > 0n) {
        const step = Math.min(chunk.length - at, Number(this.payloadLeft));
        this.payloadLeft -= BigInt(step);
        at += step;
      } else {
        const before = Math.max(0, at - this.header.length);
        this.header = Buffer.concat([this.header, chunk.subarray(at, at + 1)]);
        at += 1;
        if (!this.#headerSoFarIsGood()) return before;
      }
    }
    return at;
  }

  #headerSoFarIsGood() {
    const length = payloadLength(this.header);
    if (length === undefined) return true;
    const [first] = this.header;
    this.header = Buffer.alloc(0);
    this.payloadLeft = length;
    if ((first & 0x0f) >= CONTROL) return length <= 125n;
    this.message += length;
    const good = this.message <= BigInt(this.largest);
    if (first & 0x80) this.message = 0n; // last frame of the message
    return good;
  }
}

function payloadLength(header) {
  if (header.length < 2) return undefined;
  const short = header[1] & 0x7f;
  const wide = { 126: 2, 127: 8 }[short] ?? 0;
  const masked = header[1] & 0x80 ? 4 : 0;
  if (header.length < 2 + wide + masked) return undefined;
  if (wide === 2) return BigInt(header.readUInt16BE(2));
  return wide === 8 ? header.readBigUInt64BE(2) : BigInt(short);
}

// A closing frame: 1009 is "message too big" (RFC 6455, 7.4.1); the reason may have 123 bytes.
export function closeTooBig(reason) {
  const words = Buffer.from(reason).subarray(0, 123);
  return Buffer.concat([Buffer.from([0x88, words.length + 2, 0x03, 0xf1]), words]);
}
