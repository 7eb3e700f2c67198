/** Seeded damage to files, for the fuzz test. */

/** mulberry32: 32 bits of state are plenty for choosing bytes. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Mutation = (bytes: Buffer, random: () => number) => Buffer

const position = (bytes: Buffer, random: () => number) => Math.floor(random() * bytes.length)
/** Most of what a demuxer believes stands at the beginning. */
const earlyPosition = (bytes: Buffer, random: () => number) => Math.floor(random() ** 3 * bytes.length)

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  flipBits(bytes, random) {
    const copy = Buffer.from(bytes)
    for (let flips = 1 + Math.floor(random() * 40); flips > 0; flips--) {
      const at = earlyPosition(copy, random)
      copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8))
    }
    return copy
  },
  randomBytes(bytes, random) {
    const copy = Buffer.from(bytes)
    const start = earlyPosition(copy, random)
    const end = Math.min(copy.length, start + 1 + Math.floor(random() * 64))
    for (let at = start; at < end; at++) copy[at] = Math.floor(random() * 256)
    return copy
  },
  extremeNumber(bytes, random) {
    const copy = Buffer.from(bytes)
    if (copy.length < 4) return copy
    const values = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe]
    copy.writeUInt32BE(
      values[Math.floor(random() * values.length)] ?? 0,
      Math.min(earlyPosition(copy, random), copy.length - 4),
    )
    return copy
  },
  truncate: (bytes, random) => bytes.subarray(0, position(bytes, random)),
  cutBeginning: (bytes, random) => bytes.subarray(earlyPosition(bytes, random)),
  cutMiddle(bytes, random) {
    const start = position(bytes, random)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + Math.floor(random() * 2000))])
  },
  repeat(bytes, random) {
    const start = position(bytes, random)
    const piece = bytes.subarray(start, start + Math.floor(random() * 4000))
    return Buffer.concat([bytes.subarray(0, start), piece, piece, piece, bytes.subarray(start)])
  },
  zeroes(bytes, random) {
    const start = position(bytes, random)
    return Buffer.from(bytes).fill(0, start, Math.min(bytes.length, start + Math.floor(random() * 3000)))
  },
  glue: (bytes, random) => Buffer.concat([bytes.subarray(0, position(bytes, random)), bytes]),
}

const NAMES = Object.keys(MUTATIONS)

/**
 * One to three mutations chosen by the seed.
 * @returns the damaged bytes and what was done to them
 */
export function mutate(bytes: Buffer, seed: number): { bytes: Buffer; names: string[] } {
  const random = seededRandom(seed)
  const names = Array.from(
    { length: 1 + Math.floor(random() * 3) },
    () => NAMES[Math.floor(random() * NAMES.length)] ?? 'truncate',
  )
  return {
    bytes: names.reduce((damaged, name) => MUTATIONS[name]?.(damaged, random) ?? damaged, bytes),
    names,
  }
}
