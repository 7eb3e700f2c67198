import { describe, expect, it } from 'vitest'
import { RealFft } from '../../../main/engine/speech/fft'
import { Random } from '../../../main/engine/learning/random'

function randomSignal(size: number): Float64Array {
  const random = new Random(size)
  return Float64Array.from({ length: size }, () => random.gaussian())
}

/** The definition, term by term. */
function slowTransform(signal: Float64Array): { re: number[]; im: number[] } {
  const re: number[] = []
  const im: number[] = []
  for (let bin = 0; bin <= signal.length / 2; bin++) {
    let real = 0
    let imaginary = 0
    signal.forEach((value, n) => {
      const angle = (-2 * Math.PI * ((bin * n) % signal.length)) / signal.length
      real += value * Math.cos(angle)
      imaginary += value * Math.sin(angle)
    })
    re.push(real)
    im.push(imaginary)
  }
  return { re, im }
}

describe('RealFft', () => {
  // Half sizes that are powers of four and those that need a last radix-2 stage.
  it.each([8, 16, 32, 64, 128, 512, 1024])('agrees with the definition at size %d', (size) => {
    const signal = randomSignal(size)
    const fft = new RealFft(size)
    const re = new Float64Array(size / 2 + 1)
    const im = new Float64Array(size / 2 + 1)
    const power = new Float64Array(size / 2 + 1)
    fft.transform(signal, re, im)
    fft.powerSpectrum(signal, power)
    const expected = slowTransform(signal)
    expect(expected.re).toHaveLength(fft.binCount)
    for (let bin = 0; bin <= size / 2; bin++) {
      expect(re[bin]).toBeCloseTo(expected.re[bin]!, 9)
      expect(im[bin]).toBeCloseTo(expected.im[bin]!, 9)
      expect(power[bin]).toBeCloseTo(expected.re[bin]! ** 2 + expected.im[bin]! ** 2, 7)
    }
  })

  it('leaves its input as it was and gives the same answer again', () => {
    const fft = new RealFft(512)
    const signal = randomSignal(512)
    const copy = signal.slice()
    const first = new Float64Array(257)
    const second = new Float64Array(257)
    fft.powerSpectrum(signal, first)
    fft.powerSpectrum(signal, second)
    expect(signal).toEqual(copy)
    expect(second).toEqual(first)
  })

  it('keeps the energy (Parseval)', () => {
    const signal = randomSignal(256)
    const power = new Float64Array(129)
    new RealFft(256).powerSpectrum(signal, power)
    const inner = power.slice(1, -1).reduce((sum, value) => sum + value, 0)
    const energy = signal.reduce((sum, value) => sum + value * value, 0)
    expect((power[0]! + 2 * inner + power[128]!) / 256).toBeCloseTo(energy, 9)
  })

  it.each([0, 4, 100, 12.5])('refuses size %d', (size) => {
    expect(() => new RealFft(size)).toThrowError(expect.objectContaining({ code: 'internal' }))
  })
})
