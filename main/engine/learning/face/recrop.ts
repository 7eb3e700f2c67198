import { type FaceInput, FaceCropper } from '../../face/crop'
import { estimatePose } from '../../face/pose'
import { type FaceSet, selectFaces } from '../data/face-set'
import { enlargedPicture, type FoundFace } from './crop-geometry'

/**
 * The pictures of a set cut anew as the application would: found by the detector in a larger picture, cut where the card
 * says. What a network loses on them against the pictures themselves is what the cropping costs.
 * @returns the faces that were found, in order, with their labels and votes
 */
export function recropFaces(set: FaceSet, found: readonly FoundFace[], crop: FaceInput['crop']): FaceSet {
  const { sidePx } = set
  const perFace = sidePx * sidePx
  const cropper = new FaceCropper({
    widthPx: sidePx,
    heightPx: sidePx,
    colour: 'grey',
    normalisation: { kind: 'fixed', mean: [0], scale: 1 },
    crop,
    mirrorAverage: false,
  })
  const pixels = new Uint8Array(found.length * perFace)
  const values = new Float32Array(perFace)
  found.forEach((face, index) => {
    const box = crop.reference === 'landmarks' ? face.landmarkBox : face.detectorBox
    const angle = (estimatePose(face.landmarks).rollDegrees * Math.PI) / 180
    cropper.cut(enlargedPicture(set, face.item), box, angle, values, 0)
    values.forEach((value, pixel) => (pixels[index * perFace + pixel] = Math.round(value)))
  })
  return {
    ...selectFaces(
      set,
      found.map(({ item }) => item),
    ),
    pixels,
  }
}
