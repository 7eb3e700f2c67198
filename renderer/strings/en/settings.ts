export const settings = {
  'settings.notice.corrupt':
    'Your settings could not be read ({reason}). They were set aside as {file}, and the defaults are used',
  'settings.notice.newer':
    'Your settings were written by a newer Unmask. They were set aside unharmed as {file}, and the defaults are used',
  'settings.notice.invalid':
    'Some settings could not be used and have their defaults again: {fields}. The file as it was is kept as {file}',
  'settings.notice.unknown': 'This version does not know some of your settings and left them out: {fields}',
  'settings.notice.unwritable': 'Settings cannot be saved and will last until you close Unmask: {reason}',

  'settings.subtitle': 'Changes take effect at once and are saved by themselves',
  'settings.sections': 'Sections of the settings',
  'settings.section.appearance': 'Appearance',
  'settings.section.analysis': 'Analysis',
  'settings.section.labelling': 'Performance & models',
  'settings.section.playback': 'Playback',
  'settings.section.keys': 'Keys',
  'settings.section.colours': 'Colours',
  'settings.section.about': 'About & diagnostics',
  'settings.resetSection': 'Reset this section',
  'settings.resetAsk': 'Give every setting of “{section}” its default again?',
  'settings.toDefault': 'Back to the default: {name}',
  'settings.refused.range': 'Give a number from {min} to {max} {unit}',
  'settings.refused.whole': 'Give a whole number from {min} to {max} {unit}',
  'settings.analysisNotice':
    'These settings decide what is written in your results. Clips that are labelled already keep the settings they were made with, which stand in their .meta.json; label them again to apply a change.',

  'settings.group.look': 'Window',
  'settings.group.sampling': 'What is read',
  'settings.group.speech': 'Voice',
  'settings.group.smoothing': 'Smoothing over time',
  'settings.group.fusion': 'Face and voice together',
  'settings.group.display': 'Steadiness of the label',
  'settings.group.segments': 'Segments',
  'settings.group.trust': 'When face and voice disagree',
  'settings.group.summary': 'Summary',
  'settings.group.work': 'Labelling',
  'settings.group.exports': 'Files written beside the CSV tables',
  'settings.group.transport': 'Video and timeline',
  'settings.group.ramps': 'How far a reading is trusted',
  'settings.group.prior': 'How common each emotion is expected to be',

  'settings.appearance.theme': 'Theme',
  'settings.appearance.theme.hint': 'System follows the light or dark setting of your computer',
  'settings.appearance.theme.system': 'System',
  'settings.appearance.theme.light': 'Light',
  'settings.appearance.theme.dark': 'Dark',
  'settings.appearance.motion': 'Animation',
  'settings.appearance.motion.hint': 'Still shows no moving transitions, whatever the system says',
  'settings.appearance.motion.system': 'As the system',
  'settings.appearance.motion.reduce': 'Still',
  'settings.appearance.language': 'Language',
  'settings.appearance.language.hint': 'Files are always written in English, so that they stay comparable',
  'settings.appearance.language.en': 'English',

  'settings.analysis.modalities': 'Read emotion from',
  'settings.analysis.modalities.hint':
    'Leaving one out saves time. Fused needs both: it is read from whatever of the two is there',
  'settings.analysis.modalities.face': 'Face',
  'settings.analysis.modalities.speech': 'Voice',
  'settings.analysis.modalities.fusion': 'Fused',
  'settings.analysis.modalities.one': 'At least one must be read',
  'settings.analysis.framesPerSec': 'Frames of video to read',
  'settings.analysis.framesPerSec.hint':
    'Every frame is the most exact. 10 a second is several times quicker and still catches expressions of half a second; shorter ones may be missed',
  'settings.analysis.framesPerSec.otherwise': 'Every frame',
  'settings.analysis.framesPerSec.number': 'So many',
  'settings.analysis.speech.windowSecs': 'Length of a voice window',
  'settings.analysis.speech.windowSecs.hint':
    'So much speech is judged at a time. Longer is steadier, shorter follows quick changes; the model was measured with 2.5 s',
  'settings.analysis.speech.hopSecs': 'New voice reading every',
  'settings.analysis.speech.hopSecs.hint':
    'Shorter gives a finer timeline and takes longer; neighbouring readings share most of their speech',
  'settings.analysis.smoothing.method': 'Method',
  'settings.analysis.smoothing.method.hint':
    'Evens out flicker from frame to frame. Both directions looks ahead and does not lag; forwards sees only the past, as live reading does',
  'settings.analysis.smoothing.method.none': 'None: raw readings',
  'settings.analysis.smoothing.method.exponential': 'Moving average of the face',
  'settings.analysis.smoothing.method.markov-forward': 'Markov model, forwards',
  'settings.analysis.smoothing.method.markov': 'Markov model, both directions',
  'settings.analysis.smoothing.tauSecs': 'Time constant',
  'settings.analysis.smoothing.tauSecs.hint':
    'Larger is calmer but lags further behind, and brief expressions are flattened',
  'settings.analysis.smoothing.restartGapSecs': 'Forget after a gap of',
  'settings.analysis.smoothing.restartGapSecs.hint':
    'When nobody is seen or heard for longer than this, what came before no longer counts',
  'settings.analysis.smoothing.dwellSecs': 'An emotion usually lasts',
  'settings.analysis.smoothing.dwellSecs.hint': 'Larger makes the Markov model change its mind more rarely',
  'settings.analysis.smoothing.faceEvidenceSecs': 'Frames that count as one look',
  'settings.analysis.smoothing.faceEvidenceSecs.hint':
    'Neighbouring frames show nearly the same; larger makes the face weigh less in the Markov model',
  'settings.analysis.fusion.method': 'Method',
  'settings.analysis.fusion.method.hint':
    'Product multiplies evidence (Bayes): agreement makes it surer. Weighted mean averages probabilities, as in the published method',
  'settings.analysis.fusion.method.product': 'Product of evidence',
  'settings.analysis.fusion.method.weighted-sum': 'Weighted mean',
  'settings.analysis.fusion.faceExponent': 'Strength of the face',
  'settings.analysis.fusion.faceExponent.hint':
    '1 takes its evidence as it is; below 1 it counts less, 0 not at all',
  'settings.analysis.fusion.speechExponent': 'Strength of the voice',
  'settings.analysis.fusion.speechExponent.hint':
    '1 takes its evidence as it is; below 1 it counts less, 0 not at all',
  'settings.analysis.fusion.faceWeight': 'Weight of the face',
  'settings.analysis.fusion.faceWeight.hint':
    'Its share in the mean, before it is trusted less for a small or turned face',
  'settings.analysis.fusion.speechWeight': 'Weight of the voice',
  'settings.analysis.fusion.speechWeight.hint':
    'Its share in the mean, before it is trusted less for little or noisy speech',
  'settings.analysis.fusion.floor': 'Doubt in every model',
  'settings.analysis.fusion.floor.hint':
    'The share of chance mixed into each reading, so that no model alone can rule an emotion out. Larger makes the fused reading more cautious',
  'settings.analysis.fusion.minimumGate': 'Least trust for a fused reading',
  'settings.analysis.fusion.minimumGate.hint':
    'Where neither face nor voice is trusted so far, the row stays empty, with the reason',
  'settings.analysis.display.lead': 'A new label must lead by',
  'settings.analysis.display.lead.hint': 'In probability. Larger keeps the shown label longer',
  'settings.analysis.display.holdSecs': 'for at least',
  'settings.analysis.display.holdSecs.hint':
    'Until then the old label stays. Probabilities in the tables are not touched',
  'settings.analysis.segments.minimumSecs': 'Shortest segment',
  'settings.analysis.segments.minimumSecs.hint':
    'Shorter episodes are left out. Expressions of 0.5 to 4 s are usual',
  'settings.analysis.segments.mergeGapSecs': 'Join over gaps up to',
  'settings.analysis.segments.mergeGapSecs.hint': 'Two episodes of one emotion that are so close become one',
  'settings.analysis.segments.minimumConfidence': 'Least probability for a label',
  'settings.analysis.segments.minimumConfidence.hint':
    'Rows below it have no label and break segments. 0 labels every row, however unsure',
  'settings.analysis.segments.voteWindowSecs': 'Majority over',
  'settings.analysis.segments.voteWindowSecs.hint':
    'The label of a row is the commonest around it, which can move an edge by half of this',
  'settings.analysis.fusion.disagreement.minimumConfidence': 'Both at least so sure',
  'settings.analysis.fusion.disagreement.minimumConfidence.hint':
    'A disagreement counts when each is so sure of another emotion. Larger lists fewer moments',
  'settings.analysis.fusion.disagreement.minimumGate': 'Both trusted at least so far',
  'settings.analysis.fusion.disagreement.minimumGate.hint':
    'Small faces and noisy speech are no fair disagreement. Larger lists fewer moments',
  'settings.analysis.summary.binSecs': 'Summary over time in',
  'settings.analysis.summary.binSecs.hint':
    'Rows of summary_long.csv: the whole clip, or one row for each bin of time',
  'settings.analysis.summary.binSecs.otherwise': 'Whole clip',
  'settings.analysis.summary.binSecs.number': 'Bins of',
  'settings.analysis.summary.severalFacesShare': 'Several people from',
  'settings.analysis.summary.severalFacesShare.hint':
    'With two faces at once in this share of the frames (0 to 1) people are summarised one by one',
  'settings.analysis.summary.minimumFaceShare': 'A person counts from',
  'settings.analysis.summary.minimumFaceShare.hint': 'Seen in at least this share of the frames (0 to 1)',

  'settings.ramp.hint':
    'Every reading has a trust from 0 to 1, which decides how much face and voice weigh. It rises along a straight line between two values; several lines are multiplied',
  'settings.ramp.measure': 'Measure',
  'settings.ramp.zeroAt': 'Not trusted at',
  'settings.ramp.oneAt': 'Fully trusted at',
  'settings.ramp.same': 'The two values must differ',
  'settings.ramp.face.score': 'Face: certainty of the detector (0 to 1)',
  'settings.ramp.face.sizePx': 'Face: shorter side in the video',
  'settings.ramp.face.poseDegrees': 'Face: turned away from the camera',
  'settings.ramp.face.sharpness': 'Face: sharpness (1 is usual)',
  'settings.ramp.speech.share': 'Voice: share of speech in the window (0 to 1)',
  'settings.ramp.speech.snrDb': 'Voice: level above the noise',

  'settings.prior.hint':
    'The mix that the fused reading starts from before anything is seen or heard. Equal shares favour no emotion; a mix with much neutral makes the rest need more evidence. Any numbers will do, they are brought to 100%',
  'settings.prior.equal': 'Equal shares',
  'settings.prior.refused': 'Every share must be above 0',
  'settings.advanced': 'For experts: trust and expected mix',

  'settings.labelling.backend': 'What runs the networks',
  'settings.labelling.backend.hint':
    'Automatic takes the quickest that works here. A named one never falls back: if it does not load, labelling stops and says why',
  'settings.labelling.backend.auto': 'Automatic',
  'settings.labelling.backend.tensorflow-gpu': 'TensorFlow on the graphics card',
  'settings.labelling.backend.tensorflow': 'TensorFlow on the processor',
  'settings.labelling.backend.wasm': 'WebAssembly (always there)',
  'settings.labelling.faceModel': 'Face model',
  'settings.labelling.faceModel.hint':
    'Its figures stand in Models. Batches tell when results of another model are there',
  'settings.labelling.speechModel': 'Voice model',
  'settings.labelling.speechModel.hint':
    'Its figures stand in Models. Batches tell when results of another model are there',
  'settings.labelling.model.usual': 'Default ({id})',
  'settings.labelling.model.gone': '{id} (not found)',
  'settings.labelling.detector': 'Face detector',
  'settings.labelling.detector.hint':
    'Thorough finds turned, small and covered faces more often and takes several times longer',
  'settings.labelling.detector.tiny': 'Quick',
  'settings.labelling.detector.ssd': 'Thorough',
  'settings.labelling.jobs': 'Clips at a time',
  'settings.labelling.jobs.hint':
    'More need more memory and are rarely quicker than half the number of cores',
  'settings.labelling.jobs.otherwise': 'By cores',
  'settings.labelling.jobs.number': 'So many',
  'settings.labelling.stallSecs': 'Give a clip up after',
  'settings.labelling.stallSecs.hint':
    'Without any progress for so long it counts as damaged, and the batch goes on',
  'settings.labelling.exports.long': 'Long table (one value a row)',
  'settings.labelling.exports.long.hint': 'Tidy form for R and pandas: NAME.long.csv',
  'settings.labelling.exports.eaf': 'ELAN',
  'settings.labelling.exports.eaf.hint': 'NAME.eaf with a tier for each modality',
  'settings.labelling.exports.textgrid': 'Praat',
  'settings.labelling.exports.textgrid.hint': 'NAME.TextGrid with interval tiers',
  'settings.labelling.exports.boris': 'BORIS',
  'settings.labelling.exports.boris.hint': 'NAME.boris and a table of values to plot',
  'settings.labelling.exports.landmarks': 'Face landmarks',
  'settings.labelling.exports.landmarks.hint':
    '68 points of each face where it was looked at: NAME.landmarks.csv, large. Analyse draws them on the video',
  'settings.labelling.exports.bom': 'Tables open in Excel',
  'settings.labelling.exports.bom.hint':
    'Begins CSV files with a byte order mark, so that Excel shows accents rightly',

  'settings.playback.stepFrames': 'Long step',
  'settings.playback.stepFrames.hint': 'Frames that Shift with an arrow key goes',
  'settings.playback.wheel': 'Wheel over the timeline',
  'settings.playback.wheel.hint': 'With Ctrl held it does the other',
  'settings.playback.wheel.zoom': 'Zooms',
  'settings.playback.wheel.pan': 'Moves along',
  'settings.playback.followPlayhead': 'Keep the playhead in view',
  'settings.playback.followPlayhead.hint': 'The timeline moves along while the clip plays',

  'settings.keys.hint':
    'Choose a command and press its new key. Commands of different views may share one. Labels by hand will use digits, S, Delete and {undo}: these are kept free',
  'settings.keys.add': 'Add a key: {command}',
  'settings.keys.remove': 'Remove {chord}: {command}',
  'settings.keys.usual': 'Give the usual keys back: {command}',
  'settings.keys.press': 'Press a key…',
  'settings.keys.pressHint': 'Esc cancels',
  'settings.keys.taken': '{chord} already means “{command}”',
  'settings.keys.reserved': '{chord} is kept for labelling by hand',
  'settings.keys.fixed': '{chord} is needed to move about or to edit text',
  'settings.keys.takeOver': 'Use it here instead',

  'settings.colours.hint':
    'The colours of the seven emotions in every plot, overlay and export of a picture. The default palette stays apart for the common kinds of colour blindness',
  'settings.colours.pick': 'Colour of {emotion}',
  'settings.colours.code': 'Code of {emotion}',
  'settings.colours.badCode': 'Give a colour such as #0072b2',
  'settings.colours.preview': 'As others see it',
  'settings.colours.vision.normal': 'Usual colour vision',
  'settings.colours.vision.protan': 'Without red cones (protanopia)',
  'settings.colours.vision.deutan': 'Without green cones (deuteranopia)',
  'settings.colours.vision.tritan': 'Without blue cones (tritanopia)',
  'settings.colours.close': 'Hard to tell apart {vision}: {pairs}',
  'settings.colours.close.normal': 'with usual colour vision',
  'settings.colours.close.protan': 'without red cones',
  'settings.colours.close.deutan': 'without green cones',
  'settings.colours.close.tritan': 'without blue cones',
  'settings.colours.and': '{one} and {other}',
  'settings.colours.faint.light': 'Faint on the light plot ground: {names}',
  'settings.colours.faint.dark': 'Faint on the dark plot ground: {names}',
  'settings.colours.fine': 'All seven stay apart and show on both grounds',

  'settings.about.app': 'Unmask',
  'settings.about.version': 'Version',
  'settings.about.electron': 'Electron',
  'settings.about.chrome': 'Chromium',
  'settings.about.node': 'Node',
  'settings.about.system': 'System',
  'settings.about.processor': 'Processor',
  'settings.about.cores': '{name}, {count} cores',
  'settings.about.memory': 'Memory',
  'settings.about.backend': 'Networks run on',
  'settings.about.check': 'Check again',
  'settings.about.checking': 'Trying each backend in a process of its own…',
  'settings.about.loaded': '{description}, ready after {secs} s',
  'settings.about.notUsed': 'Not {name}: {reason}',
  'settings.about.privacy':
    'Unmask works offline. Videos, recordings and results never leave this computer, and nothing is reported to anybody.',
  'settings.about.copy': 'Copy for a report',
  'settings.about.copied': 'Copied',
} as const
