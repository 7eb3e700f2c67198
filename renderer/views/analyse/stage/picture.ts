import type { FramePicture } from '../../../../preload/contract/viewer-port-frames'

/** Turns planar YUV 4:2:0 into something a canvas draws at once. */
export async function bitmapOf({ widthPx, heightPx, i420, matrix }: FramePicture): Promise<ImageBitmap> {
  const frame = new VideoFrame(i420, {
    format: 'I420',
    codedWidth: widthPx,
    codedHeight: heightPx,
    timestamp: 0,
    colorSpace: { matrix, primaries: matrix, transfer: matrix, fullRange: false },
  })
  try {
    return await createImageBitmap(frame)
  } finally {
    frame.close()
  }
}
