/** Every threshold of the face analysis in one place, each with its reason. */
export const FACE_PARAMETERS = {
  /** Side of the tiny detector's input: face-api's fast setting; finds faces from about a tenth of the picture. */
  detectorSidePx: 224,
  /** Side for the search for smaller faces: finds them from about a fifteenth of the picture, misses some large ones. */
  searchSidePx: 320,
  /** A face that only the search sees must be surer: at this side the net errs more often. */
  searchScore: 0.6,
  /** Detections weaker than this are noise: they never continue a track. */
  keepScore: 0.3,
  /** A track starts only at face-api's own threshold; between the two a known face is kept as 'low_score'. */
  startScore: 0.5,
  /** Overlap above which two detections are one face: face-api's own setting of the tiny detector. */
  maxOverlap: 0.4,

  /** Faces as sure as this are upright: nothing is turned. Lying faces score 0.3 to 0.5. */
  uprightScore: 0.6,
  /** Faces must be as sure as this after a quarter turn, and by so much surer than before, for the clip to be turned. */
  turnScore: 0.7,
  turnGain: 0.25,
  /** Pictures of a window on which the turn is judged. */
  turnPictures: 3,

  /** Media time between two detections of a steady face: a nod takes longer. */
  detectionIntervalSecs: 0.2,
  /** A face whose box changes more than this between two detections is looked at in the middle, too. */
  steadyIou: 0.7,
  /** Sightings that make a track: one alone is a false alarm more often than a face. */
  confirmSightings: 2,
  /** Media time for which a lost face keeps its number: a turn of the head, a hand across the face. */
  lostSecs: 1,

  /** A face does not jump further than this many of its own sizes between two detections 0.2 s apart. */
  gateSizes: 1,
  /** The gate widens by this many sizes for each second without a sighting. */
  gateGrowthPerSec: 1.5,
  /** A face does not change its size by more than this factor between two sightings. */
  gateSizeRatio: 2.2,
  /**
   * Weights of 1 - overlap, distance in face sizes and 1 - correlation of looks in the cost of joining a detection to a
   * track. Looks weigh most: one face correlates by over 0.9 with itself, two faces by about 0.5.
   */
  overlapWeight: 1,
  distanceWeight: 1,
  appearanceWeight: 2,
  /** Share of the newest sighting in a track's velocity and looks. */
  velocityShare: 0.5,
  appearanceShare: 0.3,

  /** Frames looked at together: at least the span a decision needs, small enough to bound memory. */
  windowFrames: 32,
  /** Crops that go through the network together: beyond this the time a face no longer falls. */
  batchSize: 32,

  /** Below this box side in source pixels a crop is mostly interpolation (FER2013 itself has 48). */
  smallFacePx: 48,
  /** Share of the box that may lie outside the picture before a face counts as cut off. */
  edgeShare: 0.05,

  /**
   * Longer side of the decoded picture: a face that fills a quarter of it has 160 px, more than the 112 the network
   * takes.
   */
  decodeLongestSidePx: 640,
} as const
