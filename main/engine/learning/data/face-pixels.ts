const FIRST_CAPACITY = 1024

/** Grey pictures of one size, collected without knowing how many come. */
export class FacePixels {
  private pixels: Uint8Array
  private count = 0
  private readonly perFace: number

  constructor(sidePx: number) {
    this.perFace = sidePx * sidePx
    this.pixels = new Uint8Array(FIRST_CAPACITY * this.perFace)
  }

  /** Where the next picture goes, shape [sidePx, sidePx]; it counts once `keep` is called. */
  next(): Uint8Array {
    const start = this.count * this.perFace
    if (start + this.perFace > this.pixels.length) {
      const larger = new Uint8Array(this.pixels.length * 2)
      larger.set(this.pixels)
      this.pixels = larger
    }
    return this.pixels.subarray(start, start + this.perFace)
  }

  keep(): void {
    this.count++
  }

  /** Shape [count, sidePx, sidePx]. */
  take(): Uint8Array {
    return this.pixels.slice(0, this.count * this.perFace)
  }
}
