export const merging = {
  'merging.title': 'Merge another copy of this project',
  'merging.intro':
    'Two people worked on copies of this project. Choose the folder of the other copy: it is only read. You see what would come before anything changes, and a backup is kept.',
  'merging.choose': 'Choose the other copy…',
  'merging.reading': 'Comparing the copies',
  'merging.from': 'From {name}',
  'merging.nothingNew': 'The other copy has nothing that is not here already.',
  'merging.clips': 'Comes without question',
  'merging.clip': 'Clip',
  'merging.added': 'Added',
  'merging.changed': 'Changed',
  'merging.removed': 'Removed',
  'merging.conflicts': 'Conflicts',
  'merging.study': 'Comes to the study: {names}',
  'merging.studyChanged': 'Changed in the study, as in the other copy: {names}',
  'merging.studyRemoved': 'Taken out of the study, as in the other copy: {names}',
  'merging.mapped': 'Taken for one, because they have the same name: {names}',
  'merging.onlyThere': {
    one: '{clip} is not in this project: what was said of it ({count} item) stays in the other copy. Add the clip and merge again.',
    other:
      '{clip} is not in this project: what was said of it ({count} items) stays in the other copy. Add the clip and merge again.',
  },
  'merging.open': {
    one: '{count} conflict to decide',
    other: '{count} conflicts to decide',
  },
  'merging.allDecided': 'Every conflict is decided',
  'merging.noConflicts': 'No conflicts',
  'merging.decideHint':
    'Nothing is decided for you. Both versions stay as they are in their copies until you merge.',
  'merging.allHere': 'All from here',
  'merging.allThere': 'All from the other copy',
  'merging.filter.open': 'Only those to decide',
  'merging.here': 'Here',
  'merging.there': 'Other copy',
  'merging.nothing': 'Nothing',
  'merging.take': 'Take: {side}',
  'merging.reason.both-changed': 'Changed in both copies',
  'merging.reason.removed-or-changed': 'Taken out in one copy, changed in the other',
  'merging.reason.overlap': 'Both cannot stand together',
  'merging.reason.same-history': 'Two versions with one history',
  'merging.reason.study': 'Not the same in both copies',
  'merging.reason.recording': 'Not the same recording',
  'merging.recordingHint':
    'Take “{here}”: what the other copy says of its clip stays there. Take “{there}”: the clips are one all the same, and what was said of both comes together.',
  'merging.isStudy': 'Study',
  'merging.apply': 'Merge',
  'merging.undecided': {
    one: '{count} conflict is not decided yet',
    other: '{count} conflicts are not decided yet',
  },
  'merging.applying': 'Merging',
  'merging.done': {
    one: 'Merged: {added} added, {changed} changed, {removed} removed in {count} clip',
    other: 'Merged: {added} added, {changed} changed, {removed} removed in {count} clips',
  },
  'merging.doneWithStudy': {
    one: 'Merged: {added} added, {changed} changed, {removed} removed in {count} clip; the study was changed',
    other:
      'Merged: {added} added, {changed} changed, {removed} removed in {count} clips; the study was changed',
  },
  'merging.doneStudyAlone': 'Merged: the study was changed, the clips stay as they were',
  'merging.doneNothing': 'Merged: everything stays as it was here',
  'merging.more': {
    one: '{count} more is listed when these are decided',
    other: '{count} more are listed when these are decided',
  },
} as const
