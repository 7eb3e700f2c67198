/** What a reader must know of a model and no number says, by task. Written for a psychologist first. */
export interface CardProse {
  readonly whatItDoes: readonly string[]
  readonly data: readonly string[]
  readonly limits: readonly string[]
  readonly missing: readonly string[]
  readonly intended: readonly string[]
  readonly unintended: readonly string[]
}

export type CardTask = 'face-emotion' | 'speech-emotion' | 'fusion'

/** Holds for every model here, whatever it was trained on. */
const NOT_FOR = [
  'Decisions about a person: hiring, school, insurance, credit, border, police, court, diagnosis, therapy.',
  'Detecting lies, intentions or mental illness. No expression of face or voice shows these.',
  'Watching people who do not know of it or cannot refuse. In the European Union, inferring emotions at work and in education is forbidden outside medical and safety reasons (AI Act, article 5).',
]

const FOR = [
  'Research on groups and on time courses, where errors average out and the figures above tell how large they are.',
  'A first pass for human coders, who check and correct it.',
  'Teaching, and comparison with other tools on the same recordings.',
]

const FACE: CardProse = {
  whatItDoes: [
    'It looks at a picture of one face and says how probable each emotion word is as a description of it. It does not look into a person: a smile may be polite, a still face may hide grief. Read its answer as "raters would call this face ...", not as "this person feels ...".',
    'In a video every face is cut out by the detector, brought to the size and place that training pictures have, and read frame by frame; how frames become segments is the work of the program, not of this model.',
  ],
  data: [
    'FER2013 (Goodfellow et al. 2013) are grey pictures of 48 x 48 pixels that an image search returned for emotion words; the word of the search, tidied up, is the label. People who sort these pictures agree with the labels about 65 times in 100; networks that learn the habits of the labels reach a little over 70.',
    'FER+ (Barsoum et al. 2016) are the votes of ten raters on the same pictures. Votes and labels disagree on more than a third of them, above all on fear and sadness. The votes are nearer to what people see, so the head of the network that was trained on them serves the application; the other is measured for comparison with published figures.',
  ],
  limits: [
    'The pictures are posed, acted or chosen because they are striking. Faces in a conversation move less and mix more; expect more "neutral" and lower figures.',
    'Disgust, contempt and fear are rare in the data. Look at the table by emotion before you count them; a change of a few per cent in a rare emotion is likely an error of the model.',
    'Faces below about 40 pixels, turned by more than about 30 degrees, behind hands, masks or hair, in hard light or out of focus are read worse. The program gives such faces less weight in fusion and exports the reasons.',
    'A probability is calibrated for pictures like those of the test. On your recordings it may be off: check a sample by hand.',
  ],
  missing: [
    'Nobody recorded who is in the pictures. Age, origin, skin tone and gender are unknown, so it cannot be measured whether the model reads some people worse than others. Studies of similar models have found such differences. Do not compare groups of people without a check of your own that both are read equally well.',
    'Young children and old people, people with facial palsy, and cultures whose pictures an English image search seldom returns are likely few. The raters were crowd workers of unknown origin.',
  ],
  intended: FOR,
  unintended: NOT_FOR,
}

const SPEECH: CardProse = {
  whatItDoes: [
    'It listens to stretches of 2.5 seconds of speech and says how probable each emotion word is as a description of how it was spoken: pitch, rhythm, loudness contour and timbre. It does not know the words. How loud the recording is does not matter to it; how loudness changes does.',
    'Long recordings are read in overlapping windows inside detected speech. Silence is never given an emotion.',
  ],
  data: [
    'RAVDESS speech (Livingstone and Russo 2018): professional actors speak two sentences ("Kids are talking by the door", "Dogs are sitting by the door") in eight emotions, most at two intensities, in a studio. Actors 1 to 20 are used here, half women, half men.',
    'Every figure is for actors that the network had not heard. Dividing the clips at random instead, as many publications do, gives far higher figures that no new speaker ever sees.',
  ],
  limits: [
    'The emotions are acted and clear, spoken on request, in two sentences. Spontaneous speech is fainter and mixed; expect clearly lower figures.',
    'The range between speakers is wide: some voices are read twice as well as others. With twenty actors the interval of any figure is about five points to either side.',
    'Calm and neutral are hard to tell apart, by people too; the application counts calm as neutral.',
    'Background noise, reverberation, telephone bandwidth, overlapping speakers and music make it worse. The program measures the level of noise and gives such windows less weight in fusion.',
  ],
  missing: [
    'All actors are North Americans between 21 and 33 years who speak English with a neutral accent; most describe themselves as white. Children, old people, other languages and accents, and people with voice or speech disorders are not in the data at all.',
  ],
  intended: FOR,
  unintended: [
    ...NOT_FOR,
    'Anything commercial: RAVDESS is under CC BY-NC-SA 4.0, and so is what was trained on it.',
  ],
}

const FUSION: CardProse = {
  whatItDoes: [
    'It joins what the face model and the speech model say of the same moment. The rule that the application uses adds their evidence as if the two were independent given the emotion (Bayes), after taking out how often each emotion occurred in training; a face or voice of poor quality weighs less, and one that is missing says nothing.',
    'The network for comparison joins the two inside: it is trained on both models\' outputs or features side by side ("model concatenation").',
  ],
  data: [
    "There is no free audio-visual training set of sufficient size here, so pairs are simulated: a test face and an utterance of the same emotion by different people. The rule is also measured on real pairs: RAVDESS recordings with the published outputs of other authors' visual models. Each figure says which.",
  ],
  limits: [
    'In simulated pairs face and voice agree by construction. In life they may not: irony, politeness and suppressed feelings are just that. The program marks such moments instead of hiding them in an average.',
    'Everything that limits the face model and the speech model limits their fusion.',
  ],
  missing: ['Whoever is missing from the data of the face model or of the speech model is missing here.'],
  intended: FOR,
  unintended: [
    ...NOT_FOR,
    'Anything commercial, since the speech model is part of it (RAVDESS, CC BY-NC-SA 4.0).',
  ],
}

export const CARD_PROSE: Readonly<Record<CardTask, CardProse>> = {
  'face-emotion': FACE,
  'speech-emotion': SPEECH,
  fusion: FUSION,
}
